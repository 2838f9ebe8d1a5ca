"""The messages of the site, and the catalogues of what they are in other languages.

    make messages

puts the messages that the code has now into each catalogue: what is translated stays,
what is gone goes, what is new has no translation yet.
"""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PROJECT = Path(__file__).parent.parent
APPS = ("bordersec", "entities", "provenance", "timeline")
LANGUAGES = ("es",)
# What Django calls them beyond the names that Babel knows: which argument is what.
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def catalogue_of(language):
    """The file with what the messages are in a language."""
    return PROJECT / "bordersec/locale" / language / "LC_MESSAGES/django.po"


def sources():
    """The name and the text, as Python, of each file that may have a message."""
    for app in APPS:
        for path in sorted((PROJECT / app).rglob("*")):
            name = path.relative_to(PROJECT)
            if path.suffix == ".py" and "migrations" not in path.parts:
                yield name, path.read_bytes()
            elif path.suffix in (".html", ".txt", ".xml"):
                text = templatize(path.read_text(encoding="utf-8"), origin=name)
                # It keeps the margins of the template, which Python would not take.
                lines = [line.strip() for line in text.splitlines()]
                yield name, "\n".join(lines).encode()


@cache
def written():
    """The catalogue of all messages that the code has, with the files they are in."""
    catalogue = Catalog(
        project="bordersec", charset="utf-8", fuzzy=False, msgid_bugs_address=""
    )
    for name, text in sources():
        for _line, message, _comments, context in extract(
            "python", BytesIO(text), keywords=KEYWORDS
        ):
            catalogue.add(message, locations=[(name.as_posix(), 1)], context=context)
    return catalogue


def translated(language):
    """The catalogue of a language as it is on file."""
    with catalogue_of(language).open("rb") as file:
        return read_po(file, locale=language)


def main():
    """Brings every catalogue up to the messages that the code has now."""
    for language in LANGUAGES:
        catalogue = translated(language)
        catalogue.update(written(), no_fuzzy_matching=True, update_creation_date=False)
        with catalogue_of(language).open("wb") as file:
            write_po(
                file, catalogue, ignore_obsolete=True, include_lineno=False, width=88
            )
        lacking = sum(not is_translated(message) for message in catalogue if message.id)
        print(f"{language}: {len(catalogue)} messages, {lacking} not translated")


def is_translated(message):
    """Whether each form of a message has words in the other language."""
    forms = message.string if message.pluralizable else (message.string,)
    return all(forms) and not message.fuzzy
