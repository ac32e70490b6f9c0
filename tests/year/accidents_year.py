"""Accidents with classes and with the school year."""

from __future__ import annotations

from core.small_sis import SmallSis
from year.accidents import Accident, Scene, is_oneroster, one_school, students
from year.profiles import GRADES


def _one_up(sis: SmallSis, share: int = 1) -> None:
    for row in students(sis)[::share]:
        place = GRADES.index(row["grades"]) + 1
        row["grades"] = GRADES[min(place, len(GRADES) - 1)]


def _grades_up_too_early(sis: SmallSis, scene: Scene) -> None:
    """The roll-up of a copy for planning, sent in the middle of the year."""
    _one_up(sis)


def _half_the_grades_up(sis: SmallSis, scene: Scene) -> None:
    _one_up(sis, 2)


def _wrong_year(sis: SmallSis, scene: Scene) -> None:
    """Every session says the next year."""
    for row in sis.tables["academicSessions"].values():
        row["schoolYear"] = str(int(row["schoolYear"]) + 1)


def _year_of_the_dates_too(sis: SmallSis, scene: Scene) -> None:
    """Every session is a year later, dates and all: next year's calendar was put in its place."""
    _wrong_year(sis, scene)
    for row in sis.tables["academicSessions"].values():
        for column in ("startDate", "endDate"):
            year, rest = row[column].split("-", 1)
            row[column] = f"{int(year) + 1}-{rest.replace('02-29', '02-28')}"


def _ids_of_classes_shuffled(sis: SmallSis, scene: Scene) -> None:
    """The classes of a school have each other's ids: new titles, teachers and students."""
    school = one_school(scene)
    own = [c for c, row in sis.classes.items() if row["schoolSourcedId"] == school]
    half = own[: max(2, len(own) // 4)]
    others = dict(zip(half, [*half[1:], half[0]], strict=True))
    rows = {class_id: sis.classes[class_id] for class_id in half}
    for class_id, row in rows.items():
        sis.classes[others[class_id]] = row
    enrollments = {}
    for row in sis.enrollments.values():
        held = others.get(row["classSourcedId"], row["classSourcedId"])
        enrollments[f"e-{row['userSourcedId']}-{held}"] = row | {"classSourcedId": held}
    sis.tables["enrollments"] = enrollments


def _one_id_used_again(sis: SmallSis, scene: Scene) -> None:
    """One class ends, and a new one, of another course, teacher and other students, has its id."""
    ids = [c for c in sis.classes if c in _busy(sis)]
    old, other = ids[0], ids[-1]
    sis.classes[old] = sis.classes[other] | {"title": "Another class"}
    kept = {e: r for e, r in sis.enrollments.items() if r["classSourcedId"] != old}
    alike = [r for r in kept.values() if r["classSourcedId"] == other]
    kept |= {f"e-{r['userSourcedId']}-{old}": r | {"classSourcedId": old} for r in alike}
    sis.tables["enrollments"] = kept


def _busy(sis: SmallSis) -> set[str]:
    return {row["classSourcedId"] for row in sis.enrollments.values() if row["role"] == "student"}


def _a_schools_enrollments_gone(sis: SmallSis, scene: Scene) -> None:
    school = one_school(scene)
    for enrollment, row in list(sis.enrollments.items()):
        if row["schoolSourcedId"] == school:
            del sis.enrollments[enrollment]


def _seats_without_students(sis: SmallSis, scene: Scene) -> None:
    """A school's students sit in no class any more; its teachers still do."""
    school = one_school(scene)
    for enrollment, row in list(sis.enrollments.items()):
        if row["schoolSourcedId"] == school and row["role"] == "student":
            del sis.enrollments[enrollment]


def _classes_of_a_term_gone(sis: SmallSis, scene: Scene) -> None:
    for class_id in list(sis.classes)[::3]:
        sis.drop_class(class_id)


def _last_springs_file(sis: SmallSis, scene: Scene) -> None:
    sis.tables = scene.last_spring.copy().tables


SCHOOL_YEAR = (
    Accident("grades up in the middle of the year", ("C3",), rows=_grades_up_too_early),
    Accident("half of the students a grade up", ("C3",), rows=_half_the_grades_up),
    Accident("sessions with the wrong school year", ("C3",), rows=_wrong_year, of=is_oneroster),
    Accident("next year's calendar in the sessions", ("C3",), rows=_year_of_the_dates_too),
    Accident("class ids shuffled", ("C4", "R5", "R1"), rows=_ids_of_classes_shuffled),
    Accident("one class id used again", ("C4",), rows=_one_id_used_again),
    Accident("a school's enrollments gone", ("R0", "R8"), rows=_a_schools_enrollments_gone),
    Accident("a school's students in no class", ("R1", "C5", "R8"), rows=_seats_without_students),
    Accident("a third of the classes gone", ("R1", "R8"), rows=_classes_of_a_term_gone),
)

LAST_YEAR = Accident(
    "last year's file again", ("R0", "R4", "R9", "R8", "C3"), rows=_last_springs_file
)
TWICE = Accident("the roll-up done twice", ("C3",), rows=_grades_up_too_early)
