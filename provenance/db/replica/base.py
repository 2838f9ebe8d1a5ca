"""PostgreSQL, of which each step of a statement is waited for some seconds at most.

A server that hangs keeps its connections open and answers nothing; no timeout of its
own or of the network ends that. The primary can be asked instead, so it is given up.
"""

from types import SimpleNamespace

import psycopg
from django.db.backends.postgresql.base import DatabaseWrapper as Postgresql

LONGEST = 5  # seconds


class ImpatientConnection(psycopg.Connection):
    """One that is closed where the server says nothing for too long."""

    def wait(self, gen, *waiting, timeout=None, **more):
        try:
            return super().wait(gen, *waiting, timeout=timeout or LONGEST, **more)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == psycopg.pq.TransactionStatus.ACTIVE:
                self.pgconn.finish()  # nothing more can be asked in the middle of it
            raise


class DatabaseWrapper(Postgresql):
    """A replica, as Django asks it."""

    Database = SimpleNamespace(
        **{**vars(psycopg), "connect": ImpatientConnection.connect}
    )
