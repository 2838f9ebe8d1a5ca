"""Tables: written as CSV in one way, read strictly, and the same after both.

They are read out of workbooks as well, as they stand there.

A cell that a spreadsheet would run as a formula gets an apostrophe in front when it is
written, and loses it again when read. Of this app it imports ``values`` alone.
"""

from .all_rows import Table, read_table
from .contents import ENCODINGS
from .dialects import Dialect
from .faults import MAX_FAULTS, WHY, Fault, MadeLine, TableError, made_of, shown
from .formulas import escaped, restored
from .limits import FOLDER, UPLOAD, Limits
from .sheets import Sheet, open_sheet
from .suspicions import suspicions
from .workbooks import Typed
from .writing import lines_of, write_table

MAX_BYTES = UPLOAD.bytes

__all__ = [
    "ENCODINGS",
    "FOLDER",
    "MAX_BYTES",
    "MAX_FAULTS",
    "UPLOAD",
    "WHY",
    "Dialect",
    "Fault",
    "Limits",
    "MadeLine",
    "Sheet",
    "Table",
    "TableError",
    "Typed",
    "escaped",
    "lines_of",
    "made_of",
    "open_sheet",
    "read_table",
    "restored",
    "shown",
    "suspicions",
    "write_table",
]
