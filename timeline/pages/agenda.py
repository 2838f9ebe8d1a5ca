"""The agenda of an event: its themes, with what was said and concluded on each."""

from dataclasses import dataclass, field

from provenance.evidence.visibility import public_rows

from ..models import Meeting, Provision, Statement, Theme

MOST = 100  # provisions of what was concluded at it


@dataclass
class Point:
    """One theme: the statements on it, and what agreements provide of it."""

    theme: Theme
    statements: list[Statement] = field(default_factory=list)
    provisions: list[Provision] = field(default_factory=list)

    @property
    def said(self):
        """Who said something on it, each with the statements of each kind."""
        found = {}
        for statement in self.statements:
            kinds = found.setdefault(statement.speaker, {})
            kinds.setdefault(statement.kind, []).append(statement)
        return [(speaker, list(kinds.values())) for speaker, kinds in found.items()]

    @property
    def is_told(self):
        """Whether it is known what was said or concluded on it."""
        return bool(self.statements or self.provisions)


def agenda_of(event, statements):
    """What an event was about, of which most was said first.

    The statements are those made at it, with their themes. What is a theme of one of
    them alone belongs to the agenda as well.
    """
    points = {theme.pk: Point(theme) for theme in event.themes.all()}
    for statement in statements:
        for theme in statement.themes.all():
            points.setdefault(theme.pk, Point(theme)).statements.append(statement)
    if isinstance(event, Meeting):
        for provision in _provisions_concluded_at(event):
            point = points.setdefault(provision.theme_id, Point(provision.theme))
            point.provisions.append(provision)
    return sorted(
        points.values(),
        key=lambda one: (
            -len(one.statements) - len(one.provisions),
            one.theme.in_words,
        ),
    )


def _provisions_concluded_at(meeting):
    rows = Provision.objects.filter(
        agreement__concluded_at=meeting.pk, theme__isnull=False
    )
    rows = public_rows(rows, ["agreement", "theme"])
    return rows.select_related("agreement", "theme").order_by("agreement", "position")[
        :MOST
    ]
