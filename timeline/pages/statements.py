"""Statements on the pages of who made them, where, about what and of whom."""

from django.utils.translation import gettext as _

from provenance.pages.first_part import first_part
from provenance.pages.records import Section

from ..models import Statement

NEWEST = ["-start_earliest", "-id"]


def statements_section(page, statements, **narrowing):
    """The newest of these statements; ``narrowing`` finds them in their list."""
    return _section(page, "statements", _("Statements"), statements, narrowing)


def said_about(page, record, rows):
    """What was said of a record, which rows of this kind name."""
    said = rows.objects.filter(**{rows.named: record.pk}).order_by()
    found = Statement.objects.filter(pk__in=said.values("statement"))
    title, narrowing = _("What was said about it"), {f"about_{rows.named}": record.slug}
    return _section(page, "said-about", title, found, narrowing)


def _section(page, key, title, statements, narrowing):
    part = first_part(page, statements, NEWEST, whole=True, **narrowing)
    if not part.records:
        return None
    return Section(key, title, "timeline/statements.html", {"part": part})
