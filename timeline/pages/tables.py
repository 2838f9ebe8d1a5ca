"""What the lists of officials, agencies, places, themes and sources tell of each.

Numbers are counted as far as it is worth it, and all of a page by one statement.
"""

from dataclasses import replace
from functools import cached_property

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from entities.models import Agency, Appointment, Official, Place
from provenance.db.batches import Among
from provenance.db.counting import CountUpTo, counted
from provenance.evidence.visibility import public_citations_of, public_rows
from provenance.models import BY_NAME, Record, Source
from provenance.pages.addresses import asked, list_of, page_of
from provenance.pages.collection import (
    NEWEST,
    CollectionPage,
    Column,
    Item,
    collection_page_of,
)
from provenance.registry.kinds import cited_types
from provenance.tracking.time_travel import in_the_past
from provenance.values.translations import told
from provenance.web.time_axis import is_dated, spoken

from .. import presence
from ..models import (
    Event,
    EventTheme,
    Metric,
    MetricTheme,
    Observation,
    Statement,
    StatementTheme,
    Theme,
)
from ..presence import MOST
from .people import held_on, office_named

FEW, FEWER = 20, 99  # sources; of more of them less is counted of each
PUBLIC = Record.Status.PUBLISHED


def number(value, address="", most=MOST):
    """A number as a cell says it; the most that is counted may be more."""
    if not value:
        return []
    text = _("more than %d") % most if value > most else str(value)
    return [Item(text, address)]


def today():
    """This day, as questions of time take it."""
    return str(timezone.localdate())


def sources_of(model):
    """How many sources are cited for a record of this kind."""
    cited = public_citations_of(model).filter(record=OuterRef("pk"))
    return CountUpTo(cited, most=MOST, distinct="source")


class WithNumbers(CollectionPage):
    """A list that tells of numbers which are counted, each as far as ``most``."""

    most = MOST

    def counted(self, name, records, label, address=lambda record: ""):
        """The column of the measure of this name."""
        shown = {
            r.pk: number(getattr(r, f"its_{name}"), address(r), self.most)
            for r in records
        }
        return Column(label, shown, name)

    def in_the_timeline(self, record):
        """The timeline, narrowed to a record."""
        narrowed = {record.record_type: record.slug, "known_at": self.known_at}
        return asked(reverse("pages:home"), **narrowed)

    def in_list(self, record, kind):
        """The list of what of another kind is about a record."""
        narrowed = {record.record_type: record.slug, "known_at": self.known_at}
        return asked(list_of(kind), **narrowed)


class OfParties(WithNumbers):
    """A list of those who take part in events."""

    def measures_named(self):
        return {
            "seen": _("Last seen"),
            "events": _("Events"),
            "sources": _("Sources"),
        }

    def measures(self):
        return {**presence.measures(self.model), "sources": sources_of(self.model)}

    @property
    def stored(self):
        return presence.TABLES[self.model], ("seen", "events")

    def columns(self, records):
        if in_the_past():
            return self.told(records)
        keys = {r.its_seen_at for r in records if r.its_seen_at}
        events = Event.objects.in_bulk(keys)
        Event.look_up_grounds(events.values())
        seen = {
            r.pk: self.on_its_day(events[r.its_seen_at])
            for r in records
            if r.its_seen_at in events
        }
        return [
            *self.told(records),
            Column(_("Last seen"), seen, "seen"),
            self.counted("events", records, _("Events"), self.in_the_timeline),
            self.counted(
                "sources",
                records,
                _("Sources"),
                lambda record: self.in_list(record, Source),
            ),
        ]

    def on_its_day(self, event):
        """The way to an event, by the date on which it began."""
        is_general = "start" in event.general_knowledge
        (item,) = self.linked(event, is_general=is_general)
        return [replace(item, text=event.start.readable)]

    def told(self, records):
        """What is told of these records besides."""
        return []


@collection_page_of.register(Official)
class OfficialsPage(OfParties):
    """Officials: the posts that they hold today, and when they were last seen."""

    def told(self, officials):
        held = Appointment.objects.published_beside().filter(official__in=officials)
        posts = {}
        for one, how in held_on(today(), held.order_by("start_earliest", "pk")):
            for item in self.linked(one.post, how, bool(one.general_knowledge)):
                item = replace(item, text=office_named(one.post))
                posts.setdefault(one.official_id, []).append(item)
        return [Column(_("Posts today"), posts)]


