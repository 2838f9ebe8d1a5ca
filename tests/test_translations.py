"""Every message is there in every language that there is a catalogue of."""

import re

import pytest

from tests.messages import LANGUAGES, is_translated, sources, translated, written

# What is put into a message when it is shown: %(name)s, %d, {name}.
PLACES = re.compile(r"%\(\w+\)[a-z]|%%|%0?\d*[a-zA-Z]|\{\w*\}")
# Words in the query of an address, in a file or in JSON are the same in any language.
VERBATIM = re.compile(r"`[^`]+`|\b[A-Z]{3,}\b|\b\d{4}-\d\d(?:-\d\d)?\b")


def key(message):
    return message.context, message.id


def forms(message):
    """Each form of a message, beside what it is in the other language."""
    if not message.pluralizable:
        return [(message.id, message.string)]
    one, *more = message.string
    return [(message.id[0], one)] + [(message.id[1], other) for other in more]


@pytest.fixture(params=LANGUAGES)
def catalogue(request):
    return translated(request.param)


def test_the_messages_of_code_and_templates_are_found():
    found = {message.id: message for message in written() if message.id}
    assert "Sources contradict the record in:" in found  # in a template alone
    assert "“%(text)s” runs backwards; write the earlier date first." in found
    assert ("%(n)s source agrees", "%(n)s sources agree") in found
    assert {name.suffix for name, _text in sources()} >= {".py", ".html"}


def test_no_message_lacks_its_translation(catalogue):
    held = {key(message): message for message in catalogue if message.id}
    wanted = {key(message) for message in written() if message.id}
    lacking = wanted - {one for one, message in held.items() if is_translated(message)}
    assert lacking == set(), "run `make messages`, and translate what is new"


def test_no_translation_is_of_a_message_that_is_gone(catalogue):
    wanted = {key(message) for message in written() if message.id}
    gone = {key(message) for message in catalogue if message.id} - wanted
    assert gone == set(), "run `make messages`"


def test_a_translation_is_given_what_the_message_is_given(catalogue):
    for message in catalogue:
        for said, meant in forms(message) if message.id else ():
            assert sorted(PLACES.findall(meant)) == sorted(PLACES.findall(said)), said


def test_a_translation_begins_and_ends_as_the_message_does(catalogue):
    """Some are put together with others: a space or a line end matters."""

    def ends(text):
        return (
            text[: len(text) - len(text.lstrip())],
            text[len(text.rstrip()) :],
            text.rstrip()[-1] in ".…:",
        )

    for message in catalogue:
        for said, meant in forms(message) if message.id else ():
            assert ends(meant) == ends(said), said


def test_what_programs_write_is_not_translated(catalogue):
    for message in catalogue:
        for said, meant in forms(message) if message.id else ():
            assert set(VERBATIM.findall(said)) <= set(VERBATIM.findall(meant)), said


def test_a_translation_has_the_quotation_marks_of_its_language(catalogue):
    for message in catalogue:
        for said, meant in forms(message) if message.id else ():
            if not re.search(r"\{?(template|from) = ", said):  # as TOML is written
                assert not set("“”") & set(meant), said
                assert meant.count("«") == meant.count("»") == said.count("“"), said
