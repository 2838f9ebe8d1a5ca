"""What is wrong with other people's files, as a mapping finds it."""

from itertools import chain

from provenance.resources.importing import Unreadable
from provenance.tables import TableError


def faults_for(mapping, sheet):
    """What is wrong with a foreign file for a mapping, as line, column and message.

    It is another file than the mapping is for, or rows of it are wrong.
    """
    try:
        sheets = mapping.apply(sheet)
    except TableError as refused:
        found = refused.faults
    else:
        read = [one for _table, one in sheets if not isinstance(one, Unreadable)]
        wrong = chain.from_iterable(one.wrong.values() for one in read)
        of_rows = chain.from_iterable(sheets.wrong.values())
        wrong = [*sheets.faults, *of_rows, *chain.from_iterable(wrong)]
        found = sorted(wrong, key=lambda fault: fault.line)
    assert found
    return [(one.line, one.column, one.message) for one in found]
