"""Texts that a process keeps for one edition of the public record."""

from sys import getsizeof

from provenance.history.kept_texts import KeptTexts

A_TEXT = getsizeof(b"1")


class Writer:
    """Writes texts, and notes which it was asked for."""

    def __init__(self):
        self.asked = []

    def __call__(self, keys):
        self.asked.append(keys)
        return {key: b"%d" % key for key in keys if key > 0}  # the others are secret


def test_what_is_kept_is_not_written_again():
    kept, write = KeptTexts(most_bytes=100 * A_TEXT), Writer()
    assert kept.of("1", "all", [1, 2], write) == {1: b"1", 2: b"2"}
    assert kept.of("1", "all", [2, 3], write) == {2: b"2", 3: b"3"}
    assert write.asked == [[1, 2], [3]]


def test_what_is_asked_otherwise_is_another_text():
    kept, write = KeptTexts(most_bytes=100 * A_TEXT), Writer()
    kept.of("1", "all", [1], write)
    kept.of("1", "some", [1], write)
    assert write.asked == [[1], [1]]


def test_what_is_not_public_is_asked_for_each_time():
    kept, write = KeptTexts(most_bytes=100 * A_TEXT), Writer()
    assert kept.of("1", "all", [-1], write) == kept.of("1", "all", [-1], write) == {}
    assert write.asked == [[-1], [-1]]


def test_another_edition_has_nothing_of_the_one_before():
    kept, write = KeptTexts(most_bytes=100 * A_TEXT), Writer()
    for edition in ("1", "2", "1"):
        kept.of(edition, "all", [1], write)
    assert write.asked == [[1], [1], [1]]


def test_who_writes_while_another_edition_begins_leaves_nothing_to_it():
    kept, write = KeptTexts(most_bytes=100 * A_TEXT), Writer()

    def slow(keys):
        kept.of("2", "all", [], write)  # somebody sees the new one meanwhile
        return dict.fromkeys(keys, b"old")

    assert kept.of("1", "all", [1], slow) == {1: b"old"}
    assert kept.of("2", "all", [1], write) == {1: b"1"}


def test_beyond_its_bytes_it_forgets_what_was_asked_for_the_longest_ago():
    kept, write = KeptTexts(most_bytes=5 * A_TEXT), Writer()
    for asked in ("first", "second", "first"):
        kept.of("1", asked, [1, 2], write)
    kept.of("1", "third", [1, 2], write)
    write.asked.clear()
    kept.of("1", "first", [1, 2], write)
    assert write.asked == []
    kept.of("1", "second", [1, 2], write)
    assert write.asked == [[1, 2]]


def test_more_than_there_is_room_for_is_written_and_not_kept():
    kept, write = KeptTexts(most_bytes=A_TEXT), Writer()
    for _time in range(2):
        assert kept.of("1", "all", [1, 2], write) == {1: b"1", 2: b"2"}
    assert write.asked == [[1, 2], [1, 2]]
