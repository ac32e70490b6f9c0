"""Districts between two school years, of many kinds, with what really happened to them."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

from rollbook.rollover.roll_up import RollUpState
from rollbook.roster.grade_moves import Moves, Place

GRADES = ("KG", *(f"{number:02}" for number in range(1, 13)))

KINDS = ("K-12", "K-8", "9-12", "K-6", "forty", "large", "alternative", "preschool")
"""Kinds of districts: see ``_schools``."""

TRUTHS = (
    *("nothing", "seniors removed early", "done", "graduates kept", "some schools"),
    *("half of each school", "some grades", "twice", "some schools twice", "taken back"),
)
"""What the SIS did."""


@dataclass
class Student:
    """One student: where last year, where now; ``school`` is ``None`` for who has left."""

    was: Place
    grade: int
    school: str | None
    now: str = ""
    stays: bool = False


@dataclass
class Year:
    """A district between two years, what was done, and what has to be found."""

    kind: str
    truth: str
    moves: Moves
    district: RollUpState
    schools: dict[str, RollUpState] = field(default_factory=dict)


def generated(seed: int) -> Year:
    """The year of a seed: kinds and truths take turns, the rest is chance."""
    chance = random.Random(seed)
    kind = KINDS[seed % len(KINDS)]
    truth = TRUTHS[seed // len(KINDS) % len(TRUTHS)]
    schools = _schools(kind, chance)
    if len(schools) < 2 and truth.startswith("some schools"):
        truth = "done"
    return _year(kind, truth, schools, chance)


def _schools(kind: str, chance: random.Random) -> dict[str, dict[int, int]]:
    """Schools with their students by the place of the grade among ``GRADES``."""

    def spread(low: int, high: int, size: int) -> dict[int, int]:
        return {g: max(1, round(size * chance.uniform(0.75, 1.25))) for g in range(low, high + 1)}

    size = chance.choice((12, 20, 45, 80))
    match kind:
        case "K-12":
            found = {f"e{n}": spread(0, 5, size) for n in range(chance.randint(1, 5))}
            found["m"] = spread(6, 8, size * len(found))
            found["h"] = spread(9, 12, size * (len(found) - 1))
        case "K-8":
            found = {f"e{n}": spread(0, 8, size) for n in range(chance.randint(1, 4))}
        case "9-12":
            found = {f"h{n}": spread(9, 12, size * 3) for n in range(chance.randint(1, 3))}
        case "K-6":
            found = {"lower": spread(0, 3, size), "upper": spread(4, 6, size)}
        case "forty":
            found = {"only": spread(0, 12, 3)}
        case "large":
            found = {f"e{n:02}": spread(0, 5, size) for n in range(20)}
            found |= {f"m{n}": spread(6, 8, size * 4) for n in range(5)}
            found |= {f"h{n}": spread(9, 12, size * 5) for n in range(4)}
        case "alternative":
            found = {"e": spread(0, 5, 60), "m": spread(6, 8, 60), "h": spread(9, 12, 60)}
            found["alternative"] = spread(9, 12, 8)
        case _:
            found = {"early": {}, "e": spread(0, 5, size), "m": spread(6, 12, size)}
    return found


def _year(kind: str, truth: str, schools: dict[str, dict[int, int]], chance: random.Random) -> Year:
    students = [
        Student(Place(school, GRADES[grade]), grade, school)
        for school, grades in schools.items()
        for grade, number in grades.items()
        for _ in range(number)
    ]
    top = max(student.grade for student in students)
    rolls, behind = _who_rolls(truth, schools, top, chance)
    _live(students, kind, chance)
    expected = {school: _expected(truth, school in rolls, behind.get(school)) for school in schools}
    half = chance.uniform(0.4, 0.6)
    for student in students:
        steps = _steps(student, truth, rolls, behind, half, chance)
        _climb(student, steps, top, schools, truth, chance)
    _reorganise(students, truth, chance)
    moves: Counter[tuple[Place | None, Place | None]] = Counter()
    for student in students:
        now = Place(student.school, student.now) if student.school is not None else None
        moves[student.was, now] += 1
    _strangers(moves, schools, truth, chance)
    if kind == "preschool":
        moves[Place("early", "PK"), Place("early", "PK")] += chance.randint(5, 15)
        if truth not in ("nothing", "seniors removed early"):
            moves[Place("early", "PK"), Place("e", "KG")] += chance.randint(5, 15)
    expected.pop("early", None)
    states = set(expected.values())
    for wrong in (RollUpState.TWICE, RollUpState.BACK):
        if wrong in states:
            states = {wrong}
    district = states.pop() if len(states) == 1 else RollUpState.PARTLY
    return Year(kind, truth, moves, district, expected)


def _who_rolls(
    truth: str, schools: dict[str, dict[int, int]], top: int, chance: random.Random
) -> tuple[set[str], dict[str, set[int]]]:
    """The schools that roll up (or do so twice), and the grades that are left out in some."""
    names = list(schools)
    if truth in ("nothing", "seniors removed early"):
        return set(), {}
    if truth.startswith("some schools"):
        large = [n for n in names if sum(schools[n].values()) >= 40] or names
        return set(chance.sample(large, chance.randint(1, max(1, len(large) - 1)))), {}
    behind: dict[str, set[int]] = {}
    if truth == "some grades":
        for name in names:
            could = [g for g, n in schools[name].items() if n >= 12 and g != top]
            if len(could) >= 2:
                behind[name] = set(chance.sample(could, chance.randint(1, len(could) - 1)))
    return set(names), behind


def _expected(truth: str, rolls: bool, behind: set[int] | None) -> RollUpState:
    match truth:
        case "half of each school":
            return RollUpState.PARTLY
        case "some grades":
            return RollUpState.PARTLY if behind else RollUpState.DONE
        case "twice":
            return RollUpState.TWICE
        case "some schools twice":
            return RollUpState.TWICE if rolls else RollUpState.DONE
        case "taken back":
            return RollUpState.BACK
        case _:
            return RollUpState.DONE if rolls else RollUpState.NOT_YET


def _live(students: list[Student], kind: str, chance: random.Random) -> None:
    """Who leaves, moves, is retained or is put into another grade, whatever the roll-up does."""
    leaves, moves = chance.uniform(0.01, 0.25), chance.uniform(0, 0.06)
    retained, in_ninth = chance.uniform(0, 0.05), chance.uniform(0, 0.25)
    corrected = chance.uniform(0, 0.03)
    by_grade: dict[int, list[str]] = {}
    for student in students:
        by_grade.setdefault(student.grade, []).append(student.was.school)
    for student in students:
        if chance.random() < leaves:
            student.school = None
        elif chance.random() < moves:
            student.school = chance.choice(by_grade[student.grade])
        keeps = 0.3 if student.was.school == "alternative" else retained
        keeps = max(keeps, in_ninth if student.grade == 9 else 0, 0.08 if not student.grade else 0)
        student.stays = chance.random() < keeps
        if chance.random() < corrected:
            student.grade = min(student.grade + 1, 12)


def _steps(
    student: Student,
    truth: str,
    rolls: set[str],
    behind: dict[str, set[int]],
    half: float,
    chance: random.Random,
) -> int:
    school = student.was.school
    match truth:
        case "half of each school":
            steps = int(chance.random() < half)
        case "some grades":
            steps = int(GRADES.index(student.was.grades) not in behind.get(school, ()))
        case "twice":
            steps = 2
        case "some schools twice":
            steps = 2 if school in rolls else 1
        case "taken back":
            steps = -1
        case _:
            steps = int(school in rolls)
    return steps - (student.stays and steps > 0)


def _climb(
    student: Student,
    steps: int,
    top: int,
    schools: dict[str, dict[int, int]],
    truth: str,
    chance: random.Random,
) -> None:
    """Put a student so many grades up, and into a school that has the grade."""
    was_top = GRADES.index(student.was.grades) == top
    if truth == "seniors removed early" and was_top:
        student.school = None
        return
    grade = max(0, student.grade + steps)
    if grade > top:
        if truth == "graduates kept":
            student.now = (
                chance.choice((GRADES[top], "graduated", "PS")) if top == 12 else GRADES[top]
            )
        else:
            student.school = None
        return
    student.now = GRADES[grade]
    if student.school is not None and grade not in schools[student.school] and steps:
        into = [name for name, grades in schools.items() if grade in grades]
        student.school = chance.choice(into) if into else None


def _reorganise(students: list[Student], truth: str, chance: random.Random) -> None:
    """A school that closes, a new one, a summer school, blank grades; each now and then."""
    names = sorted({student.school for student in students if student.school})
    if len(names) > 2 and chance.random() < 0.15:
        closed, into = chance.sample(names, 2)
        for student in students:
            if student.school == closed:
                student.school = into if chance.random() < 0.7 else "new"
    elif len(names) > 1 and chance.random() < 0.1:
        renamed = chance.choice(names)
        for student in students:
            student.school = "renamed" if student.school == renamed else student.school
    if chance.random() < 0.25:
        share = chance.uniform(0.02, 0.12)
        for student in students:
            if student.school is not None and chance.random() < share:
                student.school, student.now = "summer", student.was.grades
    blank = chance.uniform(0, 0.05) if chance.random() < 0.3 else 0
    for student in students:
        if chance.random() < blank:
            student.now = chance.choice(("", "UG"))


def _strangers(
    moves: Counter[tuple[Place | None, Place | None]],
    schools: dict[str, dict[int, int]],
    truth: str,
    chance: random.Random,
) -> None:
    """New students: a new entry grade after a roll-up, and a few everywhere at any time."""
    for name, grades in schools.items():
        for grade, number in grades.items():
            entry = grade == min(min(g, default=99) for g in schools.values())
            some = number if entry and truth not in ("nothing", "seniors removed early") else 0
            moves[None, Place(name, GRADES[grade])] += some + chance.randint(0, 1 + number // 8)
