"""What a record is or was called, on its page."""

from django.utils.translation import gettext as _

from provenance.pages.addresses import page_of
from provenance.pages.facts import fact_of, unnamed
from provenance.pages.records import Section
from provenance.web.time_axis import drawing_of


def names_section(page, record):
    """The names that it went or goes by, and when."""
    rows = list(record.names.all())
    if not rows:
        return None
    fact = fact_of(record, "names", page.disputes.get("names", []))
    dated = [(row.text, "", [(row, row.text, page_of(record), "")]) for row in rows]
    drawing = drawing_of(dated, _("Names over time"))
    return Section(
        "names",
        _("Names"),
        "timeline/names.html",
        {
            "rows": rows,
            "unnamed": unnamed(record, "names", [row.text for row in rows]),
            "fact": fact,
            "drawing": drawing,
        },
    )
