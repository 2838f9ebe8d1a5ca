"""Replicas of a PostgreSQL server, and which of them may answer in its place.

A replica is a hot standby, which repeats what the primary has written. How far behind
it is shows in positions of the write-ahead log alone: it has all that was committed
until a moment if it has replayed up to where the primary stood then. So no clock of
another machine is trusted, none seems late while nothing is written, and one that has
lost its primary does not seem current.
https://www.postgresql.org/docs/15/functions-admin.html#FUNCTIONS-RECOVERY-CONTROL
"""

import re
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import count
from math import inf
from threading import Lock
from time import monotonic
from typing import NamedTuple

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.utils import ConnectionHandler

LOOKED_AT_EACH = 1  # second
LEFT_ALONE = 5  # seconds, after it did not answer; then twice as long each time,
LEFT_LONGEST = 60  # for asking one that hangs takes seconds
A_POSITION = re.compile(r"([0-9A-F]{1,8})/([0-9A-F]{1,8})")

OK = "ok"
UNKNOWN = "not asked yet"
AWAY = "it does not answer"
BEHIND = "it is behind"
ASTRAY = "it has what the primary does not have"
PROMOTED = "it is no replica"


def position_of(text):
    """The position that PostgreSQL writes as ``16/B374D848``; ValueError if none is."""
    if not (found := A_POSITION.fullmatch(text)):
        raise ValueError(f"{text!r} is no position in a write-ahead log.")
    return int(found[1], 16) << 32 | int(found[2], 16)


class Written(NamedTuple):
    """How far a primary has written; each promotion begins another timeline."""

    timeline: str
    position: int


@dataclass
class Replica:
    """A replica, as it was when it was last asked."""

    alias: str
    state: str = UNKNOWN
    replayed: int = 0
    astray_at: int | None = None
    left_until: float = -inf
    silences: int = 0  # how often it did not answer, one after the other


class Servers:
    """A primary and its replicas, each with one connection of every thread that asks.

    They are none of ``DATABASES``: nobody is to migrate a replica, or to name one.
    """

    def __init__(self, primary, replicas):
        own = {f"replica_{n}": each for n, each in enumerate(replicas, start=1)}
        self.aliases = list(own)
        self._connections = ConnectionHandler({DEFAULT_DB_ALIAS: primary, **own})

    def written(self):
        """How far the primary has written, or None where it does not answer."""
        asked = "SELECT pg_current_wal_lsn(), pg_walfile_name(pg_current_wal_lsn())"
        if (told := self._ask(DEFAULT_DB_ALIAS, asked)) is None:
            return None
        return Written(told[1][:8], position_of(told[0]))

    def replayed(self, alias):
        """How far a replica is, 0 for what is none, and None for what is silent."""
        asked = "SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn()"
        if (told := self._ask(alias, asked)) is None:
            return None
        return position_of(told[1]) if told[0] else 0

    def _ask(self, alias, statement):
        connection = self._connections[alias]
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchone()
        except Error:
            connection.close()
            return None

    @contextmanager
    def in_place_of_the_primary(self, alias):
        """While this lasts the default database of this thread is a replica.

        A router would move what asks through models, and forget what asks through
        ``django.db.connection``: half of an answer would come from elsewhere.
        """
        primary, replica = connections[DEFAULT_DB_ALIAS], self._connections[alias]
        connections[DEFAULT_DB_ALIAS] = replica
        try:
            yield
        finally:
            connections[DEFAULT_DB_ALIAS] = primary
            replica.close_if_unusable_or_obsolete()


class Replicas:
    """Which replicas are current, looked at now and then, by whoever wants one.

    Current is one that has all that was committed so many seconds ago. While the
    primary is silent, those are that have all that any replica has ever had: with a
    synchronous one among them, all that anybody was told is committed.
    """

    def __init__(self, servers, limit, clock=monotonic):
        self.servers, self.limit, self.clock = servers, limit, clock
        self.all = [Replica(alias) for alias in servers.aliases]
        self._timeline, self._written = "", deque()  # (when, position) of the primary
        self._furthest = 0  # a replica has been
        self._look_at, self._looking, self._turns = -inf, Lock(), count()

    def choose(self, seen=0):
        """The alias of a replica that is current and has what is at a position.

        None if there is none. They take turns.
        """
        self.look()
        usable = [each for each in self.all if each.state == OK]
        usable = [each.alias for each in usable if each.replayed >= seen]
        return usable[next(self._turns) % len(usable)] if usable else None

    def behind(self, replica):
        """The bytes that one has still to repeat, as far as is known."""
        written = self._written[-1][1] if self._written else 0
        return max(written - replica.replayed, 0)

    def doubt(self):
        """Has them looked at again before the next one is chosen."""
        self._look_at = -inf

    def look(self):
        """Asks how far all are, unless that was done just now, or is being done."""
        if self.clock() < self._look_at or not self._looking.acquire(blocking=False):
            return
        try:
            self._look_at = self.clock() + LOOKED_AT_EACH
            self._ask_primary()
            for each in self.all:
                self._ask(each)
            # No replica is further than the primary is when it is asked after them.
            self._judge(self._ask_primary())
        finally:
            self._looking.release()

    def _ask_primary(self):
        now, written = self.clock(), self.servers.written()
        if written is None:
            return None
        timeline, position = written
        if timeline != self._timeline or position < self._written[-1][1]:
            self._timeline, self._furthest = timeline, 0
            self._written.clear()  # of another history: of what one had says nothing
        self._written.append((now, position))
        while self._written[0][0] < now - self.limit:
            self._written.popleft()
        return position

    def _ask(self, replica):
        if self.clock() < replica.left_until:
            return
        replayed = self.servers.replayed(replica.alias)
        if replayed is None:
            pause = min(LEFT_ALONE * 2 ** min(replica.silences, 10), LEFT_LONGEST)
            replica.state, replica.left_until = AWAY, self.clock() + pause
            replica.silences += 1
        else:
            replica.silences = 0
            replica.state = UNKNOWN if replayed else PROMOTED
            replica.replayed = replayed

    def _judge(self, written):
        asked = [each for each in self.all if each.state not in (AWAY, PROMOTED)]
        for each in asked:
            if written is not None and each.replayed > written:
                each.astray_at = each.replayed
            if each.replayed == each.astray_at:  # it cannot follow, so it stays there
                each.state = ASTRAY
            else:
                self._furthest = max(self._furthest, each.replayed)
        needed = self._written[0][1] if self._written else inf
        if written is None:
            needed = max(needed, self._furthest)
        for each in asked:
            if each.state != ASTRAY:
                each.state = OK if each.replayed >= needed else BEHIND


@cache
def of_this_site():
    """The replicas of the settings, or None where there are none."""
    if not settings.REPLICAS:
        return None
    servers = Servers(settings.DATABASES[DEFAULT_DB_ALIAS], settings.REPLICAS)
    return Replicas(servers, settings.REPLICA_LAG)
