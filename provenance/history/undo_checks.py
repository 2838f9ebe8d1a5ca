"""Explains why a change cannot be taken back: a sentence for each conflict."""

from collections import defaultdict

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..db.batches import batches
from ..models import Dispute
from ..tracking.history_rows import DELETED
from ..tracking.tracked import Tracked
from ..values.stated_values import text_of
from .reading import Subject, columns, fields_between, root_of, subject_of
from .wording import called, names_of

AT_ONCE = 200  # rows that are looked up in one statement


def conflicts_in_words(conflicts):
    """A sentence for each value that was changed again since."""
    for step, now, field in conflicts:
        later = _later(step, field)
        place = {
            "record": name_of(subject_of(step.model, step.after or step.before)),
            "row": titled(step.model, now or step.after or step.before),
            "number": later,
        }
        if field is not None:
            yield _(
                "“%(record)s”: %(row)s%(field)s was made “%(made)s” and is “%(now)s” "
                "now; take back change %(number)s first."
            ) % {
                **place,
                "row": f"{place['row']}, " if step.model.owner else "",
                "field": field.verbose_name,
                "made": text_of(getattr(step.after, field.attname)),
                "now": text_of(getattr(now, field.attname)),
            }
        elif now is None:
            yield (
                _(
                    "“%(record)s”: %(row)s has been deleted; take back change "
                    "%(number)s first."
                )
                % place
            )
        else:
            yield (
                _(
                    "“%(record)s”: %(row)s has been changed; take back change "
                    "%(number)s first."
                )
                % place
            )


def _later(step, field):
    """The last change that made a row, or one field of it, what it is now."""
    key = step.model._meta.pk.attname
    rows = step.model.history.filter(
        **{key: step.key}, history_id__gte=step.last.history_id
    ).order_by("-history_id")
    following = None
    for row in rows:
        if following is not None:
            changed = fields_between(row, following, step.model)
            if following.history_type == DELETED or (
                field in changed if field else changed
            ):
                return following.change_set_id
        following = row
    return None


def titled(model, row):
    """A row as it is called in a sentence."""
    if model.owner:
        return called(model, row)
    return f"{model._meta.verbose_name} “{getattr(row, 'instance', row)}”"


def name_of(subject):
    """A record as it is called in a sentence, if it is there or was."""
    return str(names_of(subject.root, [subject.key])[subject.key])


def references_in_the_way(plan):
    """A sentence for each row that refers to what would be deleted."""
    changed = {
        (model, row.pk): row for model, rows in plan.changed.items() for row, _f in rows
    }
    for model, rows in plan.deleted.items():
        for relation in relations_to(model):
            if issubclass(relation.related_model, Dispute):
                continue
            for referring in _referring(relation, rows):
                link, place = relation.field, (_kind_of(referring), referring.pk)
                stays = changed.get(place, referring)
                gone = rows.get(getattr(stays, link.attname))
                if gone is None or referring.pk in plan.deleted.get(place[0], ()):
                    continue
                yield _(
                    "“%(record)s” is referred to by %(row)s (%(field)s), which is not "
                    "part of this; change or delete that first."
                ) % {
                    "record": gone,
                    "row": titled(place[0], referring),
                    "field": link.verbose_name,
                }


def _referring(relation, keys):
    """The rows that refer to those of these keys."""
    rows = relation.related_model._base_manager
    for part in batches(sorted(keys), AT_ONCE):
        yield from rows.filter(**{f"{relation.field.attname}__in": part})


def relations_to(model):
    """The relations by which rows with a history refer to such a record."""
    return [
        relation
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created
        and not relation.concrete
        and (relation.one_to_many or relation.one_to_one)
        and not relation.parent_link
        and issubclass(relation.related_model, Tracked)
    ]


def _kind_of(row):
    return type(getattr(row, "specific", row))


def missing(plan):
    """A sentence for each row that would refer to what is not there any more."""
    made = {(root_of(model), key) for model, rows in plan.made.items() for key in rows}
    gone = {
        (root_of(model), key) for model, rows in plan.deleted.items() for key in rows
    }
    wanted = defaultdict(list)
    for model, row, fields in [
        *(
            (model, row, columns(model))
            for model, rows in plan.made.items()
            for row in rows.values()
        ),
        *(
            (model, row, fields)
            for model, rows in plan.changed.items()
            for row, fields in rows
        ),
    ]:
        for field in fields:
            key = getattr(row, field.attname) if field.is_relation else None
            if key is not None:
                wanted[root_of(field.related_model), key].append((model, row, field))
    there = set()
    for root in {root for root, _key in wanted}:
        keys = {key for other, key in wanted if other is root}
        there |= {(root, key) for key in in_bulk(root, keys)}
    for place, rows in wanted.items():
        if place in made or (place in there and place not in gone):
            continue
        for model, row, field in rows:
            yield _(
                "%(row)s needs its %(field)s “%(name)s”, which has been deleted; "
                "restore that first."
            ) % {
                "row": capfirst(titled(model, row)),
                "field": field.verbose_name,
                "name": name_of(Subject(*place)),
            }


def refusals_of(row, changed=None):
    """What the rules of its model say against a row.

    Where only some columns are ``changed``, by name, others are as right as before.
    """
    others = set()
    if changed is not None:
        others = {column.name for column in row._meta.concrete_fields} - changed
    try:
        row.clean()
        row.validate_unique(exclude=others)
        if changed is None or _is_ruled(row, changed):
            row.validate_constraints()
    except ValidationError as error:
        name = capfirst(titled(type(row), row))
        return [f"{name}: {said}" for said in error.messages]
    except ObjectDoesNotExist:
        return []  # what it belongs to was refused, and that has been said
    return []


def _is_ruled(row, names):
    """Whether a constraint reads one of these columns, or what is derived from it."""
    return any(
        name in str(rule)
        for _model, rules in row.get_constraints()
        for rule in rules
        for name in names
    )


def in_bulk(model, keys):
    """The rows of these keys that there are, by key."""
    found = {}
    for part in batches(sorted(keys), AT_ONCE):
        found |= model._base_manager.in_bulk(part)
    return found
