"""Statements on the pages of who made them, where, about what and of whom."""

from dataclasses import replace

from django.utils.translation import gettext as _

from provenance.pages.first_part import first_part
from provenance.pages.records import Section

from ..models import Statement

NEWEST = ["-start_earliest", "-id"]


def statements_section(page, statements, **narrowing):
    """The newest of these statements; ``narrowing`` finds them in their list."""
    return _section(page, "statements", _("Statements"), statements, narrowing)


def said_at(page, event):
    """What was said at an event, by who said it and in which offices."""
    found = Statement.objects.filter(event=event.pk)
    section = statements_section(page, found, event=event.slug)
    if section is None:
        return None
    speakers = {}
    for one in section.part.records:
        offices = [each for each in one.capacities.all() if each.is_public]
        key = one.speaker, *offices
        speakers.setdefault(key, (one.speaker, offices, []))[2].append(one)
    content = section.content | {"speakers": list(speakers.values())}
    return replace(section, template="timeline/speakers.html", content=content)


def said_about(page, record, rows):
    """What was said of a record, which rows of this kind name."""
    said = rows.objects.filter(**{rows.named: record.pk}).order_by()
    found = Statement.objects.filter(pk__in=said.values("statement"))
    title, narrowing = _("Named in statements"), {f"about_{rows.named}": record.slug}
    return _section(page, "said-about", title, found, narrowing)


def _section(page, key, title, statements, narrowing):
    part = first_part(page, statements, NEWEST, whole=True, **narrowing)
    if not part.records:
        return None
    return Section(key, title, "timeline/statements.html", {"part": part})
