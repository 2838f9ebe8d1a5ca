"""The query parameters of the collections: each named as a reader would ask.

Where a record is asked for by what it names, or by a word, several can be given:
``agency=a,b`` is either of them, ``official=a&official=b`` both (of what a record has
several of), and ``agency__n=a,b`` neither, which is spelt as in NetBox.
"""

from copy import copy

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from ..db.few import named_in
from ..models.renaming import each_bearing
from ..search.vocabulary import readings_of
from ..values.dates import PartialDateField
from ..values.folding import fold
from ..values.suggestions import no_such
from ..values.words import terms_of

EXCLUDING = "__n"  # behind the name of a parameter, as in NetBox


MOST_VALUES = 100  # of one parameter: a statement has each of them


MOST_TIMES = 10  # that it is given: a statement looks each time for one of them


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
