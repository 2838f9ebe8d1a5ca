"""Reading uncertain dates and numbers, beside what others read them with."""

import random
from statistics import median
from time import perf_counter

from edtf import parse_edtf

from provenance.values.dates import PartialDate
from provenance.values.quantities import Quantity

ROUNDS = 5


def dates(number, seed):
    """Distinct texts of every form in the profile that the oracle reads too."""
    chance = random.Random(seed)
    for _ in range(number):
        year, month, day = (
            chance.randint(1000, 9000),
            chance.randint(1, 12),
            chance.randint(1, 28),
        )
        one = f"{year:04}-{month:02}-{day:02}"
        yield chance.choice(
            [
                f"{year:04}{chance.choice('?~%')}",
                f"{year:04}-{month:02}",
                one,
                f"{one}~",
                f"[{one}..{year + 1:04}-{month:02}-{day:02}]",
                f"[..{one}]",
            ]
        )


def quantities(number, seed):
    """Distinct texts of every form of a quantity."""
    chance = random.Random(seed)
    for _ in range(number):
        low = chance.randint(0, 10**9)
        yield chance.choice([f"{low}", f"~{low}", f">{low}", f"{low}..{low * 2 + 1}"])


def microseconds(parse, texts):
    """What one value costs, each parsed for the first time."""
    started = perf_counter()
    for text in texts:
        parse(text)
    return (perf_counter() - started) / len(texts) * 1e6


def measured():
    """For each thing its cost in every round; things take turns within a round."""
    costs = {}
    for turn in range(ROUNDS):
        for name, parse, texts in (
            ("a partial date", PartialDate, list(dates(20_000, turn))),
            ("a quantity", Quantity, list(quantities(20_000, turn))),
            ("a date by the edtf library", parse_edtf, list(dates(200, turn))),
        ):
            costs.setdefault(name, []).append(microseconds(parse, texts))
    return costs


def main():
    """Prints the median of each and its ratio to the first."""
    costs = {name: median(values) for name, values in measured().items()}
    first = next(iter(costs.values()))
    for name, cost in costs.items():
        print(f"{name:<28} {cost:>10.2f} microseconds   {cost / first:>8.1f} x")
