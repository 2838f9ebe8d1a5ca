"""What led to an event and what came of it, drawn: events in time, joined by arcs.

Events that are linked with it stand beneath each other in order of time, with those
that are linked with these as far as there is room; an arc for each link runs beside
them, from cause to effect. All events are lines of equal height, so that the drawing
fits beside the list at any width.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch, Q, prefetch_related_objects
from django.utils.translation import gettext_lazy

from provenance.evidence.visibility import known_disputes_of, public_rows

from ..models import Agreement, Event, EventLink

NEAR = 30  # events linked with it; the API tells of all
DRAWN = 12  # with those that are linked with them
EDGES = 200  # links that are looked at around them
LINE = 64  # the height of an event, and how wide the arcs are, in units of the drawing
WIDTH, LEAST, A_STEP = 64, 14, 10

Kind = EventLink.Kind
CONCLUDED = "concluded"  # between a meeting and the agreement that came out of it
# Read from an event that is drawn, how it stands to the one whose page it is: where the
# link is read from there, and where it is read from the page's own.
WORDS = {
    Kind.RESULTED_IN: (gettext_lazy("resulted in this"), gettext_lazy("came of this")),
    Kind.FOLLOWS: (gettext_lazy("followed this"), gettext_lazy("came before this")),
    Kind.PART_OF: (gettext_lazy("is part of this"), gettext_lazy("includes this")),
    Kind.IN_EXCHANGE_FOR: (gettext_lazy("in exchange for this"),) * 2,
    Kind.SUPERSEDES: (
        gettext_lazy("supersedes this"),
        gettext_lazy("was superseded by this"),
    ),
    Kind.POSSIBLY_SAME_AS: (gettext_lazy("possibly the same as this"),) * 2,
    CONCLUDED: (
        gettext_lazy("was where this was concluded"),
        gettext_lazy("was concluded at this"),
    ),
}
# What of two linked events comes first: the one that the link is read from, or the
# other; where neither does, the arc has no head.
FORWARDS = {Kind.RESULTED_IN, CONCLUDED}
BACKWARDS = {Kind.FOLLOWS, Kind.SUPERSEDES}


@dataclass(frozen=True)
class Edge:
    """One link between two events, read from the first of them."""

    event: Event
    kind: str
    target: Event

    @property
    def ends(self):
        """The two in the order of cause and effect, where there is one."""
        ends = self.event, self.target
        return ends[::-1] if self.kind in BACKWARDS else ends

    @property
    def has_head(self):
        return self.kind in FORWARDS | BACKWARDS

    def words_for(self, here):
        """How the other of the two stands to the event of the page."""
        from_there, from_here = WORDS[self.kind]
        return from_here if self.event.pk == here.pk else from_there


@dataclass
class Node:
    """One event in its line."""

    event: Event
    is_here: bool
    y: float = 0
    words: list = field(default_factory=list)  # how it stands to the page's own event


@dataclass(frozen=True)
class Arc:
    """The path of one link, and that of its head if it has one."""

    path: str
    head: str


@dataclass(frozen=True)
class Drawing:
    """The events from the first to the last, the arcs, and what is left out."""

    nodes: list[Node]
    arcs: list[Arc]
    more: int

    width, line = WIDTH, LINE

    @property
    def height(self):
        return LINE * len(self.nodes)


def linked_events(event):
    """The drawing of what is linked with an event; None if nothing is."""
    edges = _edges_of(event)
    near = {}
    for edge in edges:
        other = edge.target if edge.event.pk == event.pk else edge.event
        near.setdefault(other.pk, Node(other, False)).words.append(
            edge.words_for(event)
        )
    if not near:
        return None
    more = max(len(near) - NEAR, 0)
    nodes = {event.pk: Node(event, True), **dict(list(near.items())[:NEAR])}
    edges += _edges_between(nodes, known=edges)
    for edge in edges:
        for one in edge.ends:
            if len(nodes) < DRAWN and one.pk not in nodes:
                nodes[one.pk] = Node(one, False)
    ordered = _in_order(nodes, edges)
    events = [node.event for node in ordered]
    Event.look_up_grounds(events)
    disputes = Prefetch("disputes", known_disputes_of(Event, everything=False))
    others = [node.event for node in ordered if not node.is_here]
    prefetch_related_objects(others, disputes)
    for place, node in enumerate(ordered):
        node.y = LINE * (place + 0.5)
    drawn = [e for e in edges if all(one.pk in nodes for one in e.ends)]
    return Drawing(ordered, [_arc(edge, nodes) for edge in drawn], more)


def _in_order(nodes, edges):
    """The nodes in order of time, with causes before what they led to."""
    waiting = sorted(nodes.values(), key=lambda node: _in_time(node.event))
    causes = {key: set() for key in nodes}
    for edge in edges:
        cause, effect = (one.pk for one in edge.ends)
        if edge.has_head and cause in nodes and effect in nodes:
            causes[effect].add(cause)
    ordered = []
    while waiting:
        left = {node.event.pk for node in waiting}
        ready = (node for node in waiting if not causes[node.event.pk] & left)
        ordered.append(next(ready, waiting[0]))  # none is ready in a circle
        waiting.remove(ordered[-1])
    return ordered


def _in_time(event):
    """Of what has no first day the last one counts; without either it comes last."""
    has_first = event.start_earliest > date.min
    day = event.start_earliest if has_first else event.start_latest
    return day, has_first, event.pk


def _edges_of(event):
    """The links of an event that is read for the public, and what it concluded."""
    edges = [Edge(event, row.kind, row.target) for row in event.links.all()]
    edges += [Edge(row.event, row.kind, event) for row in event.links_here.all()]
    concluded = Agreement.objects.published().filter(concluded_at=event.pk)
    edges += [Edge(event, CONCLUDED, one) for one in concluded[:NEAR]]
    if isinstance(event, Agreement) and event.concluded_at is not None:
        edges.append(Edge(event.concluded_at, CONCLUDED, event))
    return edges


def _edges_between(nodes, known):
    """The other links of the events that are drawn."""
    rows = EventLink.objects.filter(Q(event__in=nodes) | Q(target__in=nodes))
    rows = public_rows(rows, ["event", "target"]).select_related("event", "target")
    drawn = {(edge.event.pk, edge.kind, edge.target.pk) for edge in known}
    return [
        Edge(row.event, row.kind, row.target)
        for row in rows.order_by("pk")[:EDGES]
        if (row.event_id, row.kind, row.target_id) not in drawn
    ]


def _arc(edge, nodes):
    start, end = (nodes[one.pk].y for one in edge.ends)
    reach = min(WIDTH - 12, LEAST + A_STEP * abs(end - start) / LINE)
    right, left = WIDTH - 8, WIDTH - 8 - reach * 4 / 3
    path = f"M{right} {start}C{left:.1f} {start} {left:.1f} {end} {right} {end}"
    head = f"M{right} {end}l-8-4.5v9z" if edge.has_head else ""
    return Arc(path, head)
