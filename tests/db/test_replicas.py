"""A replica answers for the primary while it is known to lack nothing that matters."""

import pytest

from provenance.db.replicas import (
    ASTRAY,
    AWAY,
    BEHIND,
    LEFT_ALONE,
    OK,
    PROMOTED,
    UNKNOWN,
    Replicas,
    Written,
    position_of,
)

LIMIT = 5  # seconds


class Described:
    """Servers as a test says they are; each of them may be silent (None)."""

    aliases = ["near", "far"]

    def __init__(self, written=100, near=100, far=100, timeline="1"):
        self.now, self.asked = 0.0, []
        self.position, self.timeline = written, timeline
        self.at = {"near": near, "far": far}

    def written(self):
        self.asked.append("primary")
        return self.position and Written(self.timeline, self.position)

    def replayed(self, alias):
        self.asked.append(alias)
        return self.at[alias]

    def states(self):
        self.replicas.doubt()
        self.replicas.look()
        return [each.state for each in self.replicas.all]

    def chosen(self, seen=0):
        """Who answers requests, one after the other."""
        return {self.replicas.choose(seen) for _turn in range(4)}


@pytest.fixture
def servers(request):
    described = Described(**getattr(request, "param", {}))
    described.replicas = Replicas(described, LIMIT, clock=lambda: described.now)
    return described


@pytest.mark.parametrize(
    ("servers", "states"),
    [
        ({}, [OK, OK]),
        ({"near": 99}, [BEHIND, OK]),
        ({"near": None}, [AWAY, OK]),
        ({"near": 0}, [PROMOTED, OK]),
        ({"near": 101}, [ASTRAY, OK]),
        ({"near": None, "far": 7}, [AWAY, BEHIND]),
        ({"written": None}, [BEHIND, BEHIND]),  # of which nobody knows how far they are
    ],
    indirect=["servers"],
)
def test_a_replica_is_used_if_it_is_known_to_be_current(servers, states):
    assert [each.state for each in servers.replicas.all] == [UNKNOWN, UNKNOWN]
    current = {
        name
        for name, state in zip(Described.aliases, states, strict=True)
        if state == OK
    }
    assert servers.chosen() == (current or {None})
    assert servers.states() == states


def test_a_replica_may_lack_what_was_written_within_the_limit(servers):
    servers.replicas.look()
    for second in range(1, LIMIT + 1):
        servers.now, servers.position = second, 100 + second
        servers.at["far"] = servers.position
        assert servers.states() == [OK, OK]
    servers.now, servers.position = LIMIT + 1, 200
    assert servers.states() == [BEHIND, OK]  # 105, where the primary was a second ago
    servers.at["near"] = 104
    assert servers.states() == [OK, OK]


def test_who_has_seen_a_later_state_is_sent_to_who_has_it(servers):
    servers.replicas.look()
    servers.now, servers.position, servers.at["far"] = 1, 110, 110
    assert servers.chosen(seen=105) == {"far"}
    assert servers.chosen(seen=111) == {None}
    assert servers.chosen(seen=100) == {"near", "far"}


def test_they_are_asked_once_a_second_at_most(servers):
    servers.chosen()
    servers.now = 0.9
    servers.chosen()
    assert servers.asked == ["primary", "near", "far", "primary"]
    servers.now = 1.0
    servers.chosen()
    assert len(servers.asked) == 8


def test_one_that_was_silent_is_left_alone_and_comes_back(servers):
    servers.at["near"] = None
    assert servers.chosen() == {"far"}
    servers.at["near"] = 100
    servers.now = LEFT_ALONE - 1
    assert servers.chosen() == {"far"}
    assert servers.asked.count("near") == 1
    servers.now = LEFT_ALONE
    assert servers.chosen() == {"near", "far"}


def test_one_that_stays_silent_is_asked_less_and_less_often(servers):
    servers.at["near"] = None
    for second in range(600):
        servers.now = float(second)
        assert servers.chosen() == {"far"}
    assert servers.asked.count("near") < 15


def test_while_the_primary_is_silent_those_that_were_current_answer(servers):
    servers.at["far"] = 99
    servers.chosen()
    servers.now, servers.position = 10 * LIMIT, None
    assert servers.chosen() == {"near"}


def test_while_the_primary_is_silent_only_those_answer_that_have_the_most(servers):
    servers.replicas.look()
    servers.now, servers.position, servers.at["far"] = 1, 110, 110
    assert servers.states() == [OK, OK]
    servers.position = None
    assert servers.states() == [BEHIND, OK]
    servers.at["far"] = 0  # it is the primary now, which is not known yet
    assert servers.states() == [BEHIND, PROMOTED]
    servers.position, servers.timeline = 110, "2"
    servers.at["near"] = 110
    assert servers.states() == [OK, PROMOTED]


def test_one_that_follows_a_former_primary_is_not_used(servers):
    servers.at["near"] = 105
    assert servers.states() == [ASTRAY, OK]
    servers.position = 110  # the new one comes past the place where that one stands
    assert servers.states() == [ASTRAY, OK]
    servers.now = LIMIT + 1
    assert servers.states() == [ASTRAY, BEHIND]
    servers.at = {"near": 90, "far": 110}  # it was made a replica again
    assert servers.states() == [BEHIND, OK]
    servers.at["near"] = 110
    assert servers.states() == [OK, OK]


def test_what_a_former_primary_had_written_says_nothing_of_a_new_one(servers):
    assert servers.states() == [OK, OK]
    servers.timeline, servers.position, servers.at["far"] = "2", 103, 103
    servers.at["near"] = 102  # of what nobody has but the former primary
    assert servers.states() == [BEHIND, OK]


def test_positions_are_read_as_the_server_writes_them():
    assert position_of("0/0") == 0
    assert position_of("16/B374D848") == 0x16_B374D848
    assert position_of("FFFFFFFF/FFFFFFFF") == 2**64 - 1


@pytest.mark.parametrize(
    "text", ["", "16", "16/", "16/B374D8481", "16/b3", "-1/2", "é/1"]
)
def test_what_is_no_position_is_told_so(text):
    with pytest.raises(ValueError, match="no position"):
        position_of(text)
