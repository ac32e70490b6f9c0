"""Confronting the detector with generated years, and counting where it is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from roll_ups.generated import Year, generated
from rollbook.rollover.roll_up import RollUpState, detect
from rollbook.roster.grade_ladder import ladder

Confusion = Counter[tuple[RollUpState, RollUpState]]
"""How often a state (first) was found to be one (second)."""

LADDER = ladder()


@dataclass
class Errors:
    """What was found, of districts and of their schools, and the seeds that were wrong."""

    districts: Confusion = field(default_factory=Counter)
    schools: Confusion = field(default_factory=Counter)
    wrong: list[int] = field(default_factory=list)

    def rate(self, of: Confusion) -> float:
        """Wrong verdicts as a share of all."""
        return sum(n for (true, found), n in of.items() if true is not found) / of.total()


def measured(seeds: Iterable[int]) -> Errors:
    """The detector's answers on the years of some seeds."""
    errors = Errors()
    for seed in seeds:
        year = generated(seed)
        answers = list(answered(year))
        errors.districts[answers[0]] += 1
        errors.schools.update(answers[1:])
        if answers[0][0] is not answers[0][1]:
            errors.wrong.append(seed)
    return errors


def answered(year: Year) -> Iterator[tuple[RollUpState, RollUpState]]:
    """What is true and what was found, of the district first and then of every school that has
    enough students to tell."""
    found = detect(year.moves, LADDER)
    yield year.district, found.state
    for school in found.schools:
        if school.state is not RollUpState.UNKNOWN and school.school in year.schools:
            yield year.schools[school.school], school.state
