"""Where in a source something stands, as readers of Spanish are told it."""

import pytest
from django.utils.translation import override

from provenance.values.locators import spoken_locator


@pytest.mark.parametrize(
    ("locator", "told"),
    [
        ("para. 4", "párr. 4"),
        ("quoted, para. 4", "citado, párr. 4"),
        (
            'section "Mil-Mil Relations", para. 2',
            'sección "Mil-Mil Relations", párr. 2',
        ),
        ("panel list (in brackets)", "lista de panelistas (entre paréntesis)"),
        ("para. 1; photo caption", "párr. 1; pie de foto"),
        ("no. 5530932", "núm. 5530932"),
        ("", ""),
    ],
)
def test_usual_words_are_told_in_the_language_of_the_reader(locator, told):
    with override("es"):
        assert spoken_locator(locator) == told
    with override("en"):
        assert spoken_locator(locator) == locator


@pytest.mark.parametrize("locator", ["centre of the outline", "Para. 4", "para 4"])
def test_what_has_other_words_stays_as_it_is(locator):
    with override("es"):
        assert spoken_locator(locator) is None
