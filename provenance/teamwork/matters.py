"""What waits for somebody: what is assigned to them, said to them, changed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from ..history.reading import tracked_models
from ..models import Assignment, ChangeSet, Comment, Watch
from ..models.beside import led_to
from ..registry.kinds import record_types

AT_ONCE, LOOKED_AT = 20, 200
RECENT = 5_000  # changes in which those of what is watched are looked for
TOLD = 200  # rows of one sort among them


@dataclass(frozen=True)
class Matter:
    """Something that is told to somebody: of which record, by whom, when, and what."""

    sort: str
    type: str
    slug: str
    by: object
    at: datetime
    text: str = ""
    number: int = 0  # of the change, if it is one


def assigned_to(user, since=None):
    """What somebody is asked to see to, and has not done yet."""
    given = Assignment.objects.filter(to=user, done_at=None).select_related("by")
    if since:
        given = given.filter(at__gt=since).exclude(by=user)
    return [
        Matter("assigned", one.type, one.slug, one.by, one.at, one.note)
        for one in given[:AT_ONCE]
    ]


def said_to(user, since=None):
    """The open threads in which somebody is named, or answered by somebody else."""
    named = Q(mentions=user) | Q(answers__mentions=user)
    threads = Comment.objects.filter(thread=None, resolved_at=None)
    threads = threads.filter(named | Q(author=user) | Q(answers__author=user))
    said = Comment.objects.filter(thread=OuterRef("pk")).order_by("-at").values("at")
    threads = threads.annotate(last=Coalesce(Subquery(said[:1]), "at")).distinct()
    latest = threads.order_by("-last", "-pk")[:LOOKED_AT]
    found = []
    for thread in latest.prefetch_related(
        "answers__author", "answers__mentions", "mentions"
    ):
        several = [thread, *thread.answers.all()]
        last = several[-1]
        takes_part = any(one.author_id == user.pk for one in several[:-1])
        is_named = any(user in one.mentions.all() for one in several)
        if last.author_id == user.pk or not (takes_part or is_named):
            continue
        if since is None or last.at > since:
            found.append(
                Matter("said", last.type, last.slug, last.author, last.at, last.text)
            )
    return found[:AT_ONCE]


def changed_for(user, after):
    """The changes after this one, by others, of what somebody watches; the last first.

    A record is changed by what is written of it, and by what is written that names it:
    a meeting of an official, a citation of an agency.
    """
    watched = defaultdict(dict)
    for watch in Watch.objects.filter(user=user):
        watched[watch.type][watch.slug] = watch
    if not watched:
        return []
    last = ChangeSet.objects.aggregate(last=Max("number"))["last"] or 0
    after, touched = max(after, last - RECENT), defaultdict(set)
    for name, slugs in watched.items():
        kind = record_types().get(name)
        if kind is None:
            continue
        led = led_to(name, slugs)
        rows = kind._base_manager.filter(slug__in=set(led.values()))
        keys = {slug: key for key, slug in rows.values_list("pk", "slug")}
        slug_of = {
            keys[now]: slug
            for slug, now in led.items()
            # Of the record that it was, and of no later one of this slug.
            if now in keys and (now != slug or slugs[slug].key in (None, keys[now]))
        }
        for model, column in _touching(kind) if slug_of else ():
            written = model.history.filter(
                **{f"{column}__in": list(slug_of)}, change_set__gt=after
            ).exclude(change_set__user=user)
            pairs = written.order_by("-change_set").values_list("change_set", column)
            for number, key in pairs[:TOLD]:
                if number > slugs[slug_of[key]].since:
                    touched[number].add((name, slug_of[key]))
    latest = sorted(touched, reverse=True)[:AT_ONCE]
    changes = ChangeSet.objects.select_related("user").in_bulk(latest)
    return [
        Matter("changed", *place, one.user, one.at, one.reason, number)
        for number in latest
        for one in [changes[number]]
        for place in sorted(touched[number])[:3]
    ]


def _touching(kind):
    """The tables whose rows are of such a record or name one, each with its column."""
    ours = {kind, *kind._meta.all_parents}
    for model in tracked_models():
        if model is kind:
            yield model, model._meta.pk.attname
        for column in model._meta.concrete_fields:
            related = column.related_model if column.is_relation else None
            if related in ours and not column.remote_field.parent_link:
                yield model, column.attname
