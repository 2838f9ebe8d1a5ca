"""Looks up existing records by the names, keys and columns of a foreign file."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db.models import Q

from ...db.batches import batches
from ...models import Redirect
from ...models.renaming import all_bearing, with_kinds
from ...values.text import normalized


def on_record(model, slugs):
    """Those of these slugs that a record bears, or bore, and the slug it bears now."""
    found = {}
    for part in batches(slugs):
        bearing = all_bearing(model._base_manager.all(), part)
        found |= {slug: now for slug, (_key, now) in bearing.items()}
    return found


def taken(model, slugs):
    """Those of these slugs that a new record of the model cannot have."""
    # Events of all kinds share one set of slugs: that of the table with the column.
    holder, borne = model._meta.get_field("slug").model, set()
    types = [kind.type_name() for kind in with_kinds(model)]
    for part in batches(slugs):
        for rows in (
            holder._base_manager,
            Redirect.objects.filter(type__in=types),
        ):
            borne.update(rows.filter(slug__in=part).values_list("slug", flat=True))
    return borne


def named(model, texts):
    """The slugs of the records with exactly this name, by the name."""
    forms, found = defaultdict(set), defaultdict(set)
    for text in texts:
        forms[normalized(text)].add(text)
    paths = [model.label_field]
    if any(other.name == "names" for other in model._meta.related_objects):
        paths.append("names__text")
    for path in paths:
        for part in batches(forms):
            rows = model._base_manager.filter(**{f"{path}__in": part})
            for name, slug in rows.values_list(path, "slug"):
                for text in forms.get(name, ()):  # a database may compare loosely
                    found[text].add(slug)
    return found


def identified(model, scheme, values):
    """The slugs of the records with these identifiers, by the identifier."""
    found = defaultdict(set)
    for part in batches(values):
        rows = model._base_manager.filter(
            identifiers__scheme=scheme, identifiers__value__in=part
        )
        for value, slug in rows.values_list("identifiers__value", "slug"):
            found[value].add(slug)
    return found


def identifiers_of(model, scheme, slugs):
    """The identifiers that records bear, by their slugs."""
    found = defaultdict(set)
    rows = model._base_manager.filter(slug__in=slugs, identifiers__scheme=scheme)
    for slug, value in rows.values_list("slug", "identifiers__value"):
        found[slug].add(value)
    return found


def with_cells(section, columns, keys):
    """The slugs of the records whose columns hold these cells, by the cells."""
    fields = [section.resource.fields[column] for column in columns]
    texts, found = [field.column().text for field in fields], defaultdict(set)
    for part in batches(keys):
        condition = Q()
        for place, field in enumerate(fields):
            name = field.django_field.name
            path = f"{name}__slug" if field.is_relation else name
            cells = {key[place] for key in part}
            # NULL is in no list; what is found is compared below all the same.
            if not (field.is_relation and "" in cells):
                wanted = [cell for cell in cells if _may_hold(field, cell)]
                condition &= Q(**{f"{path}__in": wanted})
        rows = section.model._base_manager.filter(condition)
        for slug, *cells in rows.values_list("slug", *texts):
            found[tuple(cells)].add(slug)
    return found


def _may_hold(field, cell):
    """Whether a field can hold a cell at all; the import says it where it cannot."""
    if field.is_relation:
        return True
    try:
        field.django_field.to_python(cell)
    except ValidationError:
        return False
    return True
