"""Of what is read a replica answers only what it may, and the reader never notices."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone

from provenance.db.replicas import Replica
from provenance.web import health, replica_reads
from provenance.web.replica_reads import COOKIE, HEADER, ReplicaReads

CURRENT = 0x1_0000_00FF  # up to where the only replica is, as 1/FF
SIGNED_IN = {"HTTP_COOKIE": "sessionid=abc"}
LONG_AGO = "2024-02-01T12:00:00Z"


class OneReplica:
    """A replica that is current, and what was asked while it led."""

    def __init__(self):
        self.servers, self.all, self.leads, self.is_doubted = self, [], False, False

    def choose(self, seen):
        return "replica_1" if seen <= CURRENT else None

    def doubt(self):
        self.is_doubted = True

    @contextmanager
    def in_place_of_the_primary(self, _alias):
        self.leads = True
        try:
            yield
        finally:
            self.leads = False


@pytest.fixture
def replica(monkeypatch):
    replica = OneReplica()
    monkeypatch.setattr(replica_reads, "of_this_site", lambda: replica)
    position = Cursor("1/FF")
    monkeypatch.setattr(replica_reads, "connection", position)
    return replica


class Cursor:
    """A database that answers everything with one value, or with an error."""

    def __init__(self, value):
        self.value = value

    def cursor(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        return None

    def execute(self, _statement):
        if isinstance(self.value, Exception):
            raise self.value

    def fetchone(self):
        return (self.value,)


def who_answers(replica, request):
    answer = ReplicaReads(
        lambda _request: HttpResponse("replica" if replica.leads else "primary")
    )(request)
    assert not replica.leads
    return answer.content.decode()


@pytest.mark.parametrize(
    ("method", "parameters", "headers", "answers"),
    [
        ("get", {}, {}, "replica"),
        ("head", {}, {}, "replica"),
        ("options", {}, {}, "primary"),
        ("post", {}, {}, "primary"),
        ("put", {}, {}, "primary"),
        ("patch", {}, {}, "primary"),
        ("delete", {}, {}, "primary"),
        # Who shows who they are has rights, which end at once.
        ("get", {}, SIGNED_IN, "primary"),
        ("get", {}, {"HTTP_AUTHORIZATION": "Token abc"}, "primary"),
        ("get", {}, {"HTTP_COOKIE": "csrftoken=abc"}, "replica"),
        # Who has seen, or written, more than the replica has.
        ("get", {}, {"HTTP_X_CONSISTENCY_TOKEN": "1/FE"}, "replica"),
        ("get", {}, {"HTTP_X_CONSISTENCY_TOKEN": "1/FF"}, "replica"),
        ("get", {}, {"HTTP_X_CONSISTENCY_TOKEN": "1/100"}, "primary"),
        ("get", {}, {"HTTP_COOKIE": "consistency=1/FF"}, "replica"),
        ("get", {}, {"HTTP_COOKIE": "consistency=2/0"}, "primary"),
        (
            "get",
            {},
            {"HTTP_X_CONSISTENCY_TOKEN": "1/0", "HTTP_COOKIE": "consistency=2/0"},
            "primary",
        ),
        # What no server has written is read where nothing can be missing.
        ("get", {}, {"HTTP_X_CONSISTENCY_TOKEN": "latest"}, "primary"),
        ("get", {}, {"HTTP_X_CONSISTENCY_TOKEN": "1/FF; 1/FE"}, "primary"),
        ("get", {}, {"HTTP_X_CONSISTENCY_TOKEN": ""}, "replica"),
        # What was known at a moment has to be there whole.
        ("get", {"known_at": LONG_AGO}, {}, "replica"),
        ("get", {"known_at": "2024-02-01"}, {}, "replica"),
        ("get", {"known_at": ""}, {}, "replica"),
        ("get", {"known_at": "now"}, {}, "primary"),
        ("get", {"known_at": f"{timezone.now():%Y-%m-%d}"}, {}, "primary"),
        ("get", {"known_at": f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}"}, {}, "primary"),
        (
            "get",
            {"known_at": f"{timezone.now() - timedelta(days=1):%Y-%m-%d}"},
            {},
            "primary",
        ),
        ("get", {"known_at": [LONG_AGO, "9999-01-01"]}, {}, "primary"),
    ],
)
def test_who_answers(rf, replica, method, parameters, headers, answers):
    address = "/api/v1/meetings/"
    request = getattr(rf, method)(address, query_params=parameters, **headers)
    assert who_answers(replica, request) == answers


def test_without_a_current_replica_the_primary_answers(rf, replica):
    replica.choose = lambda _seen: None
    assert who_answers(replica, rf.get("/")) == "primary"


def test_a_site_without_replicas_does_without_all_this(monkeypatch):
    monkeypatch.setattr(replica_reads, "of_this_site", lambda: None)
    with pytest.raises(MiddlewareNotUsed):
        ReplicaReads(HttpResponse)


def test_what_a_replica_cannot_answer_the_primary_does_as_if_asked_first(rf, replica):
    seen = []

    def view(request):
        seen.append((replica.leads, hasattr(request, "user")))
        request.user = "nobody"
        return HttpResponse(status=500 if replica.leads else 200)

    answer = ReplicaReads(view)(rf.get("/"))
    assert (answer.status_code, replica.is_doubted) == (200, True)
    assert seen == [(True, False), (False, False)]


def test_a_missing_page_of_a_replica_is_not_asked_for_twice(rf, replica):
    answer = ReplicaReads(lambda _request: HttpResponse(status=404))(rf.get("/"))
    assert (answer.status_code, replica.is_doubted) == (404, False)


def test_a_file_comes_from_one_server_to_its_end(rf, replica):
    def blocks():
        for _block in range(3):
            yield b"replica " if replica.leads else b"primary "

    closed = []
    whole = StreamingHttpResponse(blocks())
    whole._resource_closers.append(lambda: closed.append(replica.leads))
    answer = ReplicaReads(lambda _request: whole)(rf.get("/"))
    assert b"".join(answer) == b"replica replica replica "
    answer.close()
    assert (closed, replica.leads) == ([True], False)


def test_an_error_beneath_gives_the_thread_its_primary_back(rf, replica):
    def broken(_request):
        raise SystemExit

    with pytest.raises(SystemExit):
        ReplicaReads(broken)(rf.get("/"))
    assert not replica.leads


def test_who_may_have_written_is_told_up_to_where(rf, replica):
    answer = ReplicaReads(lambda _request: HttpResponse())(rf.post("/"))
    assert answer[HEADER] == answer.cookies[COOKIE].value == "1/FF"
    told = answer.cookies[COOKIE]
    assert (told["httponly"], told["samesite"], told["max-age"]) == (True, "Lax", 3600)
    by_token = rf.post("/", HTTP_AUTHORIZATION="Token abc")
    answer = ReplicaReads(lambda _request: HttpResponse())(by_token)
    assert (answer[HEADER], COOKIE in answer.cookies) == ("1/FF", False)
    read = ReplicaReads(lambda _request: HttpResponse())(rf.get("/"))
    assert HEADER not in read


def test_what_was_written_before_the_primary_fell_silent_is_sought_there(
    rf, replica, monkeypatch
):
    monkeypatch.setattr(
        replica_reads, "connection", Cursor(replica_reads.Error("it is gone"))
    )
    answer = ReplicaReads(lambda _request: HttpResponse())(rf.post("/"))
    assert answer.status_code == 200
    asked = rf.get("/", HTTP_X_CONSISTENCY_TOKEN=answer[HEADER])
    assert who_answers(replica, asked) == "primary"


def test_readiness_tells_how_replicas_are_and_does_not_need_them(rf, monkeypatch):
    class Two:
        all = [
            Replica("replica_1", "it does not answer"),
            Replica("replica_2", "it is behind"),
        ]

        def look(self):
            """They were looked at."""

    monkeypatch.setattr(health, "of_this_site", Two)
    monkeypatch.setattr(health, "checked", lambda: {"database": "ok"})
    answer = health.Health(None)(rf.get("/readyz"))
    assert answer.status_code == 200
    assert b'"replica_1": "it does not answer"' in answer.content
