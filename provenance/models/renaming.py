"""Renames a record: its old slug redirects to the new one."""

from django.db.models import Q

from ..db.batches import Among
from ..tracking.changes import ChangeSet, changing
from ..values.stated_values import join_list, split_list
from . import Citation, Distinction, Redirect


def rename(record, slug):
    """Gives a record this slug; ValidationError if it is taken or is no slug.

    What sources state of it by its slug is rewritten, so that it still means the same.
    """
    if slug != record.slug:
        with changing(ChangeSet.Path.RENAME, reason=f"renamed from {record.slug}"):
            _rename(record, slug)


def _rename(record, slug):
    former, kind = record.slug, record.type_name()
    Redirect.objects.filter(type=kind, slug=slug, target=former).delete()  # back again
    record.slug = slug
    record.full_clean()
    record.save()
    lead(type(record), former, slug)


def lead(model, former, slug):
    """Makes every mention of a slug that nothing bears any more lead to another."""
    kind = model.type_name()
    for redirect in Redirect.objects.filter(type=kind, target=former):
        redirect.target = slug
        redirect.save()
    Redirect.objects.create(type=kind, slug=former, target=slug)
    for citation in naming(model, former):
        citation.stated = _with_slug(citation.stated, former, slug)
        citation.checked_against = _with_slug(citation.checked_against, former, slug)
        citation.save()
    named = Q(one=former) | Q(other=former)
    for distinction in Distinction.objects.filter(named, type=kind):
        _rewrite(distinction, former, slug)


def _rewrite(distinction, former, slug):
    """Names the slug where the former one stood, unless that is on record already."""
    pair = {distinction.one, distinction.other} - {former}
    one, other = sorted((*pair, slug))
    known = Distinction.objects.filter(type=distinction.type, one=one, other=other)
    if one == other or known.exists():
        distinction.delete()
        return
    distinction.one, distinction.other = one, other
    distinction.save()


def current_slug(model, slug):
    """The slug now borne by what once bore this one; None if nothing did."""
    types = [kind.type_name() for kind in with_kinds(model)]
    found = Redirect.objects.filter(type__in=types, slug=slug).first()
    return found.target if found else None


def bearing(records, slug):
    """The one of these records that bears this slug, or bore it once; or None."""
    found = records.filter(slug=slug).first()
    if found is None and (now := current_slug(records.model, slug)):
        found = records.filter(slug=now).first()
    return found


def each_bearing(records, slugs):
    """The one of these records that bears each slug, or bore it once, by slug."""
    found = {record.slug: record for record in records.filter(slug__in=slugs)}
    if unknown := [slug for slug in slugs if slug not in found]:
        former = all_bearing(records, unknown)
        now = records.in_bulk([key for key, _slug in former.values()])
        found |= {slug: now[key] for slug, (key, _slug) in former.items()}
    return found


def all_bearing(records, slugs):
    """For each slug that one of these records bears, or bore: its key and its slug."""
    bears = {slug: (key, slug) for key, slug in _keys(records, slugs)}
    if unknown := [slug for slug in slugs if slug not in bears]:
        types = [kind.type_name() for kind in with_kinds(records.model)]
        former = Redirect.objects.filter(type__in=types, slug__in=unknown)
        leads = dict(former.values_list("slug", "target"))
        now = {slug: key for key, slug in _keys(records, leads.values())}
        bears.update(
            (slug, (now[target], target))
            for slug, target in leads.items()
            if target in now
        )
    return bears


def _keys(records, slugs):
    return records.filter(slug__in=Among(slugs)).values_list("pk", "slug")


def naming(model, slug):
    """The citations in which a source names a record of the model by this slug."""
    for citations in Citation.__subclasses__():
        names = {
            name
            for holder in with_kinds(citations.cited_model())
            for name in holder.citable
            if _names(holder, name, model)
        }
        named = Q(stated__contains=slug) | Q(checked_against__contains=slug)
        for citation in citations.objects.filter(named, field__in=names):
            texts = (citation.stated, citation.checked_against)
            if any(slug in split_list(text) for text in texts):
                yield citation


def _with_slug(text, former, slug):
    """A list of slugs in its text form, with one of them changed."""
    items = split_list(text)
    if former not in items:
        return text
    return join_list(slug if item == former else item for item in items)


def with_kinds(model):
    """A model and those that extend its table."""
    yield model
    for kind in model.__subclasses__():
        yield from with_kinds(kind)


def _names(holder, name, model):
    """Whether a field of the holder names records of the model."""
    if name in holder.lists:
        return model in holder.lists[name]
    return holder._meta.get_field(name).related_model is model
