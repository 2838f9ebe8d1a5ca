"""How commands say what they did."""


def counted(number, noun):
    """So many of something, as “1 row” and “2 rows”."""
    return f"{number} {noun}{'s' * (number != 1)}"


def said_of_rows(writes, rows, dry_run, ending="."):
    """What came of the rows of an import that was right, as the last line says it."""
    if not writes:
        if rows == 1:
            return "Nothing has changed: the 1 row is on record as it is."
        return f"Nothing has changed: all {rows} rows are on record as they are."
    among = f"{writes} of {counted(rows, 'row')}"
    if dry_run:
        return f"{among} would be written; nothing was."
    return f"{among} {'was' if writes == 1 else 'were'} written{ending}"
