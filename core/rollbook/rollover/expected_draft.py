"""Making a plan of what an operator has filled in: grades by their codes, numbers counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date

from rollbook.errors import ConfigInvalid, NotFound
from rollbook.rollover.expected_plan import (
    ClassFate,
    Entrants,
    ExpectedPlan,
    Leavers,
    SchoolMove,
    Total,
)
from rollbook.roster.grade_ladder import GradeLadder

MOST_DAYS = 92
"""Days that a plan may last: a summer."""

_MORE = 50
"""One in so many may enrol in a grade after it was counted."""


@dataclass(frozen=True, slots=True)
class Population:
    """Whom the district has: its schools by id, and students by school and code of the grade."""

    schools: Set[str]
    students: Mapping[tuple[str | None, str], int]

    def in_grade(self, grade: str, schools: Callable[[str | None], bool]) -> int:
        """The students in a grade at some schools."""
        return sum(
            n for (school, of), n in self.students.items() if of == grade and schools(school)
        )


def planned(
    plan: str,
    *,
    starts: date,
    ends: date,
    promotion: bool,
    classes: ClassFate,
    leavers: Iterable[tuple[str, str | None, int | None]],
    moves: Iterable[SchoolMove],
    entrants: Iterable[Entrants],
    totals: Iterable[tuple[str | None, int, int]],
    ladder: GradeLadder,
    population: Population,
) -> ExpectedPlan:
    """The plan, with the number of leavers counted where none is given.

    ``leavers`` are (grade, school, most), ``totals`` (school, least, most). Raises
    ``ConfigInvalid`` for what makes no sense and ``NotFound`` for a school that there is not.
    """
    _refuse_dates(starts, ends)
    check = _Checking(ladder, population)
    leaving = [(check.grade(grade), check.school(school), most) for grade, school, most in leavers]
    _refuse_doubles("leavers", [(grade, school) for grade, school, _ in leaving])
    own = {school for _, school, _ in leaving if school is not None}
    made = ExpectedPlan(
        id=plan,
        starts=starts,
        ends=ends,
        promotion=promotion,
        classes=classes,
        leavers=tuple(
            Leavers(grade, _most(grade, school, most, own, population), school)
            for grade, school, most in leaving
        ),
        moves=tuple(check.move(move) for move in moves),
        entrants=tuple(check.entrants(line) for line in entrants),
        totals={check.school(s): check.total(least, most) for s, least, most in totals},
    )
    _refuse_doubles("new students", [(line.grade, line.school) for line in made.entrants])
    _refuse_doubles("moves", [(move.grade, move.origin) for move in made.moves])
    if not (promotion or classes is not ClassFate.STAY or leaving or made.moves or made.entrants):
        raise ConfigInvalid(
            "the plan announces nothing.",
            remedy="Say who leaves, goes up, moves or comes, or what becomes of classes.",
        )
    return made


def _refuse_dates(starts: date, ends: date) -> None:
    if ends < starts:
        raise ConfigInvalid(f"a plan cannot end ({ends}) before it starts ({starts}).")
    days = (ends - starts).days + 1
    if days > MOST_DAYS:
        raise ConfigInvalid(
            f"a plan of {days} days is too long: at most {MOST_DAYS}.",
            remedy="Announce what comes first, and the rest when it is time.",
        )


def _refuse_doubles(what: str, keys: list[tuple[str, str | None]]) -> None:
    for grade, school in keys:
        if keys.count((grade, school)) > 1:
            place = f" at {school}" if school else ""
            raise ConfigInvalid(f"the {what} of grade {grade}{place} are announced twice.")


def _most(
    grade: str, school: str | None, most: int | None, own: Set[str], population: Population
) -> int:
    if most is not None:
        if most < 1:
            raise ConfigInvalid(f"{most} students of grade {grade} cannot leave.")
        return most
    count = population.in_grade(
        grade, lambda place: place == school if school is not None else place not in own
    )
    if not count:
        place = f" at {school}" if school else ""
        raise ConfigInvalid(
            f"nobody is in grade {grade}{place}.", remedy="Name the grade from which they leave."
        )
    return count + count // _MORE


@dataclass(frozen=True, slots=True)
class _Checking:
    ladder: GradeLadder
    population: Population

    def grade(self, written: str) -> str:
        code = self.ladder.code(written)
        if code is None:
            raise ConfigInvalid(
                f"no grade {written!r}.", remedy=f"Use one of {', '.join(self.ladder.order)}."
            )
        return code

    def school(self, school: str | None) -> str | None:
        if school is not None and school not in self.population.schools:
            raise NotFound(
                f"no school {school!r}.", remedy="Name it by the id that it has in the SIS."
            )
        return school

    def move(self, move: SchoolMove) -> SchoolMove:
        grade = self.grade(move.grade)
        if self.ladder.next(grade) is None:
            raise ConfigInvalid(f"grade {grade} leads to no other: nobody moves on from it.")
        self.school(move.origin)
        self.school(move.destination)
        if move.origin == move.destination:
            raise ConfigInvalid(f"a move of grade {grade} from {move.origin} to itself is none.")
        return SchoolMove(grade, move.origin, move.destination)

    def entrants(self, line: Entrants) -> Entrants:
        self._range(line.least, line.most)
        return Entrants(self.grade(line.grade), line.least, line.most, self.school(line.school))

    def total(self, least: int, most: int) -> Total:
        self._range(least, most)
        return Total(least, most)

    def _range(self, least: int, most: int) -> None:
        if not 0 <= least <= most:
            raise ConfigInvalid(
                f"{least} to {most} students is no range.", remedy="Write the smaller number first."
            )
