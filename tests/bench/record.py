"""A record of any size, made by the product itself, for whatever is measured on one.

It says the same every time: half of the events are meetings, each has three
participations, a theme and two citations, of which every hundredth contradicts; few
officials, agencies, places and sources are in very many, most in few.
"""

import random
import shutil
from dataclasses import dataclass
from datetime import date, timedelta

from tests import PROJECT
from tests.bench.export import manage
from tests.multiplied import multiply

FOLDER = PROJECT / ".pytest_cache" / "bench"
PART = 10_000  # rows that are written in one change
FIRST = ("José", "María", "Łukasz", "Jørgen", "Ana", "Óscar", "Zoë", "Gregory", "Marta")
LAST = ("García", "Núñez", "Østergård", "Peña", "Müller", "Ibáñez", "Smith", "Morales")
SYLLABLES = (
    "ga",
    "ri",
    "ba",
    "lo",
    "me",
    "za",
    "nu",
    "que",
    "ver",
    "mon",
    "tal",
    "sar",
)
BEGIN, DAYS = date(1950, 1, 1), 27_500
KINDS = ("meeting",) * 5 + ("agreement",) * 2 + ("deployment",) * 3
LONG_BEFORE = "1949-12-01"


@dataclass(frozen=True)
class Size:
    """How many of each a record has."""

    events: int
    officials: int
    appointments: int
    observations: int
    posts: int = 1_000
    agencies: int = 2_000
    sources: int = 2_000
    places: int = 300
    themes: int = 50


SIZES = {
    "10k": Size(10_000, 20_000, 20_000, 10_000),
    "100k": Size(100_000, 50_000, 100_000, 100_000),
    "1M": Size(1_000_000, 50_000, 1_000_000, 1_000_000, posts=10_000),
}
# To write a million one by one takes hours.
MULTIPLIED = {"1M": ("100k", 10)}
COUNTED = """
from provenance.db.planning import count
count("timeline_event")
"""


def database_of(size):
    """The path of a database of this size, which is made if there is none yet."""
    from tests.databases import MIGRATED, key_of

    path = FOLDER / f"{size}-{key_of(MIGRATED)}.sqlite3"
    if not path.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        for stale in FOLDER.glob(f"{size}-*"):
            stale.unlink()
        unfinished = FOLDER / f"unfinished-{size}.sqlite3"
        unfinished.unlink(missing_ok=True)
        if size in MULTIPLIED:
            smaller, times = MULTIPLIED[size]
            shutil.copyfile(database_of(smaller), unfinished)
            multiply(unfinished, times)
            manage(unfinished, "index_words")
        else:
            manage(unfinished, "migrate", "--verbosity", "0")
            code = f"from tests.bench.record import fill; fill({size!r})"
            manage(unfinished, "shell", "--no-imports", "-c", code)
        manage(unfinished, "shell", "--no-imports", "-c", COUNTED)
        unfinished.rename(path)
    return path


def fill(size):
    """Writes a record of this size into the database of this process."""
    from django.conf import settings

    settings.DEBUG = False  # with it every statement would be kept, to be shown
    Filling(SIZES[size]).all()


