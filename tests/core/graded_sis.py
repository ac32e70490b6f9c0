"""The small system with a grade for everybody, and what a roll-up does to it."""

from __future__ import annotations

from collections.abc import Collection

from core.small_sis import SmallSis

GRADES = ("01", "02", "03", "04", "05")
"""What each school of ``graded`` has, as many students in each."""


def graded(sis: SmallSis) -> SmallSis:
    """Give each school's students grades in turn."""
    for school in sis.tables["orgs"]:
        for number, student in enumerate(sis.students(school)):
            sis.users[student]["grades"] = GRADES[number % len(GRADES)]
    return sis


def roll_up(
    sis: SmallSis,
    *schools: str,
    but: Collection[str] = (),
    steps: int = 1,
    leaving: bool = True,
) -> None:
    """Put the students of some schools, or of all, so many grades up, ``but`` some.

    Whoever was in the last grade leaves, or goes on in grade 06 and above; nobody new comes.
    """
    for student in [s for school in schools or (None,) for s in sis.students(school)]:
        place = _ALL.index(sis.users[student]["grades"]) + steps
        if student in but:
            continue
        if leaving and place >= len(GRADES):
            sis.drop_user(student)
        else:
            sis.users[student]["grades"] = _ALL[max(0, place)]


_ALL = (*GRADES, "06", "07", "08", "09")


def new_year(sis: SmallSis) -> None:
    """The sessions of the next school year in place of the old ones; classes are of its terms."""
    sis.tables["academicSessions"] = {
        name.replace("26", "27"): row
        | {
            "title": row["title"].replace("2026", "2027").replace("2025", "2026"),
            "startDate": row["startDate"].replace("2026", "2027").replace("2025", "2026"),
            "endDate": row["endDate"].replace("2026", "2027").replace("2025", "2026"),
            "parentSourcedId": row["parentSourcedId"].replace("26", "27"),
            "schoolYear": "2027",
        }
        for name, row in sis.tables["academicSessions"].items()
    }
