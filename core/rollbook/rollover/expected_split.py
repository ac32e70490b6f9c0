"""Splitting a changeset into what a plan announced and what deviates from it. Pure.

What a plan says fits or fails as a whole, scope by scope: where more comes or goes than was
announced, or a total ends outside its range, the plan is void there and everything is judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rollbook.changes.changeset import Changeset
from rollbook.changes.columns import GROUP_CODES, Columns
from rollbook.changes.positions import Mask, Places
from rollbook.rollover.expected_belongings import Families, guardians_moving, with_belongings
from rollbook.rollover.expected_classes import OF_CLASSES, expected_classes, not_succeeded
from rollbook.rollover.expected_people import Chosen, ExpectedPeople, expected_people
from rollbook.rollover.expected_plan import ClassFate, Entrants, ExpectedPlan, Leavers
from rollbook.roster.changes import Verb
from rollbook.roster.grade_ladder import GradeLadder
from rollbook.roster.kinds import KIND_ORDER, Kind, RoleGroup

Used = Mapping[tuple[Kind, Verb, str | None], int]
"""What has gone in under a plan by now: students and classes by verb and school. A student who was
only disabled counts as removed."""

LEEWAY, LEEWAY_SHARE = 5, 0.1
"""How many more than there are may go up, or be replaced, over a whole plan; and how many students
whom nobody announced take a school out of its range."""


@dataclass(frozen=True, slots=True)
class Void:
    """Where a plan does not count in this run, and why in words; no school means the district."""

    school: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Split:
    """The changes that a plan announced, and where it is void."""

    expected: Mask
    void: tuple[Void, ...]


def split(
    changeset: Changeset,
    plan: ExpectedPlan,
    ladder: GradeLadder,
    *,
    used: Used,
    disabled: Mapping[str, str],
    families: Families,
    school_names: Mapping[str, str],
) -> Split:
    """The part of a changeset that is expected. ``disabled`` is as in ``expected_people``,
    ``families`` as in ``guardians_moving``."""
    splitting = _Splitting(changeset, plan, used, school_names)
    people = expected_people(changeset.changes, plan, ladder, disabled)
    found = splitting.of_people(people, families)
    found |= splitting.of_classes()
    splitting.outside_totals(found, people)
    return Split(found, tuple(splitting.void))


class _Splitting:
    """A split in the making: what is void is noted on the way."""

    def __init__(
        self, changeset: Changeset, plan: ExpectedPlan, used: Used, names: Mapping[str, str]
    ) -> None:
        self._changeset, self._plan, self._used = changeset, plan, used
        self._names = names
        self.void: list[Void] = []

    @property
    def _columns(self) -> Columns:
        return self._changeset.changes.columns

    def of_people(self, people: ExpectedPeople, families: Families) -> Mask:
        """What is expected of students, with what belongs to them."""
        leaving = self._within(people.leaving, self._plan.leavers, Verb.REMOVE)
        arriving = self._within(people.arriving, self._plan.entrants, Verb.ADD)
        rising = self._rising_once(people.rising)
        moving = people.moving[np.isin(people.moving, rising)]
        found = with_belongings(self._columns, leaving, arriving, moving, rising)
        schools = dict(zip(people.moving.tolist(), people.origins, strict=True))
        origins = [schools[place] for place in moving.tolist()]
        return found | guardians_moving(self._changeset.changes, moving, origins, families)

    def of_classes(self) -> Mask:
        """What is expected of classes and what is in them."""
        columns, fate = self._columns, self._plan.classes
        found = expected_classes(columns, fate)
        if fate is ClassFate.REPLACED:
            short = [*not_succeeded(columns, found)]
            self._void_classes(found, short, "gone, and too little of it comes in its place")
        self._void_classes(found, [*self._replaced_again(found)], "gone a second time")
        self._void_classes(found, [*self._grown(found)], "more of it comes than there was")
        return found

    def outside_totals(self, found: Mask, people: ExpectedPeople) -> None:
        """Let nothing pass, in place, where the students do not come to the announced number.

        On the way there a school may be outside its range, as between the days on which some leave
        and others come; so long as it is what the plan announced that takes it there.
        """
        columns = self._columns
        for school, total in (self._plan.totals or {}).items():
            students = (
                self._changeset.incoming_students
                if school is None
                else self._changeset.students_by_school.get(school, 0)
            )
            live = self._changeset.live.get((Kind.USER, school, RoleGroup.STUDENT), 0)
            strays = students - live - self._announced(found, people, school)
            below = students < total.least and strays <= -LEEWAY
            above = students > total.most and strays >= LEEWAY
            if not below and not above:
                continue
            self._note(
                school, f"{students:,} students, announced {total.least:,} to {total.most:,}"
            )
            if school is None:
                found[:] = False
                continue
            if school in columns.schools:
                found[columns.school == columns.schools.index(school)] = False
            came_from = np.array([origin == school for origin in people.origins], np.bool_)
            found[people.moving[came_from]] = False

    def _announced(self, found: Mask, people: ExpectedPeople, school: str | None) -> int:
        """How many more students a school has by what is expected; negative for fewer."""
        columns = self._columns
        here = np.ones(len(columns), np.bool_)
        moved = 0
        if school is not None:
            code = columns.schools.index(school) if school in columns.schools else -1
            here = columns.school == code
            moving = people.moving[found[people.moving]]
            left = [
                o == school for o, m in zip(people.origins, people.moving, strict=True) if found[m]
            ]
            moved = int(np.count_nonzero(here[moving])) - sum(left)
        students = found & here & (columns.group == GROUP_CODES[RoleGroup.STUDENT])
        come, gone = (
            int(np.count_nonzero(students[columns.places[Kind.USER, verb]]))
            for verb in (Verb.ADD, Verb.REMOVE)
        )
        return come - gone + moved

    def _within(self, chosen: Chosen, lines: Sequence[Leavers | Entrants], verb: Verb) -> Places:
        """The positions of the lines of which no more come or go than was announced."""
        keep = np.ones(len(chosen.places), np.bool_)
        for school in {line.school for line in lines}:
            numbers = [n for n, line in enumerate(lines) if line.school == school]
            most = sum(lines[n].most for n in numbers)
            here = np.isin(chosen.lines, numbers)
            now, before = int(np.count_nonzero(here)), used_by_line(self._used, lines, school, verb)
            if now and before + now > most:
                keep &= ~here
                what = "leave" if verb is Verb.REMOVE else "come"
                also = f" after {before:,} before" if before else ""
                self._note(school, f"{now:,} students {what}{also}, announced {most:,}")
        return chosen.places[keep]

    def _rising_once(self, rising: Places) -> Places:
        """Who goes up, less the schools where more would than there are: they have been before."""
        columns, changeset = self._columns, self._changeset
        keep = np.ones(len(rising), np.bool_)
        for code, now in enumerate(np.bincount(columns.school[rising]).tolist()):
            school = columns.schools[code]
            before = self._used.get((Kind.USER, Verb.UPDATE, school), 0)
            there = max(
                changeset.live.get((Kind.USER, school, RoleGroup.STUDENT), 0),
                changeset.students_by_school.get(school or "", 0),
            )
            if now and not _enough(before + now, there):
                keep &= columns.school[rising] != code
                self._note(school, f"{now:,} students go up a grade after {before:,} before")
        return rising[keep]

    def _replaced_again(self, found: Mask) -> Iterator[tuple[Kind, int]]:
        """The schools where more classes would have gone under this plan than there are."""
        columns, changeset = self._columns, self._changeset
        gone = columns.places[Kind.CLASS, Verb.REMOVE]
        now = np.bincount(columns.school[gone[found[gone]]], minlength=len(columns.schools))
        for code in np.flatnonzero(now).tolist():
            school = columns.schools[code]
            before = self._used.get((Kind.CLASS, Verb.REMOVE, school), 0)
            live = changeset.live.get((Kind.CLASS, school, None), 0)
            if before and not _enough(before + int(now[code]), live):
                yield Kind.CLASS, code

    def _grown(self, found: Mask) -> Iterator[tuple[Kind, int]]:
        """The schools where more classes would have come under this plan than there were."""
        columns, changeset = self._columns, self._changeset
        come = columns.places[Kind.CLASS, Verb.ADD]
        now = np.bincount(columns.school[come[found[come]]], minlength=len(columns.schools))
        for code in np.flatnonzero(now).tolist():
            school = columns.schools[code]
            before = self._used.get((Kind.CLASS, Verb.ADD, school), 0)
            live = changeset.live.get((Kind.CLASS, school, None), 0)
            there = live + self._used.get((Kind.CLASS, Verb.REMOVE, school), 0) - before
            if not _enough(before + int(now[code]), there):
                yield Kind.CLASS, code

    def _void_classes(self, found: Mask, where: Collection[tuple[Kind, int]], why: str) -> None:
        """Let no class or enrollment pass, in place, where one of these kinds does not fit."""
        columns = self._columns
        of_classes = np.isin(columns.kind, [KIND_ORDER[kind] for kind in OF_CLASSES])
        told: Counter[int] = Counter()
        for kind, code in where:
            found[of_classes & (columns.school == code)] = False
            told[code] += 1
            if told[code] == 1:
                what = kind.value.replace("_", " ")
                self._note(columns.schools[code], f"{what}: {why}")

    def _note(self, school: str | None, why: str) -> None:
        place = self._names.get(school, school) if school is not None else "the district"
        self.void.append(Void(school, f"{place}: {why}."))


def _enough(number: int, there: int) -> bool:
    return number <= there * (1 + LEEWAY_SHARE) + LEEWAY


def used_by_line(
    used: Used, lines: Sequence[Leavers | Entrants], school: str | None, verb: Verb
) -> int:
    """How many students have come or gone at a school by now; without one, at the schools that have
    no line of their own."""
    own = {line.school for line in lines} - {None}
    return sum(
        number
        for (kind, of, place), number in used.items()
        if kind is Kind.USER
        and of is verb
        and (place == school if school is not None else place not in own)
    )
