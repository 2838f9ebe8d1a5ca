"""The query parameters of the collections: each named as a reader would ask.

Where a record is asked for by what it names, or by a word, several can be given:
``agency=a,b`` is either of them, ``official=a&official=b`` both (of what a record has
several of), and ``agency__n=a,b`` neither, which is spelt as in NetBox.
"""

from copy import copy
from functools import cache

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework.filters import BaseFilterBackend

from ..db.few import named_in
from ..evidence.visibility import known_disputes_of, naming_public
from ..models import Dispute, Record, Source
from ..models.renaming import each_bearing
from ..registry.classes import class_per_kind
from ..search.vocabulary import readings_of
from ..values.asked_time import AskedTime
from ..values.contradiction import Certainty
from ..values.dates import PartialDateField, Spanned
from ..values.folding import fold
from ..values.grounds import is_general_knowledge
from ..values.suggestions import no_such
from ..values.words import terms_of
from .problems import messages_of, parameter_error

PUBLISHED = Record.Status.PUBLISHED
EXCLUDING = "__n"  # behind the name of a parameter, as in NetBox
MOST_VALUES = 100  # of one parameter: a statement has each of them
MOST_TIMES = 10  # that it is given: a statement looks each time for one of them
OF_STATUS = _(
    "Where it stands on its way to the public. Only a token that may change such "
    "records sees what is not published."
)


class SeveralField(forms.Field):
    """Texts, joined by commas: one of them is to hold. Given again: one of these, too.

    Clean, they are a list of such alternatives; or one value, where it takes one alone.
    """

    widget = forms.MultipleHiddenInput  # which hands over each that was given

    def __init__(self, alone=False, **options):
        self.alone = alone  # whether it takes but one
        super().__init__(**options)

    def clean(self, value):
        given = [value] if isinstance(value, str) else list(value or ())
        given = [text for text in given if text]
        if self.required and not given:
            raise ValidationError(_("Name one by its slug."), code="required")
        several = [[part.strip() for part in text.split(",")] for text in given]
        texts = [text for alternatives in several for text in alternatives]
        if "" in texts:
            message = _("Nothing stands beside a comma; write a,b for a or b.")
            raise ValidationError(message, code="empty")
        if self.alone and len(texts) > 1:
            raise ValidationError(_("It takes one value."), code="too_many")
        if len(texts) > MOST_VALUES or len(several) > MOST_TIMES:
            message = _(
                "It takes at most %(values)d values, and is given at most %(times)d "
                "times."
            )
            params = {"values": MOST_VALUES, "times": MOST_TIMES}
            raise ValidationError(message, code="too_many", params=params)
        meant = self.meant(list(dict.fromkeys(texts))) if texts else {}
        if self.alone:
            return meant[texts[0]] if texts else None
        return [
            list(dict.fromkeys(meant[text] for text in alternatives))
            for alternatives in several
        ]

    def meant(self, texts):
        """What each of the texts stands for; ValidationError for what is none."""
        raise NotImplementedError


class SlugField(SeveralField):
    """The public records that slugs name; a hidden one is as good as unknown."""

    everything = False  # for who may see it all

    def __init__(self, model, **options):
        self.model = model
        super().__init__(**options)

    def meant(self, slugs):
        for slug in slugs:
            for check in self.model._meta.get_field("slug").default_validators:
                check(slug)
        records = self.model.objects.seen(self.everything)
        found = each_bearing(records, slugs)
        for slug in slugs:
            if slug not in found:
                message = no_such(self.model, slug, records)
                raise ValidationError(message, code="no_such_record")
        return found


class WordField(SeveralField):
    """Words of a fixed list."""

    def __init__(self, words, **options):
        self.words = tuple(words)
        super().__init__(**options)

    def meant(self, texts):
        for text in texts:
            if text not in self.words:
                raise ValidationError(
                    _("“%(text)s” is not a valid choice; choose one of: %(words)s."),
                    code="invalid_choice",
                    params={"text": text[:80], "words": ", ".join(self.words)},
                )
        return {text: text for text in texts}


class DateField(forms.Field):
    """A partial date."""

    def clean(self, value):
        return PartialDateField().to_python(value) if value else None


class TermsField(forms.Field):
    """Words to be found."""

    def clean(self, value):
        if not value and self.required:
            raise ValidationError(_("Say what to search for."), code="required")
        terms_of(value or "")
        return value


