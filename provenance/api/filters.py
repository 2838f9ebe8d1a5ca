"""The query parameters of the collections: each named as a reader would ask."""

from functools import cache

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework.filters import BaseFilterBackend

from ..db.few import named_in
from ..evidence.visibility import naming_public
from ..models import Record, Source
from ..models.renaming import bearing
from ..registry.classes import class_per_kind
from ..search.vocabulary import readings_of
from ..values.contradiction import Certainty
from ..values.dates import PartialDateField, Spanned
from ..values.folding import fold
from ..values.suggestions import no_such
from ..values.words import terms_of
from .problems import messages_of, parameter_error


class SlugField(forms.Field):
    """The public record that a slug names; a hidden one is as good as unknown."""

    everything = False  # for who may see it all

    def __init__(self, model, **options):
        self.model = model
        super().__init__(**options)

    def records(self):
        """Those that may be named."""
        return self.model.objects.seen(self.everything)

    def clean(self, value):
        if not value:
            if self.required:
                raise ValidationError(_("Name one by its slug."), code="required")
            return None
        for check in self.model._meta.get_field("slug").default_validators:
            check(value)
        records = self.records()
        record = bearing(records, value)
        if record is None:
            raise ValidationError(
                no_such(self.model, value, records), code="no_such_record"
            )
        return record


class WordField(forms.Field):
    """One word of a fixed list."""

    def __init__(self, words, **options):
        self.words = tuple(words)
        super().__init__(**options)

    def clean(self, value):
        if value and value not in self.words:
            raise ValidationError(
                _("“%(text)s” is not a valid choice; choose one of: %(words)s."),
                code="invalid_choice",
                params={"text": value[:80], "words": ", ".join(self.words)},
            )
        return value


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

    def __init__(self, description, **options):
        self.description = description
        super().__init__(label="", **options)


class BySlug(Parameter):
    """Those whose relation leads to the record of this slug, or to one below it."""

    field_class = SlugField

    def __init__(self, model, description=None, below=False, **options):
        self.below = below
        description = description or format_lazy(
            _("The slug of one of the {kind}."), kind=model._meta.verbose_name_plural
        )
        super().__init__(description, model=model, **options)

    def filter(self, queryset, value):
        if value is None:
            return queryset
        if self.below:
            below = seen_below(value, self.parent.everything)
            return queryset.filter(**{f"{self.field_name}__in": below})
        return queryset.filter(**{self.field_name: value})


def seen_below(record, everything=False):
    """The keys of a record and of those below it, as the public sees it, or all."""
    among = type(record).objects.seen(everything)
    return type(record).and_below(record, among=among)


class ByWord(Parameter):
    """Those with this word in a field."""

    field_class = WordField

    def __init__(self, words, description=None, **options):
        self.words = [str(word) for word in getattr(words, "values", words)]
        self.schema = {"type": "string", "enum": self.words}
        description = description or _("One of the choices of this field.")
        super().__init__(description, words=self.words, **options)


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

    @classmethod
    def asking(cls, given, rows):
        """What these parameters ask of the rows, which are called for if they ask it.

        Making a form for each list of which nothing is asked takes it a tenth longer.
        """
        nothing = _asking_nothing(cls)
        is_asked = nothing is None or given.keys() & cls.base_filters.keys()
        return cls(given, rows()) if is_asked else nothing

    def of_everything(self):
        """The same for somebody who may see everything."""
        self.everything = True
        for field in self.form.fields.values():
            if isinstance(field, SlugField):
                field.everything = True
        return self

    def kept(self, queryset, name, value):
        """For what is read elsewhere: by the view, or with other parameters."""
        return queryset

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


class RecordFilter(StrictFilter):
    """What every collection can be asked for."""

    q = ByWords(
        _("Words to find in the record or in one of its names, accents or not.")
    )


@filter_of.register(Record)
class CitedFilter(RecordFilter):
    """What every collection of cited records can be asked for."""

    source = BySlug(
        Source, _("The slug of a source that is cited for it."), method="cited"
    )

    def cited(self, queryset, name, source):
        citing = queryset.model.citation_model().objects.filter(source=source)
        citing = citing if self.everything else naming_public(citing)
        return named_in(queryset, citing, "record")


@filter_of.register(Spanned)
class DatedFilter(CitedFilter):
    """What can be asked of records that hold from one date to another."""

    as_of = ByDate(
        _(
            "A date, such as 2025-04-16 or 2025-04: those that held on it. Each says "
            "whether it holds: yes or maybe."
        )
    )
    certainty = ByWord(
        Certainty,
        _("With as_of, from or to: what may have held (possible), or certainly did."),
        method="kept",
    )

    @classmethod
    def get_filters(cls):
        span = {
            "from": ByDate(_("A date: those that held on it or later.")),
            "to": ByDate(_("A date: those that held on it or earlier.")),
        }
        return {**super().get_filters(), **span}

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        first, last, when, certainty = self.asked_dates()
        if first or last:
            queryset = queryset.during(first or "", last or "", certainty)
        return queryset.as_of(when, certainty) if when else queryset

    def asked_dates(self):
        asked = self.form.cleaned_data
        dates = [asked.get(name) for name in ("from", "to", "as_of")]
        return *dates, asked.get("certainty") or Certainty.POSSIBLE

    def faults(self):
        yield from super().faults()
        first, last, *_others = self.asked_dates()
        given = any(self.data.get(name) for name in ("from", "to", "as_of"))
        if self.data.get("certainty") and not given:
            message = _("It needs a date beside it: as_of, from or to.")
            yield parameter_error("certainty", message)
        if first and last and first.earliest > last.latest:
            message = _("It is before the date of “from”.")
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
                "schema": parameter.schema,
            }
            for name, parameter in view.filterset_class.base_filters.items()
        ]
