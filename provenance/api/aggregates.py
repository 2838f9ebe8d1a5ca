"""Answers that are worked out of many records: whole, bounded, and the same as CSV."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

from ..models import Record
from ..values.suggestions import close_to
from .exports import WholeList
from .parameters import Parameter
from .problems import messages_of, parameter_error, refused_parameters
from .views import CollectionView


class WordsField(forms.Field):
    """Some words of a fixed list, joined by commas; a tuple of them.

    ``alternatives`` are sets of words of which only one can be asked for. What begins
    with ``beginning``, if there is one, is a word as well: whoever answers knows which.
    """

    def __init__(self, words, alternatives=(), beginning=None, **options):
        self.words, self.alternatives = tuple(words), alternatives
        self.beginning = beginning or "\0"  # with which no text begins
        super().__init__(**options)

    def clean(self, value):
        given = tuple(word.strip() for word in (value or "").split(",") if word.strip())
        for word in given:
            if word not in self.words and not word.startswith(self.beginning):
                raise ValidationError(
                    _("“%(text)s” is not a valid choice%(close)s One of: %(words)s."),
                    code="invalid_choice",
                    params={
                        "text": word[:80],
                        "close": close_to(word, self.words) or ".",
                        "words": ", ".join(self.words),
                    },
                )
        for words in self.alternatives:
            if len(several := [word for word in given if word in words]) > 1:
                raise ValidationError(
                    _("Only one of these goes with the others: %(words)s."),
                    code="not_together",
                    params={"words": ", ".join(several)},
                )
        return tuple(dict.fromkeys(given))


class ByChoices(Parameter):
    """What an answer is grouped by: words joined by commas."""

    field_class = WordsField

    def __init__(self, words, description, **options):
        super().__init__(description, words=words, method="kept", **options)


class WholeAnswer(BasePagination):
    """No pages: an answer that is bounded comes as a whole."""

    parameters = ()

    def faults(self, given):
        return ()

    def get_paginated_response_schema(self, schema):
        return schema


def refused(error):
    """A question that a service refuses, as a problem that names the parameters."""
    return refused_parameters(
        parameter_error(name, message, code)
        for name, errors in error.error_dict.items()
        for message, code in messages_of(ValidationError(errors))
    )


class AnswerView(WholeList, CollectionView):
    """An answer made of many records; ``answer_name`` is the end of its address."""

    answer_name: str

    @classmethod
    def address(cls):
        return f"{cls.collection()}/{cls.answer_name}"

    @classmethod
    def route_name(cls):
        return f"{cls.collection()}-{cls.answer_name}"


class AggregateView(AnswerView):
    """What many records of one kind, ``of``, come to.

    Each group has the ``csv_members``.
    """

    answer_name = "aggregate"
    pagination_class = WholeAnswer
    of: type[Record]

    @classmethod
    def collection(cls):
        return cls.of.collection

    def get_queryset(self):
        return self.of.objects.published()

    def answered(self, records, asked):
        """The members of the answer, of which ``results`` are the groups.

        Raises ValidationError, by parameter, for what cannot be answered.
        """
        raise NotImplementedError

    def answer(self):
        """What the request asks for; a problem if it cannot be answered."""
        try:
            records = self.filter_queryset(self.get_queryset())
            return self.answered(records, self.filters.form.cleaned_data)
        except ValidationError as error:
            raise refused(error) from None

    def list(self, request, *args, **kwargs):
        if self.asked_format():
            return super().list(request, *args, **kwargs)
        return Response(self.answer())

    # As a whole list: the groups are its objects

    def stretches(self):
        return self.answer()["results"]

    def objects_of(self, results):
        yield results
