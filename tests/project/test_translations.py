"""Every message is there in every language that there is a catalogue of."""

import re

import pytest

from tests.messages import LANGUAGES, is_translated, sources, translated, written

# What is put into a message when it is shown: %(name)s, %d, {name}.
PLACES = re.compile(r"%\(\w+\)[a-z]|%%|%0?\d*[a-zA-Z]|\{\w*\}")
# Words in the query of an address, in a file or in JSON are the same in any language.
VERBATIM = re.compile(r"`[^`]+`|\b[A-Z]{3,}\b|\b\d{4}-\d\d(?:-\d\d)?\b")


def keys(messages):
    return {(message.context, message.id) for message in messages if message.id}


def forms(catalogue):
    """Each form of each message, beside what it is in the other language."""
    for message in catalogue:
        if message.id and not message.pluralizable:
            yield message.id, message.string
        elif message.id:
            one, *more = message.string
            yield message.id[0], one
            yield from ((message.id[1], other) for other in more)


@pytest.fixture(params=LANGUAGES)
def catalogue(request):
    return translated(request.param)


def test_the_messages_of_code_and_templates_are_found():
    found = {message.id: message for message in written() if message.id}
    assert "In dispute:" in found  # in a template alone
    assert "“%(text)s” ends before it begins; write the earlier date first." in found
    assert ("%(n)s disagrees", "%(n)s disagree") in found
    assert {name.suffix for name, _text in sources()} >= {".py", ".html"}


def test_no_message_is_marked_by_a_name_that_is_not_looked_for():
    marked = re.compile(rb"import n?p?gettext(?:_lazy)? as (?!_\s)\w+")
    assert [str(name) for name, text in sources() if marked.search(text)] == []


def test_no_message_lacks_its_translation(catalogue):
    lacking = keys(written()) - keys(filter(is_translated, catalogue))
    assert lacking == set(), "run `make messages`, and translate what is new"


def test_no_translation_is_of_a_message_that_is_gone(catalogue):
    gone = keys(catalogue) - keys(written())
    assert gone == set(), "run `make messages`"


def test_a_translation_is_given_what_the_message_is_given(catalogue):
    for said, meant in forms(catalogue):
        assert sorted(PLACES.findall(meant)) == sorted(PLACES.findall(said)), said


def test_a_translation_begins_and_ends_as_the_message_does(catalogue):
    """Some are put together with others: a space or a line end matters."""

    def ends(text):
        return (
            text[: len(text) - len(text.lstrip())],
            text[len(text.rstrip()) :],
            text.rstrip().endswith((".", "…", ":")),
        )

    for said, meant in forms(catalogue):
        assert ends(meant) == ends(said), said


def test_what_programs_write_is_not_translated(catalogue):
    for said, meant in forms(catalogue):
        assert set(VERBATIM.findall(said)) <= set(VERBATIM.findall(meant)), said


def test_a_translation_has_the_quotation_marks_of_its_language(catalogue):
    for said, meant in forms(catalogue):
        if not re.search(r"\{?(template|from) = ", said):  # as TOML is written
            assert not set("“”") & set(meant), said
            # Packages put straight marks around what something is called.
            quotes = said.count("“") or len(re.findall(r""" ['"][%\w].*?['"] """, said))
            assert meant.count("«") == meant.count("»") == quotes, said
