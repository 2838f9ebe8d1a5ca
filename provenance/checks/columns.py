"""Checks that each derived column holds what follows from its text."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..tracking.tracked import SearchTextField, SortKeyField
from ..values.bounds import Bound, BoundedTextField
from .base import Rule, as_text, shown, tracked_tables, type_and_slug

FOR_FINDING = SearchTextField | SortKeyField


class StaleBounds(Rule):
    """Derived columns that hold something else than what follows from their text.

    All is read as the text that the database holds, since a value that was damaged
    there could not be read otherwise.
    """

    name = "stale-bounds"
    meaning = gettext_lazy(
        "stored bounds and search texts that are out of date, and "
        "values that are not valid"
    )

    def broken(self):
        for model in tracked_tables():
            yield from self._of(model)

    def _of(self, model):
        fields = model._meta.concrete_fields
        texts = [field for field in fields if isinstance(field, BoundedTextField)]
        derived = [field for field in fields if isinstance(field, Bound | FOR_FINDING)]
        if not derived:
            return
        read = {field.name for field in texts}
        for field in derived:
            if isinstance(field, FOR_FINDING):
                read |= set(field.read_columns(model))
        names = [*read, *(field.name for field in derived)]
        rows = (
            model._base_manager.annotate(
                **{f"{name}_held": as_text(name) for name in names},
                **type_and_slug(model),
            )
            .order_by()
            .values_list("of_type", "of_slug", *(f"{name}_held" for name in names))
        )
        link = model.owner and model._meta.get_field(model.owner).remote_field
        prefix = f"{link.related_name}." if link else ""
        for kind, slug, *values in rows.iterator():
            held = dict(zip(names, values, strict=True))
            record = model(**{name: held[name] for name in read})
            for field, message in self._faults(record, texts, derived, held):
                yield kind, slug, prefix + field.name, message

    def _faults(self, record, texts, derived, held):
        unread = set()
        for field in texts:
            try:
                field.to_python(held[field.name])
            except ValidationError as error:
                unread.add(field.name)
                yield field, " ".join(error.messages)
        for field in derived:
            if isinstance(field, FOR_FINDING):
                right = field.derive(record)
            elif unread & {field.of, *getattr(record, "span", ())}:
                continue  # nothing follows from a text that is no value
            else:
                right = getattr(record, field.attname)
            if _read(field, held[field.name]) != right:
                yield (
                    field,
                    _(
                        "The column holds “%(held)s”, and “%(right)s” follows from "
                        "what it is derived from; save the record again."
                    )
                    % {"held": shown(held[field.name]), "right": shown(right)},
                )


def _read(field, text):
    """The value of a column by what it holds; the text itself if that is no value."""
    try:
        return field.to_python(text)
    except ValidationError:
        return text
