"""The filters of collections: which parameters each takes, and what they narrow."""

from functools import cache

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework.filters import BaseFilterBackend

from ..db.few import named_in
from ..evidence.visibility import known_disputes_of, naming_public
from ..models import Dispute, Record, Source
from ..registry.classes import class_per_kind
from ..values.asked_time import AskedTime
from ..values.contradiction import Certainty
from ..values.dates import Spanned
from ..values.grounds import is_general_knowledge
from .parameters import EXCLUDING, ByDate, BySeveral, BySlug, ByWord, ByWords, SlugField
from .problems import messages_of, parameter_error

PUBLISHED = Record.Status.PUBLISHED
OF_STATUS = _(
    "Where it stands on its way to the public. Only a token that may change such "
    "records sees what is not published."
)


def faults_in(form):
    """What is wrong with the parameters of a form; of empty ones the view has told."""
    for name, errors in form.errors.as_data().items():
        if form.data.get(name) == "":
            continue
        for error in errors:
            for message, code in messages_of(error):
                yield parameter_error(name, message, code)


class StrictFilter(filters.FilterSet):
    """Says what of the parameters given is not understood."""

    everything = False  # whether drafts count: they do for staff, never in public
    # Parameters that others narrow down: they say which index a list goes along.
    leading: tuple[str, ...] = ()

    def __init__(self, data=None, *args, **options):
        super().__init__(data, *args, **options)
        for name, parameter in self.of_families(data or ()).items():
            parameter.parent, parameter.model = self, self.queryset.model
            self.filters[name] = parameter

    @classmethod
    def of_families(cls, given):
        """The parameters of these names that are no fixed ones, by their names."""
        return {}

    @classmethod
    def names(cls, given):
        """The names of the parameters that there are, with those of families given."""
        return [*cls.base_filters, *cls.of_families(given)]

    @classmethod
    def besides(cls):
        """What else can be asked: what no class attribute can be called, or what
        follows from what is registered.
        """
        return {}

    @classmethod
    def get_filters(cls):
        asked = {**super().get_filters(), **cls.besides()}
        several = {
            f"{name}{EXCLUDING}": each.excluding()
            for name, each in asked.items()
            if isinstance(each, BySeveral) and not each.alone
        }
        return {**asked, **several}

    @classmethod
    def asking(cls, given, rows):
        """What these parameters ask of the rows, which are called for if they ask it.

        Making a form for each list of which nothing is asked takes it a tenth longer.
        """
        nothing = _asking_nothing(cls)
        is_asked = nothing is None or given.keys() & {*cls.names(given)}
        return cls(given, rows()) if is_asked else nothing

    def of_everything(self):
        """The same for somebody who may see everything."""
        self.everything = True
        for field in self.form.fields.values():
            if isinstance(field, SlugField):
                field.everything = True
        return self

    def asked_time(self):
        """When what is asked for held; empty if that is not asked."""
        return AskedTime()

    def kept(self, queryset, *asked):
        """For what is read elsewhere: by the view, or with other parameters."""
        return queryset

    def lets_through(self, name, word):
        """Whether a word is asked for with a parameter of words, or none is."""
        asked = self.form.cleaned_data
        excluded = asked.get(f"{name}{EXCLUDING}", ())
        return all(word in each for each in asked[name]) and not any(
            word in each for each in excluded
        )

    def chosen(self, name):
        """What is asked for with a parameter of alternatives; empty if nothing is."""
        asked = self.form.cleaned_data.get(name, ())
        return [one for several in asked for one in several]

    def filter_queryset(self, queryset):
        asked, self.asked_of = self.form.cleaned_data, queryset
        for name in sorted(asked, key=lambda name: name not in self.leading):
            queryset = self.filters[name].filter(queryset, asked[name])
        return queryset

    def faults(self):
        yield from faults_in(self.form)


@cache
def _asking_nothing(filters_of_list):
    """One of these that asks nothing; None where something has to be asked."""
    filters = filters_of_list({}, Record.__subclasses__()[0].objects.none())
    return filters if filters.form.is_valid() else None


@class_per_kind("Filter", module="api")
def filter_of(kind, above):
    """What a kind of record can be asked for: by its words, and by what it names."""
    asked, columns = {}, map(kind._meta.get_field, kind.columns)
    for column in columns:
        if column.name in above.base_filters:
            continue
        if column.choices:
            words = [word for word, _label in column.flatchoices if word]
            asked[column.name] = ByWord(words)
        elif column.many_to_one:
            asked[column.name] = BySlug(column.related_model)
    return asked


