"""Has the SIS rolled up? Told from what students did, school by school, and from nothing else.

Pure: no calendar and no clock decides here. Whether a roll-up is due is asked elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rollbook.rollover.roll_up_evidence import Evidence, SchoolEvidence, Sorted, sort_moves
from rollbook.roster.grade_ladder import GRADED, GradeLadder
from rollbook.roster.grade_moves import Moves


class RollUpState(StrEnum):
    """How far a roll-up is. ``UNKNOWN``: there are too few who could tell."""

    NOT_YET = "not yet"
    PARTLY = "partly"
    DONE = "done"
    TWICE = "done twice"
    BACK = "taken back"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SchoolRollUp:
    """One school's state, its evidence, and the grades that lag behind the others (``partly``)."""

    school: str
    state: RollUpState
    evidence: Evidence
    grades: Mapping[str, Evidence]
    behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RollUp:
    """The district's state and every school's, those with the most students first."""

    state: RollUpState
    schools: tuple[SchoolRollUp, ...]
    seen: Sorted

    @property
    def evidence(self) -> Evidence:
        """The whole district's."""
        return self.seen.all

    def of(self, state: RollUpState) -> tuple[SchoolRollUp, ...]:
        """The schools in a state."""
        return tuple(school for school in self.schools if school.state is state)


FEW = 6
"""Students below whom a school alone tells nothing, and a grade nothing about its school."""

MOST = 0.7
"""Of those who came back: so many up and a school has rolled up. Between ``FEWEST`` and this it
has partly, as far as can be told: where credits count, a school may look so that is through."""

FEWEST = 0.15
"""Of those who came back: fewer up and nothing has happened but corrections."""

A_COUPLE = 2
"""Students who prove nothing about a school, whatever share of it they are."""

BEHIND = 0.15
"""Share of a grade that has gone up, up to which it has been left out while its school went on."""

STRAY = 0.05
"""Share of a district's students, up to which small schools that kept many back do not keep all of
it from being done; of ``SMALL`` ones, that is, where students repeat by the dozen."""

SMALL = 60


def detect(moves: Moves, ladder: GradeLadder) -> RollUp:
    """The state of the roll-up of a district whose students made these moves."""
    seen = sort_moves(moves, ladder)
    schools = [_school(name, found, seen.top) for name, found in seen.schools.items()]
    schools.sort(key=lambda school: (-school.evidence.decided, school.school))
    return RollUp(_district(schools, seen.all), tuple(schools), seen)


def _school(name: str, found: SchoolEvidence, top: str | None) -> SchoolRollUp:
    evidence = found.all
    state = _state(evidence) if evidence.decided >= FEW else RollUpState.UNKNOWN
    behind: tuple[str, ...] = ()
    if state is RollUpState.DONE:
        behind = _behind(found.grades, top)
        state = RollUpState.PARTLY if behind else state
    return SchoolRollUp(name, state, evidence, found.grades, behind)


def _state(evidence: Evidence) -> RollUpState:
    share = evidence.share
    if share(evidence.elsewhere) >= MOST:
        return RollUpState.UNKNOWN
    if share(evidence.two_up) >= MOST / 2 and evidence.two_up >= evidence.up:
        return RollUpState.TWICE
    if share(evidence.down) >= MOST / 2:
        return RollUpState.BACK
    up = evidence.up + evidence.two_up
    if share(up) <= FEWEST or up <= A_COUPLE < evidence.decided - up:
        return RollUpState.NOT_YET
    if share(up) >= MOST or evidence.decided - up <= A_COUPLE < up:
        return RollUpState.DONE
    return RollUpState.PARTLY


def _behind(grades: Mapping[str, Evidence], top: str | None) -> tuple[str, ...]:
    """Grades of a school that stayed while the others went up."""
    return tuple(
        grade
        for grade, evidence in sorted(grades.items())
        if grade in GRADED
        and grade != top
        and evidence.decided >= FEW
        and evidence.share(evidence.up + evidence.two_up) <= BEHIND
    )


def _district(schools: Iterable[SchoolRollUp], all_of_it: Evidence) -> RollUpState:
    telling = [school for school in schools if school.state is not RollUpState.UNKNOWN]
    if not telling:
        return _state(all_of_it) if all_of_it.decided else RollUpState.UNKNOWN
    states = {school.state for school in telling}
    for wrong in (RollUpState.TWICE, RollUpState.BACK):
        if wrong in states:
            return wrong
    if len(states) == 1:
        return states.pop()
    strays = sum(school.evidence.decided for school in telling if _is_stray(school))
    done = all(school.state is RollUpState.DONE or _is_stray(school) for school in telling)
    return RollUpState.DONE if done and strays <= STRAY * all_of_it.decided else RollUpState.PARTLY


def _is_stray(school: SchoolRollUp) -> bool:
    """Whether a school rolled up like the others but kept unusually many back."""
    return (
        school.state is RollUpState.PARTLY
        and not school.behind
        and school.evidence.decided <= SMALL
    )
