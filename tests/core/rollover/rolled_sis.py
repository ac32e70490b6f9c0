"""A small district whose students have grades, and what a school year's end makes of it.

``s1`` has grades 03 to 05 and sends its fifth graders on to ``s2``, which has 06 to 08; ten
students in each grade, and every eighth grader leaves.
"""

from __future__ import annotations

from core.small_sis import SmallSis, small_sis
from rollbook.roster.grade_ladder import ladder

LADDER = ladder(top="08")
GRADES = {"s1": ("03", "04", "05"), "s2": ("06", "07", "08")}
MOVES = {("05", "s1"): "s2"}


def graded_sis() -> SmallSis:
    """The district at the end of a school year."""
    sis = small_sis()
    for school, grades in GRADES.items():
        for place, student in enumerate(sis.students(school)):
            sis.users[student]["grades"] = grades[place % 3]
    return sis


def in_grade(sis: SmallSis, grade: str) -> list[str]:
    """The students in a grade."""
    return [student for student in sis.students() if sis.users[student]["grades"] == grade]


def graduate(sis: SmallSis, grade: str = "08", *, but: int = 0) -> list[str]:
    """Take a grade out with its guardians; the last ``but`` students stay. Returns who left."""
    gone = in_grade(sis, grade)
    gone = gone[: len(gone) - but]
    for student in gone:
        for guardian in filter(None, sis.users[student]["agents"].split(",")):
            sis.drop_user(guardian)
        sis.drop_user(student)
    return gone


def promote(sis: SmallSis, *schools: str) -> None:
    """Everyone, or everyone of some schools, goes up a grade, and to the next school."""
    chosen = [s for s in sis.students() if not schools or sis.users[s]["orgs"] in schools]
    for student in chosen:
        row = sis.users[student]
        old, school = row["grades"], row["orgs"]
        row["grades"] = LADDER.next(old) or old
        if (old, school) in MOVES:
            sis.move_student(student, MOVES[old, school])


def new_students(sis: SmallSis, count: int = 10, grade: str = "03") -> list[str]:
    """New students of the first grade, each with a guardian."""
    made = []
    for number in range(1, count + 1):
        guardian = f"g-new-{number:02}"
        made.append(sis.add_student("s1", f"new-{number:02}", grades=grade, agents=guardian))
        sis.users[guardian] = sis.users["g-s1-01"] | {
            "givenName": f"Newguardian{number}",
            "username": f"u.{guardian}",
            "email": f"{guardian}@north.example.org",
        }
    return made


def new_classes(sis: SmallSis, year: str = "y27") -> None:
    """Next year's sessions and classes take the places of this year's, with everybody in them."""
    sessions = sis.tables["academicSessions"]
    number = int(year[1:]) + 2000
    sessions.clear()
    sessions[year] = {
        "title": f"{number - 1}-{number}",
        "type": "schoolYear",
        "startDate": f"{number - 1}-08-17",
        "endDate": f"{number}-06-05",
        "parentSourcedId": "",
        "schoolYear": str(number),
    }
    for class_id in list(sis.classes):
        row = sis.classes[class_id]
        sis.drop_class(class_id)
        sis.classes[f"{year}-{class_id}"] = row | {"termSourcedIds": year}
    for school in GRADES:
        own = [c for c, row in sis.classes.items() if row["schoolSourcedId"] == school]
        for class_id in own:
            sis.enroll(f"t-{school}-{class_id[-1]}", class_id, "teacher")
        for place, student in enumerate(sis.students(school)):
            for turn in range(2):
                sis.enroll(student, own[(place + turn) % len(own)])


def rolled_over(sis: SmallSis) -> SmallSis:
    """The whole rollover at once, in place."""
    graduate(sis)
    promote(sis)
    new_students(sis)
    new_classes(sis)
    return sis