class StatusFilter(StrictFilter):
    """What lists can be asked for in which there may be what is not published."""

    status = ByWord(Record.Status, OF_STATUS)

    def faults(self):
        yield from super().faults()
        for name in ("status", f"status{EXCLUDING}"):
            if not self.everything and set(self.chosen(name)) - {PUBLISHED}:
                message = _(
                    "Only a token that may change such records sees what is not "
                    "published."
                )
                yield parameter_error(name, message, "permission")


class RecordFilter(StatusFilter):
    """What every collection can be asked for."""

    q = ByWords(
        _("Words to find in the record or in one of its names, accents or not.")
    )


@filter_of.register(Record)
class CitedFilter(RecordFilter):
    """What every collection of cited records can be asked for."""

    source = BySlug(
        Source,
        _("The slug of a source that is cited for it."),
        by="cited",
        several=True,
    )

    in_dispute = ByWord(
        Dispute.State,
        _("Those of which a dispute is open, or of which all are settled."),
        by="by_dispute",
    )

    def by_dispute(self, queryset, states, excluded):
        disputes = known_disputes_of(queryset.model, self.everything)
        settled = disputes.filter(**self.in_state(Dispute.State.SETTLED))
        still_open = disputes.filter(**self.in_state(Dispute.State.OPEN))
        if Dispute.State.OPEN not in states:
            same = still_open.order_by().filter(record=OuterRef("record"))
            disputes = settled.exclude(Exists(same))
        elif Dispute.State.SETTLED not in states:
            disputes = still_open
        return named_in(queryset, disputes, "record", excluded)

    def in_state(self, state):
        return {"state" if self.everything else "public_state": state}

    def cited(self, queryset, sources, excluded):
        citing = queryset.model.citation_model().objects.filter(source__in=sources)
        citing = citing if self.everything else naming_public(citing)
        return named_in(queryset, citing, "record", excluded)


@filter_of.register(Spanned)
class DatedFilter(CitedFilter):
    """What can be asked of records that hold from one date to another."""

    as_of = ByDate(
        _(
            "A date, such as 2025-04-16 or 2025-04: those that held on it. Each says "
            "whether it holds: yes, likely or maybe."
        )
    )
    certainty = ByWord(
        Certainty,
        _(
            "With as_of, from or to: what may have held (possible), what is attested "
            "until then, or unsure in its dates alone, which rest on general knowledge "
            "or are marked so (likely), or what certainly did."
        ),
        method="kept",
    )

    general_knowledge = ByWord(
        ("yes", "no"),
        _("Those of which a date rests on no source (yes), or on sources alone (no)."),
        by="by_grounds",
    )

    def by_grounds(self, queryset, words, excluded):
        if len(set(words)) == 2:
            return queryset.none() if excluded else queryset
        start, end = (
            is_general_knowledge(queryset.model, name) for name in queryset.model.span
        )
        wanted = ("yes" in words) != excluded
        return queryset.filter(start | end if wanted else ~(start | end))

    @classmethod
    def besides(cls):
        return {
            **super().besides(),
            "from": ByDate(_("A date: those that held on it or later.")),
            "to": ByDate(_("A date: those that held on it or earlier.")),
        }

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        certainty = self.form.cleaned_data["certainty"] or Certainty.POSSIBLE
        return self.asked_time().held(queryset, certainty)

    def asked_time(self):
        asked = self.form.cleaned_data
        dates = (asked.get(name) or "" for name in ("as_of", "from", "to"))
        return AskedTime(*dates)

    def faults(self):
        yield from super().faults()
        time = self.asked_time()
        given = any(self.data.get(name) for name in ("from", "to", "as_of"))
        if self.data.get("certainty") and not given:
            message = _("It needs a date beside it: as_of, from or to.")
            yield parameter_error("certainty", message)
        if time.first and time.last and time.first.earliest > time.last.latest:
            message = _("It is before the first of the two dates.")
            yield parameter_error("to", message)


class FilterBackend(BaseFilterBackend):
    """Filters by the filter set of the view, and documents it."""

    def filter_queryset(self, request, queryset, view):
        return view.filters.filter_queryset(queryset)

    def get_schema_operation_parameters(self, view):
        return [
            {
                "name": name,
                "in": "query",
                "description": str(parameter.description),
                "required": parameter.extra["required"],
                **parameter.described(),
            }
            for name, parameter in view.filterset_class.base_filters.items()
        ]
