"""What the dates of a record rest on, in queries: on sources, or on general knowledge.

A date rests on a source that was cited for it and states nothing else, or states it.
Any other date of a record that sources are cited for is general knowledge: likely, and
never definite. But from the day of a source that speaks of a start, by whatever date,
it is definite that this had begun. Of a record for which nobody is cited nothing is
said: it waits for sources. Only those that the public may see are counted.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Case, Exists, F, OuterRef, Q, When

from ..db.batches import filtered

PUBLISHED = "published"


def citations_for(model):
    """The published citations for these; None if such are not cited themselves."""
    try:
        citations = model._meta.get_field("citations").related_model
    except FieldDoesNotExist:
        return None
    return citations._default_manager.filter(source__status=PUBLISHED).order_by()


def borne_out(model, begun_by, on_from):
    """A condition: sources say that it had begun by the one day, and had not ended
    before the other.
    """
    if citations_for(model) is None:
        return Q()
    start, end = model.span
    starts = rests(model, start)
    ends = (Q(**{end: ""}) & starts) | (~Q(**{end: ""}) & rests(model, end))
    begun = Q(**{f"{start}_latest__lte": begun_by})
    begun &= starts | _cited(model, field=start, said_by__lte=begun_by)
    begun |= Q(**{f"{end}_latest__lte": begun_by}) & ends
    going_on = Q(**{f"{end}_earliest__gte": on_from}) & ends
    going_on |= Q(**{f"{start}_earliest__gte": on_from}) & starts
    return begun & going_on


def rests(model, name):
    """A condition: this date is no general knowledge."""
    agreeing = _citations_of_each(model).filter(field=name)
    says_it = Q(stated=OuterRef(name))
    agreeing = agreeing.filter(says_it | Q(stated="") & _checked_against(name))
    return ~_cited(model) | Q(Exists(agreeing))


def _checked_against(name):
    """A condition: what states nothing was cited for the date that is recorded now."""
    return Q(checked_against="") | Q(checked_against=OuterRef(name))


def is_general_knowledge(model, name):
    """A condition: there is such a date, and no source says it."""
    return ~Q(**{name: ""}) & ~rests(model, name)


def _cited(model, **asked):
    citations = _citations_of_each(model).alias(said_by=SAID_BY)
    return Q(Exists(citations.filter(**asked)))


def _citations_of_each(model):
    return citations_for(model).filter(record=OuterRef("pk"))


def last_day(name):
    """The last day that a date can mean; of one that is open, the first."""
    return Case(
        When(**{f"{name}_latest__lt": date.max}, then=F(f"{name}_latest")),
        When(**{f"{name}_earliest__gt": date.min}, then=F(f"{name}_earliest")),
    )


# The day as of which a source is cited, or else that of its publication.
PUBLISHED_ON = When(as_of="", then=last_day("source__published"))
SAID_BY = Case(PUBLISHED_ON, default=last_day("as_of"))


@dataclass(frozen=True)
class Grounds:
    """What sources say of the dates of one record: which texts of each, and from which
    day on they speak of its start.
    """

    is_cited: bool = False
    texts: dict[str, set[str]] = field(default_factory=dict)
    spoken_of: date = date.max

    def bear(self, record, name):
        """Whether this date of the record is no general knowledge."""
        said = self.texts.get(name, ())
        return not self.is_cited or "" in said or str(getattr(record, name)) in said


def look_up(model, records):
    """Gives records of a kind their ``grounds``, with two queries."""
    citations, keys = citations_for(model), {one.pk for one in records} - {None}
    texts, days, cited = defaultdict(lambda: defaultdict(set)), {}, set()
    if citations is not None and keys:
        cited.update(filtered(_keys_of(citations), record=keys))
        names = (*model.span, *model.stages)
        said = citations.filter(field__in=names).annotate(said_by=SAID_BY)
        columns = ("record", "field", "stated", "checked_against", "said_by")
        said = said.values_list(*columns)
        for key, name, stated, checked, day in filtered(said, record=cited):
            texts[key][name].add(stated or checked)
            if day and name == model.span[0]:
                days[key] = min(day, days.get(key, date.max))
    for one in records:
        key = one.pk
        one.grounds = Grounds(key in cited, texts[key], days.get(key, date.max))


def _keys_of(citations):
    return citations.values_list("record", flat=True).distinct()
