"""What the page on security names is there."""

import re

import pytest

from tests import PROJECT

PAGE = (PROJECT / "docs" / "security.md").read_text()


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`([\w/]+\.py)`", PAGE))))
def test_a_place_that_the_page_names_is_there(path):
    assert path == "manage.py" or (PROJECT / path).is_file()


def test_each_chapter_of_the_standard_is_answered():
    answered = re.findall(r"^\| V(\d+)", PAGE, re.MULTILINE)
    assert {int(chapter) for chapter in answered} | {10} == set(range(1, 18))
