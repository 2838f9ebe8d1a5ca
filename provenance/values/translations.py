"""Texts of the record in Spanish, as its editors translate them.

A text of ours that readers meet in titles and summaries has a column behind its own,
named like it with ``_es`` at the end, declared in the model beside it: what is in a
table is read off its model, and so are its table of CSV, its API and its forms. No
source states a translation, so that none can be cited for one.
"""

from dataclasses import dataclass
from functools import cache

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

RECORDED = "en"  # the language in which the record is kept
TRANSLATED = "es"  # the other one
ENDING = f"_{TRANSLATED}"


def translation_of(text, label):
    """The column for what the editors say in Spanish for the text of another."""
    return type(text)(
        label,
        blank=True,
        **({"max_length": text.max_length} if text.max_length else {}),
        help_text=_("The same in Spanish, as translated by the editors of the record."),
    )


def original_of(name):
    """The column that the one of this name translates; None if it is no translation."""
    return name.removesuffix(ENDING) if name.endswith(ENDING) else None


def originals(names):
    """Those of these columns that are no translation of another."""
    return tuple(name for name in names if original_of(name) is None)


@cache
def translations_of(model):
    """The columns with translations, by the ones that they translate."""
    names = {column.name for column in model._meta.concrete_fields}
    return {name: name + ENDING for name in names if name + ENDING in names}


@dataclass(frozen=True)
class Told:
    """A text as readers of the language that is spoken are told it.

    ``language`` is its own where that is another, and else empty. What is a translation
    has the ``original`` with it.
    """

    text: str
    language: str = ""
    original: str = ""

    def __str__(self):
        return self.text


def spoken():
    """The language that is spoken to the reader, without its region."""
    return (get_language() or RECORDED).partition("-")[0]


def foreign(language):
    """A language as a text of it has to say it; empty where it is the reader's own."""
    return "" if language.partition("-")[0] == spoken() else language


def translation_spoken(model, name):
    """The column that tells this one in the language that is spoken; None if none does.

    What cannot be translated, as the name of a person, is of no language.
    """
    return translations_of(model).get(name) if spoken() == TRANSLATED else None


def told(row, name):
    """The text of a column as it is translated for the reader, or else as recorded."""
    text = str(getattr(row, name))
    translation = translation_spoken(type(row), name)
    if translation is None or not text:
        is_prose = isinstance(type(row)._meta.get_field(name), models.TextField)
        return Told(text, foreign(RECORDED) if text and is_prose else "")
    if said := getattr(row, translation):
        return Told(said, original=text if said != text else "")
    return Told(text, language=RECORDED)