class Parameter(filters.Filter):
    """A query parameter, with what the documentation of the API says of it."""

    schema = {"type": "string"}

    def __init__(self, description, label="", **options):
        self.description = description
        super().__init__(label=label, **options)

    def described(self):
        """What OpenAPI says of its values, and of how several are written."""
        return {"schema": self.schema}


class BySeveral(Parameter):
    """Those of which one of several is true, or each; or none, if that is asked.

    ``by`` names the method of the filter set that narrows rows to what has one of
    these, or to all others; without it, a column says which it has. With a ``method``
    of its own it takes one value alone.
    """

    def __init__(self, description, by="", several=False, method=None, **options):
        self.by, self.several, self.alone = by, several, bool(method)
        super().__init__(description, method=method, alone=self.alone, **options)

    def repeatable(self):
        """Whether it makes sense to give it again: a record can have several."""
        return self.several or self.exclude

    def excluding(self):
        """The parameter for those of which none of several is true."""
        other = copy(self)
        other.exclude = True
        without = _("All but these: {what}")
        other.description = format_lazy(without, what=self.description)
        return other

    def described(self):
        if self.alone:
            return super().described()
        several = {"type": "array", "items": self.schema, "maxItems": MOST_VALUES}
        return {"schema": several, "style": "form", "explode": False}

    def filter(self, queryset, value):
        for alternatives in value:
            queryset = self.narrowed(queryset, alternatives)
        return queryset

    def narrowed(self, queryset, alternatives):
        """The rows that have one of the alternatives, or all others."""
        if self.by:
            narrow = getattr(self.parent, self.by)
            return narrow(queryset, alternatives, self.exclude)
        return self.get_method(queryset)(**{f"{self.field_name}__in": alternatives})


class BySlug(BySeveral):
    """Those whose relation leads to records of these slugs, or to those below them."""

    field_class = SlugField

    def __init__(self, model, description=None, below=False, **options):
        self.below = below
        description = description or format_lazy(
            _("The slug of one of the {kind}."), kind=model._meta.verbose_name_plural
        )
        super().__init__(description, model=model, **options)

    def narrowed(self, queryset, alternatives):
        if self.below:
            alternatives = seen_below(alternatives, self.parent.everything)
        return super().narrowed(queryset, alternatives)


class ByRow(BySlug):
    """Those that rows of this kind tie to records of these slugs.

    ``named`` is the column of a row that names these, ``owner`` that of the asked for.
    """

    def __init__(self, rows, named, owner, description, **options):
        self.rows, self.named, self.owner = rows, named, owner
        model = rows._meta.get_field(named).related_model
        super().__init__(model, description, several=True, **options)

    def narrowed(self, queryset, alternatives):
        if self.below:
            alternatives = seen_below(alternatives, self.parent.everything)
        rows = self.rows.objects.filter(**{f"{self.named}__in": alternatives})
        return named_in(queryset, rows, self.owner, self.exclude)


def seen_below(records, everything=False):
    """The keys of records and of those below them, as the public sees it, or all."""
    model = type(records[0])
    return model.and_below(*records, among=model.objects.seen(everything))


class ByWord(BySeveral):
    """Those with one of these words in a field."""

    field_class = WordField

    def __init__(self, words, description=None, **options):
        self.words = [str(word) for word in getattr(words, "values", words)]
        self.schema = {"type": "string", "enum": self.words}
        description = description or _("One of the choices of this field.")
        super().__init__(description, words=self.words, **options)

    def narrowed(self, queryset, alternatives):
        if self.by or self.exclude or len(alternatives) == 1:
            return super().narrowed(queryset, alternatives)
        # Said of the others, no index of words is gone along instead of the order.
        others = {"", *self.words}.difference(alternatives)
        return queryset.exclude(**{f"{self.field_name}__in": sorted(others)})


class ByDate(Parameter):
    """A moment that the questions of time of a filter set are about."""

    field_class = DateField

    def __init__(self, description):
        # DatedFilter asks with all of them at once.
        super().__init__(description, method="kept")


class ByWords(Parameter):
    """Those that all these words are found in."""

    field_class = TermsField

    def filter(self, queryset, value):
        if not value:
            return queryset
        # Signs alone are in no name: they must not find everything.
        if not fold(value):
            return queryset.none()
        # What is meant by a word does not depend on what else is asked.
        return queryset.found_by(readings_of(value, [self.parent.asked_of]))


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
    def get_filters(cls):
        asked = super().get_filters()
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
    def get_filters(cls):
        span = {
            "from": ByDate(_("A date: those that held on it or later.")),
            "to": ByDate(_("A date: those that held on it or earlier.")),
        }
        return {**super().get_filters(), **span}

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
