"""A replica that hangs is given up, and the primary is asked."""

import os
import signal

import pytest
from django.db import OperationalError, connection

from provenance.db.replica import base
from tests.replicated import until

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite has no replicas."
    ),
]
ENDED = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s
"""


@pytest.fixture
def replica(monkeypatch):
    monkeypatch.setattr(base, "LONGEST", 0.2)
    options = {"application_name": "replica_1"}
    told = {**connection.settings_dict, "OPTIONS": options, "CONN_MAX_AGE": 0}
    wrapper = base.DatabaseWrapper(told, "replica_1")
    yield wrapper
    wrapper.close()
    until(is_gone)


def is_gone():
    """Whether the server has ended what nobody listens to any more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        return not cursor.execute(ENDED, ["replica_1"]).fetchall()


def asked(replica, statement):
    with replica.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def test_a_statement_that_is_answered_in_time_is_answered(replica):
    assert asked(replica, "SELECT 7") == [(7,)]


def test_a_statement_that_is_not_is_an_error_after_which_it_is_asked_anew(replica):
    with pytest.raises(OperationalError):
        asked(replica, "SELECT pg_sleep(60)")
    replica.close_if_unusable_or_obsolete()
    assert asked(replica, "SELECT 7") == [(7,)]


def test_a_server_that_is_stopped_is_not_waited_for(replica):
    ((process,),) = asked(replica, "SELECT pg_backend_pid()")
    os.kill(process, signal.SIGSTOP)
    try:
        with pytest.raises(OperationalError):
            asked(replica, "SELECT 7")
    finally:
        os.kill(process, signal.SIGCONT)
