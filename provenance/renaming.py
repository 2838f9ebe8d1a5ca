"""A record gets another slug, and its old addresses go on leading to it."""

from django.db import transaction

from .models import Citation, Redirect
from .statements import join_list, split_list


@transaction.atomic
def rename(record, slug):
    """Gives a record this slug; ValidationError if it is taken or is no slug.

    What sources state of it by its slug is rewritten, so that it still means the same.
    """
    former, kind = record.slug, record.type_name()
    if slug == former:
        return
    reason = f"renamed from {former}"
    Redirect.objects.filter(type=kind, slug=slug, target=former).delete()  # back again
    record.slug = slug
    record._change_reason = reason
    record.full_clean()
    record.save()
    for redirect in Redirect.objects.filter(type=kind, target=former):
        redirect.target = slug
        redirect.save()
    Redirect.objects.create(type=kind, slug=former, target=slug)
    for citation in _naming(type(record), former):
        items = split_list(citation.stated)
        citation.stated = join_list(slug if it == former else it for it in items)
        citation._change_reason = reason
        citation.save()


def current_slug(model, slug):
    """The slug now borne by what once bore this one; None if nothing did."""
    types = [kind.type_name() for kind in _with_kinds(model)]
    found = Redirect.objects.filter(type__in=types, slug=slug).first()
    return found.target if found else None


def bearing(records, slug):
    """The one of these records that bears this slug, or bore it once; or None."""
    found = records.filter(slug=slug).first()
    if found is None and (now := current_slug(records.model, slug)):
        found = records.filter(slug=now).first()
    return found


def _naming(model, slug):
    """The citations in which a source names a record of the model by this slug."""
    for citations in Citation.__subclasses__():
        names = {
            name
            for holder in _with_kinds(citations.cited_model())
            for name in holder.citable
            if _names(holder, name, model)
        }
        for citation in citations.objects.filter(
            field__in=names, stated__contains=slug
        ):
            if slug in split_list(citation.stated):
                yield citation


def _with_kinds(model):
    """A model and those that extend its table."""
    yield model
    for kind in model.__subclasses__():
        yield from _with_kinds(kind)


def _names(holder, name, model):
    """Whether a field of the holder names records of the model."""
    if name in holder.lists:
        return model in holder.lists[name]
    return holder._meta.get_field(name).related_model is model
