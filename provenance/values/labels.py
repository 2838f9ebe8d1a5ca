"""What readers call the fields of a record."""

from django.utils.translation import gettext as _


def field_label(model, name):
    """What a citable field is called, in lower case; without one, the record."""
    if not name:
        return _("record")
    # A list has no name of its own, unless it is a column.
    label = getattr(model._meta.get_field(name), "verbose_name", "")
    return str(label or _(name.replace("_", " ")))
