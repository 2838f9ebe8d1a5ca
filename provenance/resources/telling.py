"""Tells the outcome of an import what became of the rows of a batch."""

from .outcome import CellOutcome, Kind, RowOutcome


def tell(reading, batch, keys):
    """Tells of each row that is wrong, new, changed or the same."""
    _tell_wrong(reading, batch, keys)
    _tell_made(reading, batch, keys)
    outcome = reading.outcome
    for place, (kind, cells) in sorted(batch.written.items()):
        if batch.is_right(place):
            outcome.count(kind, 1, batch.lines[place], cells)
            _show(reading, batch, keys, kind, place, cells)
    # The digest is of what is written, and these write nothing.
    outcome.counts[Kind.SAME] += len(batch.same)
    for place in batch.same:
        if not outcome.wants(Kind.SAME):
            break
        _show(reading, batch, keys, Kind.SAME, place)


def _tell_wrong(reading, batch, keys):
    for place in sorted(batch.wrong_columns):
        row, name = batch.rows[place], _name_of(reading, batch, keys, place)
        reading.outcome.refuse(batch.lines[place], batch.faults[place], name, row)
        if "slug" in reading.headers:
            reading.job.withhold(reading.model, row[reading.headers.index("slug")])


def _tell_made(reading, batch, keys):
    made = [place for place in batch.made if batch.is_right(place)]
    lines = [batch.lines[place] for place in made]
    rows = [batch.rows[place] for place in made]
    reading.outcome.count(Kind.NEW, len(made), lines, rows)
    for place, row in zip(made, rows, strict=True):
        if not reading.outcome.wants(Kind.NEW):
            break
        cells = zip(reading.headers, row, strict=True)
        cells = tuple(CellOutcome(name, "", text) for name, text in cells if text)
        _show(reading, batch, keys, Kind.NEW, place, cells)


def _show(reading, batch, keys, kind, place, cells=()):
    if reading.outcome.wants(kind):
        name = _name_of(reading, batch, keys, place)
        reading.outcome.show(RowOutcome(kind, batch.lines[place], name, cells))


def _name_of(reading, batch, keys, place):
    """What a row is called where it is told: its key as far as it has one."""
    row = batch.rows[place]
    key = keys[place] or tuple(row[number] for number in reading.key_places)
    return " ".join(filter(None, key))