class Filling:
    """The writing of one record."""

    def __init__(self, size):
        self.size, self.chance = size, random.Random(7)

    def all(self):
        self.subjects()
        self.offices()
        for start in range(0, self.size.events, PART):
            self.events(range(start, min(start + PART, self.size.events)))
        self.figures()

    # what events name

    def subjects(self):
        from entities.models import Agency, Official, Place
        from provenance.models import Source
        from timeline.models import Theme

        size = self.size
        numbers = range(size.sources)
        self.sources = self.write(
            Source,
            slug=[f"source-{n}" for n in numbers],
            title=[f"Report number {n} of the border desk" for n in numbers],
            kind=["news-article"] * size.sources,
            published=[f"{1990 + n % 36}-05-01" for n in numbers],
        )
        self.places = self.named(Place, size.places, "Town", "city")
        self.agencies = self.named(Agency, size.agencies, "Secretariat of", "ministry")
        self.themes = self.named(Theme, size.themes, "Matter of")
        numbers = range(size.officials)
        self.officials = self.write(
            Official,
            slug=[f"official-{n}" for n in numbers],
            name=[person(n) for n in numbers],
            family_name=[f"{word(n)} {LAST[n % len(LAST)]}" for n in numbers],
        )
        self.cite(Official, self.officials)

    def named(self, model, number, what, kind=None):
        columns = {
            "slug": [f"{model.type_name()}-{n}" for n in range(number)],
            "name": [f"{what} {word(n * 31)} {n}" for n in range(number)],
        }
        if kind:
            columns["kind"] = [kind] * number
        keys = self.write(model, **columns)
        self.cite(model, keys)
        return keys

    def offices(self):
        """Posts, each with holders who follow each other."""
        from entities.models import Appointment, Post

        size, numbers = self.size, range(self.size.posts)
        posts = self.write(
            Post,
            slug=[f"post-{n}" for n in numbers],
            title=[f"Director of {word(n * 13)} {n}" for n in numbers],
            agency_id=[self.agencies[n % size.agencies] for n in numbers],
        )
        self.cite(Post, posts)
        each, self.held = size.appointments // size.posts, {}
        span = DAYS // each
        for some in parts(range(size.appointments), PART):
            holders = [self.one_of(self.officials) for _n in some]
            since = [BEGIN + timedelta(days=n % each * span) for n in some]
            keys = self.write(
                Appointment,
                slug=[f"appointment-{n}" for n in some],
                official_id=holders,
                post_id=[posts[n // each] for n in some],
                kind=["substantive"] * len(some),
                start=[str(day) for day in since],
                end=[str(day + timedelta(days=span - 1)) for day in since],
            )
            self.held |= dict(zip(holders, keys, strict=True))
            self.cite(Appointment, keys)

    # events

    def events(self, numbers):
        from timeline.models import Agreement, Deployment, Meeting

        kinds = {
            Meeting: {"format": ("call", "visit", "workshop")},
            Agreement: {"kind": ("memorandum",), "state": ("signed",)},
            Deployment: {"kind": ("operation",)},
        }
        for model, words in kinds.items():
            some = [n for n in numbers if kind_of(n) == model.type_name()]
            begun = [BEGIN + timedelta(days=self.chance.randrange(DAYS)) for _n in some]
            start = [
                f"{day:%Y-%m}" if n % 10 == 4 else str(day)
                for n, day in zip(some, begun, strict=True)
            ]
            columns = {
                "slug": [f"event-{n}" for n in some],
                "title": list(map(title, some)),
                "summary": [f"Both sides met, number {n}." for n in some],
                "start": start,
                "place_id": [self.one_of(self.places) for _n in some],
                **{
                    name: [choices[n % len(choices)] for n in some]
                    for name, choices in words.items()
                },
            }
            if model is Deployment:
                columns["end"] = [str(day + timedelta(days=200)) for day in begun]
                columns["personnel"] = [str(n % 5000 + 1) for n in some]
            self.rows(some, self.write(model, **columns), start)

    def rows(self, numbers, keys, starts):
        """Who took part, what it was about, and what is cited for it."""
        from timeline.models import Capacity, Event, EventTheme, Participation

        people = [self.one_of(self.officials) for _key in 2 * keys]
        parties = self.write(
            Participation,
            event_id=[*keys, *keys, *keys],
            official_id=[*people, *([None] * len(keys))],
            agency_id=[None] * len(people)
            + [self.one_of(self.agencies) for _k in keys],
            role=["host"] * len(keys) + ["participant"] * len(people),
        )
        pairs = zip(parties, map(self.held.get, people), strict=False)
        in_office = [(party, office) for party, office in pairs if office]
        self.write(
            Capacity,
            participation_id=[party for party, _office in in_office],
            appointment_id=[office for _party, office in in_office],
        )
        self.write(
            EventTheme,
            event_id=keys,
            theme_id=[self.one_of(self.themes) for _key in keys],
        )
        self.cite(Event, keys)
        wrong = [n % 100 == 0 for n in numbers]
        self.write(
            Event.citation_model(),
            record_id=keys,
            source_id=[self.one_of(self.sources) for _key in keys],
            field=["start" if is_wrong else "title" for is_wrong in wrong],
            stated=[LONG_BEFORE if is_wrong else "" for is_wrong in wrong],
            checked_against=[
                start if is_wrong else title(n)
                for n, start, is_wrong in zip(numbers, starts, wrong, strict=True)
            ],
            locator=[f"p. {n % 40}" for n in numbers],
        )

    def figures(self):
        """One metric, with all observations."""
        from timeline.models import Metric, Observation

        (metric,) = self.write(
            Metric,
            slug=["encounters"],
            name=["Encounters"],
            unit=["persons"],
            kind=["level"],
        )
        self.cite(Metric, [metric])
        for some in parts(range(self.size.observations), PART):
            days = [str(date(1970, 1, 1) + timedelta(days=n % 20_000)) for n in some]
            keys = self.write(
                Observation,
                slug=[f"observation-{n}" for n in some],
                metric_id=[metric] * len(some),
                place_id=[self.places[0]] * len(some),
                value=[str(n % 9_999) for n in some],
                population=[f"group {n // 20_000}" for n in some],
                modality=["actual"] * len(some),
                start=days,
                end=days,
            )
            self.cite(Observation, keys)

    # how

    def write(self, model, **columns):
        """Writes rows as an import does; their keys."""
        from provenance.models import ChangeSet, Record
        from provenance.tracking.bulk import insert_columns
        from provenance.tracking.changes import changing

        number = len(next(iter(columns.values())))
        if issubclass(model, Record):
            columns["status"] = [Record.Status.PUBLISHED] * number
        with changing(ChangeSet.Path.OTHER, reason="Made to be measured") as change:
            return insert_columns(model, columns, change)

    def cite(self, model, keys):
        """Cites a source for each record as a whole."""
        self.write(
            model.citation_model(),
            record_id=keys,
            source_id=[self.one_of(self.sources) for _key in keys],
            locator=[f"para. {n % 40}" for n in range(len(keys))],
        )

    def one_of(self, keys):
        """One of these keys: the first far more often than the last."""
        return keys[int(len(keys) * self.chance.random() ** 3)]


def parts(numbers, size):
    """The numbers in ranges of this size."""
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]


def word(number):
    """A word that looks like a name, the same for the same number."""
    chance = random.Random(number)
    return "".join(chance.choices(SYLLABLES, k=4)).capitalize()


def person(number):
    return f"{FIRST[number % len(FIRST)]} {word(number)} {LAST[number % len(LAST)]}"


def kind_of(number):
    """Of ten events five are meetings and two agreements."""
    return KINDS[number % len(KINDS)]


def title(number):
    about, guest = word(number * 7), person(number % 997)
    return f"Talks on {about} with {guest}, file{number % 10_000}"