@collection_page_of.register(Agency)
class AgenciesPage(OfParties):
    """Agencies: of which kind and country they are, and when they were last seen."""

    shown_with = ("country",)

    def told(self, agencies):
        heading = Appointment.objects.published_beside().heading(*agencies)
        heads = {}
        for one, how in held_on(today(), heading.order_by("pk")):
            found = self.linked(one.official, how, bool(one.general_knowledge))
            heads.setdefault(one.post.agency_id, []).extend(found)
        kinds = {agency.pk: [Item(self.kind(agency))] for agency in agencies}
        countries = {agency.pk: self.linked(agency.country) for agency in agencies}
        return [
            Column(_("Kind"), kinds),
            Column(_("Country"), countries),
            Column(_("Headed today by"), heads),
        ]


class OfTree(WithNumbers):
    """A list of what stands above others of its kind: what is about these counts, too.

    So each number is that of the list to which it leads.
    """

    distinct: dict[str, str] = {}  # the column that is counted, where rows name another

    def about(self, measure, keys):
        """The rows that a measure counts, of records of these keys."""
        raise NotImplementedError

    def numbers(self, measure, keys):
        """How much is about each of these records, and all below, by its key."""
        below = self.model.below_each(keys, among=self.model.objects.published())
        lists = {key: self.about(measure, Among(those)) for key, those in below.items()}
        again = max(map(len, below.values()), default=1)
        return counted(lists, MOST, self.distinct.get(measure, ""), again)

    def rows_to_rank(self, keys, order):
        rows = self.model.objects.filter(pk__in=Among(keys)).order_by()
        found = self.numbers(order, list(keys))
        return [(name, k, found[k]) for name, k in rows.values_list(BY_NAME, "pk")]

    def measured(self, rows):
        records = list(rows)
        for measure in self.measures_named() if not in_the_past() else ():
            found = self.numbers(measure, [record.pk for record in records])
            for record in records:
                setattr(record, f"its_{measure}", found[record.pk])
        return records


@collection_page_of.register(Place)
class PlacesPage(OfTree):
    """Places: what they lie in, and what happened and was measured there."""

    shown_with = ("parent",)

    def measures_named(self):
        return {"events": _("Events"), "observations": _("Observations")}

    def about(self, measure, keys):
        # Along the index of the place, whatever share of all is there: from the metrics
        # on, each would be looked through for each place.
        there = {"place__in": keys, "status__beside": PUBLIC}
        if measure == "events":
            return Event.objects.filter(**there)
        metrics = Metric.objects.published().filter(pk=OuterRef("metric"))
        return Observation.objects.filter(Exists(metrics), **there)

    def columns(self, places):
        kinds = {place.pk: [Item(self.kind(place))] for place in places}
        within = {place.pk: self.linked(place.parent) for place in places}
        found = [Column(_("Kind"), kinds), Column(_("Within"), within)]
        if not in_the_past():
            found += [
                self.counted("events", places, _("Events"), self.in_the_timeline),
                self.counted(
                    "observations",
                    places,
                    _("Observations"),
                    lambda place: self.in_list(place, Observation),
                ),
            ]
        return found


@collection_page_of.register(Theme)
class ThemesPage(OfTree):
    """Themes: which is broader, and what is about each."""

    shown_with = ("broader",)
    distinct = {"events": "event", "metrics": "metric"}

    def measures_named(self):
        return {"events": _("Events"), "metrics": _("Metrics")}

    def about(self, measure, keys):
        if measure == "events":
            rows, public = EventTheme, "event__status__beside"
        else:
            rows, public = MetricTheme, "metric__status__beside"
        return rows.objects.filter(theme__in=keys, **{public: PUBLIC})

    def columns(self, themes):
        broader = {theme.pk: self.linked(theme.broader) for theme in themes}
        texts = {t.pk: told(t, "definition").text for t in themes}
        meaning = {key: [Item(text)] for key, text in texts.items() if text}
        found = [
            Column(_("Definition"), meaning),
            Column(_("Broader theme"), broader),
        ]
        if not in_the_past():
            found += [
                self.counted("events", themes, _("Events"), self.in_the_timeline),
                self.counted(
                    "metrics",
                    themes,
                    _("Metrics"),
                    lambda theme: self.in_list(theme, Metric),
                ),
            ]
        return found


