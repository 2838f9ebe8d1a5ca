"""Lists of related records, written row by row so that each row has its history."""

from django.core.exceptions import ValidationError


class RefusedItem(ValidationError):
    """A record that the list of another one cannot hold: ``item`` is that record."""

    def __init__(self, item, error):
        super().__init__(error.messages)
        self.item = item


def replace_list(record, field, wanted, reason=None):
    """Makes a many-to-many field of a record these records; whether that changed it.

    Raises RefusedItem for one that the model refuses; then the caller undoes the rest.
    """
    through = field.remote_field.through
    owner, other = field.m2m_field_name(), field.m2m_reverse_field_name()
    rows = {
        getattr(row, f"{other}_id"): row
        for row in through._default_manager.filter(**{owner: record})
    }
    wanted = {item.pk: item for item in wanted}
    gone, new = rows.keys() - wanted.keys(), wanted.keys() - rows.keys()
    for key in sorted(gone):
        rows[key]._change_reason = reason
        rows[key].delete()
    for key in sorted(new):
        row = through(**{owner: record, other: wanted[key]})
        row._change_reason = reason
        try:
            row.full_clean()
        except ValidationError as error:
            raise RefusedItem(wanted[key], error) from None
        row.save()
    return bool(gone or new)
