"""What is tried, how often is aimed at on each database, and what it shows."""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a line is made of, and what of it counts."""

    DRAWN = "drawn by lot: what each run tried adds up, over versions as well"
    WHOLE = "all that there is: what the last version that was tried has of it"
    ONE_GO = "as much as possible at once: the longest go of all"


@dataclass(frozen=True)
class Line:
    """Something that is tried; a test names it by ``pytest.mark.proves``.

    Its figures are called as it is, or begin so. An aim of 0 is all that there is.
    What is tried ``alone`` is so where it is named, as it takes the machine for itself.
    """

    name: str
    aim: int
    says: str
    kind: Kind = Kind.DRAWN
    alone: bool = False

    def names(self, figure):
        """Whether that is a figure of this line."""
        return figure == self.name or figure.startswith(f"{self.name} ")


LINES = (
    Line(
        "kill -9 in",
        1_000,
        "A process is killed while it changes the record: at one of its statements, "
        "after a share of its time, or when it had committed and not said so. Then all "
        "of it is on record or nothing, the history says what the tables hold, and "
        "whoever repeats it comes to the same end.",
    ),
    Line(
        "migrations that are killed",
        1_000,
        "Each migration since the oldest database that is kept, killed at any of its "
        "statements; called again it ends with the schema and the rows that it comes "
        "to if nobody disturbs it.",
    ),
    Line(
        "records migrated while somebody reads",
        1_000_000,
        "An old database with so many officials is brought up to date: nothing of them "
        "is lost, and but for the migrations that are told in docs/operations.md no "
        "reader waits for two seconds.",
        Kind.ONE_GO,
    ),
    Line(
        "edits of one record at once",
        100_000,
        "Eight processes write one record over the API, by its form and by files. Each "
        "mark is there, each version once, and history replays to the tables.",
    ),
    Line(
        "disks that are full after some pages",
        0,
        "An import meets the end of the disk at any of its pages: it says so once, and "
        "every byte is as before.",
        Kind.WHOLE,
    ),
    Line(
        "writes to what can only be read",
        0,
        "Over the API, by forms, files and signing in: each is told so once, with 503, "
        "writes nothing and can be repeated; readers notice nothing.",
        Kind.WHOLE,
    ),
    Line(
        "connections that are lost in a request",
        1_000,
        "The server ends the connection at any of its statements: all is on record or "
        "nothing, 503 says so, and the next request goes on.",
    ),
    Line(
        "connections that are lost in a worker",
        1_000,
        "The server ends the connection at any of its statements: all is on record and "
        "told or nothing, and the next worker goes on.",
    ),
    Line(
        "servers that go and come",
        50,
        "The server of the database is killed beneath the site as it is deployed, and "
        "begun again: 503 meanwhile, nothing that was acknowledged is lost, and the "
        "site goes on by itself.",
    ),
    Line(
        "slow clients",
        200,
        "More of them than the site has processes send or read a little and wait: "
        "others are answered, and who reads on gets all of it.",
    ),
    Line(
        "clocks that jump back between two changes",
        0,
        "By a microsecond up to ten years: history keeps the order of the commits, and "
        "of each moment it tells what was known then.",
        Kind.WHOLE,
    ),
    Line(
        "backups while somebody writes",
        100,
        "A copy that is made meanwhile is whole, and has all that was committed "
        "before.",
    ),
    Line(
        "records with hostile text, out and in again",
        100_000,
        "They go out as CSV and in again through both databases, and come back to the "
        "byte.",
    ),
    Line(
        "bombs",
        0,
        "Archives, workbooks, XML, PDF, pictures, JSON, forms and addresses that cost "
        "little to send and much to read: each is refused within a second of the "
        "processor and 64 MiB.",
        Kind.WHOLE,
    ),
    Line(
        "texts that are to keep a regular expression busy",
        0,
        "60,000 characters of what regular expressions go wrong at, tried with each of "
        "ours that meets what others write: none takes a second for all of them.",
        Kind.WHOLE,
    ),
    Line(
        "seconds of mixed load",
        7_200,
        "The site as it is deployed is asked four fifths of what it can do, in one go: "
        "each request is answered, and neither memory nor open files, connections, "
        "temporary tables or files grow.",
        Kind.ONE_GO,
        alone=True,
    ),
    Line(
        "hidden things asked for",
        0,
        "Every address of the site, by everybody who may not see all of it, with each "
        "method: no draft, private note, hidden file or comment is in any answer.",
        Kind.WHOLE,
    ),
    Line(
        "whatever is asked of the API or sent to it",
        250_000,
        "Questions, addresses, bodies and tables that are made up: each has a "
        "documented answer.",
    ),
    Line(
        "whatever the API says can be asked",
        100_000,
        "Schemathesis makes requests of the description of the API, right and wrong "
        "ones: each answer is one that the description has.",
    ),
    Line(
        "whatever is asked of pages and the desk",
        150_000,
        "Addresses and questions that are made up, by a stranger and by a curator: "
        "none is a fault.",
    ),
)


def line_named(name):
    """The line of this name."""
    return next(line for line in LINES if line.name == name)
