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
                **_of_a_field(found.get(name)),
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
            "remove": _("Do not cite"),
            "several": _("Cite for several fields"),
            "more": _("All citations"),
            "nothing": _("No source is cited for this field."),
        },
    }


def _of_a_field(support):
    if support is None:
        return {"mark": "", "disputed": False, "citations": [], "more": 0}
    against = list(support.contradicting)
    several = [*against, *support.supporting, *support.consistent]
    number = len(several)
    return {
        "mark": ngettext("%d source", "%d sources", number) % number,
        "disputed": any(not citation.is_settled for citation in against),
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
