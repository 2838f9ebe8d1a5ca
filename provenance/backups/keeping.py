"""Which backups are kept: of days, weeks and months some, of each the newest."""

from datetime import UTC, datetime

from .archive import NAME

# By which part of a moment those of one period are told.
PERIODS = {
    "daily": lambda moment: moment.date(),
    "weekly": lambda moment: moment.isocalendar()[:2],
    "monthly": lambda moment: (moment.year, moment.month),
}


def surplus(paths, keep):
    """Those of these archives that are not kept, with a number for each period.

    The newest of all is kept in any case, and a file of another name is none of ours.
    """
    moments = {path: moment for path in paths if (moment := _moment_of(path))}
    newest_first = sorted(moments, key=moments.get, reverse=True)
    kept = set(newest_first[:1])
    for period, number in keep.items():
        found = {}
        for path in newest_first:
            found.setdefault(PERIODS[period](moments[path]), path)
        kept.update(list(found.values())[:number])
    return [path for path in newest_first if path not in kept]


def _moment_of(path):
    found = NAME.fullmatch(path.name)
    if not found:
        return None
    return datetime.strptime(found[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
