"""What many records come to, as pages: a drawing, a table, and the same as CSV."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from entities.models import Place
from provenance.models import Dispute
from provenance.pages.addresses import in_other_forms, page_of
from provenance.pages.base import Misasked, Page
from provenance.pages.lists import checked_filter

from ..aggregates import PERIODS, PLACE
from ..api_aggregates.grouping import left_out
from .bars import bars_of

LISTED = 150  # rows; CSV has all
OPEN, SETTLED = Dispute.State
NOTHING = "–"  # a cell that has nothing to say
TOGETHER = "none"  # as a period: no periods are told apart
PLACES = (PLACE, "country", "state", "city")  # the ways to group that a form offers


def state_of(group):
    """Open if a dispute about something in a group is, or else settled."""
    if not group.disputed:
        return ""
    return SETTLED if group.settled == group.disputed else OPEN


def in_dispute(group):
    """How much of a group is in dispute, in words."""
    is_open = group.disputed - group.settled
    told = [_("%d disputed") % is_open] if is_open else []
    told += [_("%d settled") % group.settled] if group.settled else []
    return ", ".join(told)


class AggregatePage(Page):
    """What records come to, by one thing (``by``) and by periods (``period``)."""

    template_name = "timeline/aggregate.html"
    parameters = ("by", "period")
    chosen = ("by", "period")  # in the form; what else is asked is kept
    model = None
    filter_class = None
    reasons = {}  # of what is in no row
    counted = ""  # the attribute of a group that says of how many it is

    def read_parameters(self):
        if "group_by" in self.request.GET:
            message = _("group_by is a parameter of the API; name here by and period.")
            raise Misasked([message])
        return super().read_parameters()

    def question(self):
        """What the page asks, in the parameters of the API."""
        period = self.asked.get("period", PERIODS[0])
        words = (self.asked.get("by"), period if period != TOGETHER else "")
        known = self.filter_class.base_filters
        given = {name: text for name, text in self.asked.items() if name in known}
        together = ",".join(word for word in words if word)
        return {**given, **({"group_by": together} if together else {})}

    def get_context_data(self, **context):
        given, public = self.question(), self.model.objects.published()
        filters = checked_filter(self.filter_class, given, public)
        records = filters.filter_queryset(public)
        self.filters, self.given = filters, filters.form.cleaned_data
        try:
            found = self.answer(records)
        except ValidationError as error:
            raise Misasked(error.messages) from None
        periods = sorted({one.period for one in found.groups if one.period})
        telling = [one for one in found.groups if not self.is_nothing(one)]
        title, head = self.title_of_it(), self.columns_head()
        rows = with_content([self.row(head, group) for group in telling[:LISTED]])
        return super().get_context_data(
            **context,
            **in_other_forms(
                f"{self.model.collection}-aggregate", **given, known_at=self.known_at
            ),
            rows=rows,
            more=max(len(telling) - LISTED, 0),
            has_gaps=len(telling) < len(found.groups),
            head=[name for name, *_cell in rows[0]] if rows else [],
            bars=bars_of(self.series(found.groups), list(map(str, periods)), title),
            left_out=left_out(found.left_out, self.reasons),
            selects=self.selects(),
        ) | {"title": title}

    def row(self, head, group):
        """The cells of a group, each with the name of its column."""
        return [
            (name, *cell) for name, cell in zip(head, self.cells(group), strict=True)
        ]

    def is_nothing(self, group):
        """Whether there is nothing in it: it stands between others that have some."""
        return not getattr(group, self.counted)

    def series(self, groups):
        """The numbers of groups that differ in their periods alone."""
        found = {}
        for group in groups:  # two places may be called the same
            _label, numbers = found.setdefault(group.key[:-1], (self.label(group), {}))
            numbers[str(group.period or "")] = self.number(group)
        return found.values()

    def select(self, name, label, choices):
        """A list in the form: its name, its label, and each choice with its word."""
        given = self.asked.get(name, choices[0][0])
        return name, label, [(word, text, word == given) for word, text in choices]

    def period_select(self):
        return self.select(
            "period",
            _("Period"),
            [
                ("year", _("year")),
                ("quarter", _("quarter")),
                ("month", _("month")),
                ("fiscal-year", _("fiscal year")),
                (TOGETHER, _("all together")),
            ],
        )

    @staticmethod
    def place_choices():
        """The ways to group by place."""
        kinds = Place.Kind
        return [
            (word, _("place") if word == PLACE else kinds(word).label)
            for word in PLACES
        ]


def linked(record):
    """A cell that names a record and leads to its page."""
    return (record.in_words, page_of(record)) if record else (NOTHING, "")


def with_content(rows):
    """The rows without the columns in which none of them says anything."""
    columns = [
        column
        for column in zip(*rows, strict=True)
        if any(text != NOTHING for _name, text, _address in column)
    ]
    return list(zip(*columns, strict=True))
