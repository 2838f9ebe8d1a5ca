"""The messages of the site, and the catalogues of what they are in other languages.

    make messages

puts the messages that the code has now into each catalogue, and compiles it: what is
translated stays, what is gone goes, what is new has no translation yet.
"""

from functools import cache
from importlib import import_module
from io import BytesIO
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.conf import settings
from django.utils.translation import override
from django.utils.translation.template import templatize

from provenance.registry.kinds import record_types
from provenance.web.languages import labels_made
from tests import PROJECT

FOREIGN = ("unfold", "simple_history")
APPS = ("bordersec", "entities", "provenance", "timeline")
# Those that the messages are not written in.
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
# What Django calls them beyond the names that Babel knows: which argument is what.
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def catalogue_of(language, suffix="po"):
    """The file with what the messages are in a language."""
    return PROJECT / "bordersec/locale" / language / f"LC_MESSAGES/django.{suffix}"


def packages():
    """The folders of packages whose pages we show in a language that they lack."""
    for name in FOREIGN:
        folder = Path(import_module(name).__file__).parent
        if not all((folder / "locale" / code).exists() for code in LANGUAGES):
            yield folder


def said_elsewhere(language):
    """The messages that Django and other packages say in a language themselves."""
    folders = [Path(django.__file__).parent / "conf"]
    folders += [Path(a.path) for a in apps.get_app_configs() if a.name not in APPS]
    files = [f / "locale" / language / "LC_MESSAGES/django.mo" for f in folders]
    return set().union(*(_ids(file) for file in files if file.exists()))


def _ids(file):
    with file.open("rb") as opened:
        return {_first(message.id) for message in read_mo(opened)}


def _first(forms):
    return forms if isinstance(forms, str) else forms[0]


def sources(folders=None):
    """The name and the text, as Python, of each file that may have a message."""
    for folder in folders or [PROJECT / app for app in APPS]:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder.parent)
            if path.suffix == ".py" and "migrations" not in path.parts:
                yield name, path.read_bytes()
            elif path.suffix in (".html", ".txt", ".xml"):
                text = templatize(path.read_text(encoding="utf-8"), origin=name)
                # It keeps the margins of the template, which Python would not take.
                lines = [line.strip() for line in text.splitlines()]
                yield name, "\n".join(lines).encode()


def found_in(files):
    """The place, the message and its context, for each that is in these files."""
    for name, text in files:
        for _line, message, _comments, context in extract(
            "python", BytesIO(text), keywords=KEYWORDS
        ):
            yield name, message, context


@cache
@override("en")
def written():
    """The catalogue of all messages that the code has, with the files they are in."""
    catalogue = Catalog(
        project="bordersec", charset="utf-8", fuzzy=False, msgid_bugs_address=""
    )
    for name, message, context in found_in(sources()):
        catalogue.add(message, locations=[(name.as_posix(), 1)], context=context)
    for app in APPS[1:]:
        for _bearer, _name, label in labels_made(apps.get_app_config(app)):
            # It was made translatable when the app was loaded.
            catalogue.add(str(label), locations=[(f"{app}/models", 1)])
    for model in record_types().values():
        for name in model.lists:
            catalogue.add(name.replace("_", " "), locations=[("lists of a record", 1)])
    there = set.intersection(*map(said_elsewhere, LANGUAGES))
    for name, message, context in found_in(sources(packages())):
        if _first(message) and _first(message) not in there:
            catalogue.add(message, locations=[(name.parts[0], 1)], context=context)
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
        with catalogue_of(language, "mo").open("wb") as file:
            write_mo(file, catalogue)
        lacking = sum(not is_translated(message) for message in catalogue if message.id)
        print(f"{language}: {len(catalogue)} messages, {lacking} not translated")


def is_translated(message):
    """Whether each form of a message has words in the other language."""
    forms = message.string if message.pluralizable else (message.string,)
    return all(forms) and not message.fuzzy