@collection_page_of.register(Metric)
class MetricsPage(WithNumbers):
    """Metrics: the figure of the latest time, and how often each was observed."""

    def measures_named(self):
        return {"seen": _("Latest figure"), "observations": _("Observations")}

    def measures(self):
        seen = Observation.objects.filter(metric=OuterRef("pk"), status__beside=PUBLIC)
        latest = seen.exclude(value="").order_by("-start_earliest", "-pk")
        return {
            "latest": Subquery(latest.values("pk")[:1]),
            "seen": Subquery(latest.values("start_earliest")[:1]),
            "observations": CountUpTo(seen, most=MOST),
        }

    def columns(self, metrics):
        kinds = {metric.pk: [Item(self.kind(metric))] for metric in metrics}
        found = [Column(_("Kind"), kinds)]
        if not in_the_past():
            found += [
                Column(_("Latest figure"), self.latest(metrics), "seen"),
                self.counted(
                    "observations",
                    metrics,
                    _("Observations"),
                    lambda metric: self.in_list(metric, Observation),
                ),
            ]
        return found

    def latest(self, metrics):
        """The way to the latest figure of each, with when that was."""
        keys = {m.pk: m.its_latest for m in metrics if m.its_latest}
        seen = Observation.objects.labelled().in_bulk(keys.values())
        Observation.look_up_grounds(seen.values())
        found = {}
        for metric in metrics:
            if one := seen.get(keys.get(metric.pk)):
                when = spoken(one) if is_dated(one) else ""
                is_general = bool(one.general_knowledge)
                (item,) = self.linked(one, when, is_general)
                figure = metric.counted_in_words.behind(one.value.readable)
                found[metric.pk] = [replace(item, text=figure)]
        return found


@collection_page_of.register(Statement)
class StatementsPage(CollectionPage):
    """Statements: who made them, when, and on which themes."""

    shown_with = ("official", "agency")

    def orders(self):
        (_name, along), others = super().orders()[""], super().orders()
        return {**others, "": (_("Statement"), along)}

    def columns(self, statements):
        speakers = {one.pk: self.linked(one.speaker) for one in statements}
        rows = StatementTheme.objects.filter(statement__in=Among(list(speakers)))
        themes = {}
        for row in public_rows(rows, ["theme"]).select_related("theme"):
            themes.setdefault(row.statement_id, []).extend(self.linked(row.theme))
        return [
            Column(_("Said by"), speakers),
            *super().columns(statements),
            Column(_("Themes"), themes),
        ]


@collection_page_of.register(Source)
class SourcesPage(WithNumbers):
    """Sources: who published them when, and how often each is cited.

    Where they are many, each is counted less far: a page looks at as many citations.
    """

    listed_by_date = "published_earliest"

    @cached_property
    def most(self):
        return MOST if Source.objects.published()[: FEW + 1].count() <= FEW else FEWER

    def measures_named(self):
        return {"citations": _("Citations")}

    def measures(self):
        cited = (
            public_citations_of(model).filter(source=OuterRef("pk"))
            for model in cited_types().values()
        )
        citations = CountUpTo(*cited, most=self.most)
        return {"citations": citations}

    def columns(self, sources):
        kinds = {source.pk: [Item(self.kind(source))] for source in sources}
        houses = {s.pk: [Item(s.publisher)] for s in sources if s.publisher}
        dates = {s.pk: [Item(s.published.readable)] for s in sources if s.published}
        found = [
            Column(_("Kind"), kinds),
            Column(_("Publisher"), houses),
            Column(_("Published"), dates, NEWEST),
        ]
        if not in_the_past():
            found.append(
                self.counted("citations", sources, _("Citations"), self.address_of)
            )
        return found

    def address_of(self, source):
        """The page of a source, which tells of all that it is cited for."""
        return asked(page_of(source), known_at=self.known_at)
