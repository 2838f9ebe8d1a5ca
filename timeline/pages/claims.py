"""What each source says of an observation: its value, its window, its baseline."""

from collections import defaultdict
from copy import copy
from dataclasses import dataclass
from functools import cached_property

from provenance.models import Citation
from provenance.values.contradiction import Standing

from ..models import Observation

SAID = ("value", "start", "end", "baseline_start", "baseline_end")
OTHERWISE = 4  # of one observation, beside what is recorded
IN_ALL = 60  # of all observations of a page
STRONGEST = (Standing.CONTRADICTS, Standing.COMPATIBLE, Standing.AGREES)


@dataclass(frozen=True)
class Claim:
    """What some sources say alike of one observation, or what is recorded of it.

    ``observation`` has their value and their dates in the place of those recorded.
    """

    observation: Observation
    standing: Standing
    citations: tuple[Citation, ...] = ()
    states_value: bool = True  # or only a date: what is recorded is shown
    is_settled: bool = False  # each that contradicts is assessed

    @property
    def value(self):
        return self.observation.value

    @property
    def is_recorded(self):
        return self.standing == Standing.AGREES

    @property
    def is_against(self):
        return self.standing == Standing.CONTRADICTS

    @cached_property
    def sources(self):
        """Those who say so, each once."""
        return list({one.source_id: one.source for one in self.citations}.values())


@dataclass(frozen=True)
class Claims:
    """What is recorded of an observation, and what others say instead."""

    recorded: Claim
    others: tuple[Claim, ...]
    left_out: int  # of what others say

    @property
    def all(self):
        return self.recorded, *self.others

    @property
    def support(self):
        """What bears out the value; where there is none, the observation."""
        supported = self.recorded.observation.supported
        return supported.get("value") or supported.get("")


def claims_on(observations):
    """What is said of each of these observations, which know their support.

    No more is told of one, or of all of them, than a page has room for.
    """
    told, room = [], IN_ALL
    for observation in observations:
        recorded, *others = _claims(observation)
        kept = others[: min(OTHERWISE, room)]
        room -= len(kept)
        told.append(Claims(recorded, tuple(kept), len(others) - len(kept)))
    return told


def _claims(observation):
    """What is recorded, and then what else is said, what is said of the value first."""
    recorded = tuple(str(getattr(observation, name)) for name in SAID)
    found = defaultdict(list)
    for citations in _by_source(observation).values():
        # A source may say one thing here and another there.
        for own in citations.get("value") or [None]:
            of_dates = [of[0] for name, of in citations.items() if name != "value"]
            cited = [one for one in (own, *of_dates) if one is not None]
            said = dict(zip(SAID, recorded, strict=True))
            said |= {one.field: _text(one, said[one.field]) for one, _how in cited}
            found[tuple(said.values()), own is not None].append(cited)
    supporting = found.pop((recorded, True), [])
    found.pop((recorded, False), None)
    yield Claim(observation, Standing.AGREES, _citations(supporting))
    for (texts, states_value), cited in sorted(
        found.items(), key=lambda one: not one[0][1]
    ):
        standings = {how for several in cited for _one, how in several}
        yield Claim(
            _as_said(observation, dict(zip(SAID, texts, strict=True))),
            next(how for how in STRONGEST if how in standings),
            _citations(cited),
            states_value,
            all(
                one.is_settled
                for several in cited
                for one, how in several
                if how == Standing.CONTRADICTS
            ),
        )


def _by_source(observation):
    """Citations of each source, with how they stand to the record, by their field."""
    found = defaultdict(lambda: defaultdict(list))
    for name in SAID:
        if support := observation.supported.get(name):
            for how, citations in (
                (Standing.CONTRADICTS, support.contradicting),
                (Standing.COMPATIBLE, support.consistent),
                (Standing.AGREES, support.supporting),
            ):
                for one in citations:
                    found[one.source_id][name].append((one, how))
    return found


def _text(citation, recorded):
    """What a source says; without words of its own, what it was cited for."""
    return citation.stated or citation.checked_against or recorded


def _citations(cited):
    """What the claim is cited from, each once: for the value where it is stated."""
    return tuple(several[0][0] for several in cited)


def _as_said(observation, said):
    """The observation as if this were recorded of it."""
    other = copy(observation)
    for name, text in said.items():
        if text != str(getattr(observation, name)):
            column = observation._meta.get_field(name)
            setattr(other, name, column.to_python(text))
    return other
