"""How many other spellings of a name are found, and how much else with them.

Every name stands in one table, so that what is measured is what curators are shown. Of
each person the first name is looked for among the others; two of the others count for
nothing, since they are found more easily.
"""

from dataclasses import dataclass

import pytest

from entities.models import Agency, Official
from provenance.review.duplicates import duplicates

from .name_variants import bodies, people

pytestmark = pytest.mark.django_db

LEAST_FOUND, LEAST_RIGHT = 0.85, 0.95


@dataclass(frozen=True)
class Measured:
    """What was found of how else names are written, and what was missed or wrong."""

    found: set
    missed: set
    wrong: set

    @property
    def recall(self):
        return len(self.found) / len(self.found | self.missed)

    @property
    def precision(self):
        return len(self.found) / len(self.found | self.wrong)

    def __str__(self):
        return (
            f"recall {self.recall:.3f}, precision {self.precision:.3f}; "
            f"missed {[*map(sorted, self.missed)]}, wrong {[*map(sorted, self.wrong)]}"
        )


def measured(model, written, **values):
    """What is found among all these names, each list of which is of one."""
    of_one, wanted, records = {}, set(), []
    for number, (first, *others) in enumerate(written):
        wanted |= {frozenset((first, other)) for other in others}
        of_one |= dict.fromkeys((first, *others), number)
    for place, name in enumerate(of_one):
        records.append(model(slug=f"name-{place}", name=name, **values))
    model.objects.bulk_create(records)
    pairs = {frozenset((p.one.name, p.other.name)) for p in duplicates(model)}
    wrong = {pair for pair in pairs if len({of_one[name] for name in pair}) > 1}
    return Measured(found=pairs & wanted, missed=wanted - pairs, wrong=wrong)


@pytest.mark.parametrize(
    ("model", "written", "values"),
    [
        pytest.param(Official, people(), {}, id="people"),
        pytest.param(Agency, bodies(), {"kind": "ministry"}, id="bodies"),
    ],
)
def test_other_spellings_are_found_and_other_names_are_not(model, written, values):
    result = measured(model, written, **values)
    assert result.recall >= LEAST_FOUND, str(result)
    assert result.precision >= LEAST_RIGHT, str(result)
