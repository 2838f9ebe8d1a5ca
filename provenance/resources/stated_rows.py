"""Rows of a file that are taken as what a source says of records on record."""

from django.core.exceptions import ValidationError

from .attribution import stated_in
from .outcome import Kind


def state_rows(reading, batch, places, keys, recorded, columns):
    """Cites what these rows say of their records as statements of the source."""
    _values, texts = reading.read(batch, places, columns, empty_says_nothing=True)
    right = [number for number, p in enumerate(places) if batch.is_right(p)]
    said = [
        (
            recorded[keys[places[number]]],
            {
                name: stated_in(cell) or texts[name][number]
                for name, cell in zip(
                    reading.headers, batch.rows[places[number]], strict=True
                )
            },
        )
        for number in right
    ]
    cited = reading.job.attribution.cite(reading, said)
    for number, found in zip(right, cited, strict=True):
        place = places[number]
        if isinstance(found, ValidationError):
            batch.refuse(place, found)
        elif found:
            batch.written[place] = (Kind.CLAIM, found)
        else:
            batch.same.append(place)
