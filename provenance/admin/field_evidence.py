"""What stands beside each field of a form: who says so, and what will be cited."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..values.labels import field_label

SHOWN = 10  # citations of one field; the others are in their tab


def evidence_of(kind, supports, current):
    """The citations of each citable field of a record, and how a page calls them.

    ``supports`` has each label with what sources say of the field. ``current`` is the
    source that is being entered, if there is one.
    """
    found = {support.field: support for _label, support in supports}
    return {
        "fields": [
            {
                "name": name,
                "label": str(field_label(kind, name)),
                "rows": _rows_of(kind, name) if name else "",
                **_of_a_field(found.get(name), current),
            }
            for name in ("", *kind.citable)
        ],
        "current": current and {"key": current.pk, "title": str(current)},
        "words": {
            "none": _("no source"),
            "cite": _("Cite"),
            "cite_current": _("Cite the current source"),
            "choose": _("Cite a source"),
            "locator": _("Locator, such as p. 4"),
            "no_locator": _("no locator"),
            "will_be_cited": _("Will be cited when you save"),
            "waiting": _("will be cited"),
            "remove": _("Do not cite"),
            "cite_all": _("Cite for all that is filled in"),
            "several": _("Cite for several fields"),
            "more": _("All citations"),
            "nothing": _("No source is cited for this field."),
        },
    }


def _rows_of(kind, name):
    """What the rows of a list are called in a form, where a form has rows of it."""
    field = kind._meta.get_field(name)
    if not field.many_to_many:
        return name
    owner = field.remote_field.through._meta.get_field(field.m2m_field_name())
    return owner.remote_field.get_accessor_name()


def _of_a_field(support, current):
    if support is None:
        return {
            "mark": "",
            "disputed": False,
            "by_current": False,
            "citations": [],
            "more": 0,
        }
    against = list(support.contradicting)
    several = [*against, *support.supporting, *support.consistent]
    number = len(several)
    return {
        "mark": ngettext("%d source", "%d sources", number) % number,
        "disputed": any(not citation.is_settled for citation in against),
        "by_current": current is not None
        and any(one.source == current for one in several),
        "citations": [_told(one, one in against) for one in several[:SHOWN]],
        "more": max(0, number - SHOWN),
    }


def _told(citation, is_against):
    return {
        "source": str(citation.source),
        "locator": citation.locator,
        "stated": citation.stated,
        "standing": _("disagrees") if is_against else "",
    }
