"""An import that is under way: what its tables share, and the rows taken at once."""

from collections import defaultdict
from dataclasses import dataclass, field

from ..tables import Fault


@dataclass
class Job:
    """An import that is under way: what its tables have in common."""

    change: object
    user: object = None  # has to be allowed each write; None is whoever runs a command
    attribution: object = None
    only_adds: bool = False  # whether rows on record stay, and none says otherwise
    sets_aside: bool = False  # whether what is right is written without what is wrong
    refused: dict = field(
        default_factory=dict
    )  # rows set aside: by table and line, why
    # By model: slugs that wrong rows kept out; None for all that a file may have held.
    withheld: dict = field(default_factory=lambda: defaultdict(set))

    def settles(self, imported):
        """Whether it is known which rows are set aside.

        Others may miss those that are left out: the rest is tried until it is right.
        """
        self.withheld.clear()
        found = imported.wrong
        known = {table: set(lines) for table, lines in self.refused.items()}
        if not self.sets_aside or imported.is_wrong:
            return True
        self.refused = found
        return known == {table: set(lines) for table, lines in found.items()}

    def withhold(self, model, slug=None):
        """Takes down that a record is missing only because its own row is wrong."""
        if model is None:
            return  # a table of several kinds, none of which others name
        if slug is None:
            self.withheld[model] = None
        elif self.withheld[model] is not None:
            self.withheld[model].add(slug)

    def is_withheld(self, model, slug):
        return any(
            slugs is None or slug in slugs
            for kind, slugs in self.withheld.items()
            if issubclass(kind, model)
        )


@dataclass(frozen=True)
class Recorded:
    """A row that is on record: its key in the database, and its cells as text."""

    pk: int
    texts: tuple[str, ...]


class Batch:
    """Rows that are read together; what is known of them is kept by their place."""

    def __init__(self, lines, rows):
        self.lines, self.rows = lines, rows
        self.faults = defaultdict(list)
        self.wrong_columns = defaultdict(set)
        self.made = []  # the places of new rows that were written
        self.written = {}  # by place: what became of rows on record, and of which cells
        self.same = []  # the places of rows that are on record as they are

    def refuse(self, place, error, column="", value=""):
        """Takes down what a ValidationError says is wrong with a row."""
        errors = getattr(error, "error_dict", None) or {column: error.error_list}
        for name, problems in errors.items():
            name = "" if name == "__all__" else name
            self.wrong_columns[place].add(name)
            for problem in problems:
                self.faults[place] += [
                    Fault(self.lines[place], message, name, value, problem.code or "")
                    for message in problem.messages
                ]

    def refuse_as_before(self, place, faults):
        """Takes down that a row was found to be wrong when all was read before."""
        self.wrong_columns[place] |= {fault.column for fault in faults}
        self.faults[place] += faults

    def is_right(self, place):
        return place not in self.wrong_columns
