"""A school's classes of a year or a term, who teaches them, and who sits in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from year.calendar import Term
from year.profiles import GRADES, School
from year.world import World, add_staff

_YOUNG = frozenset(GRADES[:6])
_SMALL = 12
"""A grade with fewer students shares its rooms with its neighbours."""

_SIZE = 26
_SPECIALS = ("Art", "Music", "PE")
_CORE = ("English", "Mathematics", "Science", "Social Studies", "Health")
_ELECTIVES = ("Band", "Robotics", "Ceramics", "Spanish", "Drama", "Coding", "Choir", "Journalism")


def open_classes(world: World, school: School, terms: Sequence[Term] | None = None) -> None:
    """Make a school's classes of its year (or of some terms of it) and put everybody in.

    Classes of a year are held in all of its terms, electives in one each; in a district of
    ``block`` classes every class is held in one.
    """
    year = world.year_of(school.id)
    wanted = tuple(terms or year.terms)
    whole = len(wanted) == len(year.terms)
    for label, students in _groups(world, school):
        young = label.split("-")[0] in _YOUNG
        subjects = ("Homeroom", *_SPECIALS) if young else _CORE
        for rooms in enumerate(_split(students), 1):
            for subject in subjects if not world.profile.block else ():
                if whole:
                    _add_class(world, school, subject, label, rooms, year.terms)
            for term in wanted if world.profile.block else ():
                for subject in _CORE:
                    _add_class(world, school, subject, label, rooms, (term,))
            for term in wanted if not young else ():
                place = rooms[0] + year.terms.index(term)
                _add_class(world, school, _ELECTIVES[place % 8], label, rooms, (term,))


def _groups(world: World, school: School) -> list[tuple[str, list[str]]]:
    """The students of a school by grade; small grades in threes."""
    by_grade: dict[str, list[str]] = defaultdict(list)
    for student in world.sis.students(school.id):
        if student in world.graduates:
            continue
        by_grade[world.sis.users[student]["grades"]].append(student)
    grades = sorted(by_grade, key=GRADES.index)
    if sum(map(len, by_grade.values())) >= _SMALL * len(school.grades):
        return [(grade, by_grade[grade]) for grade in grades]
    together = [grades[place : place + 3] for place in range(0, len(grades), 3)]
    return [("-".join(some), [s for grade in some for s in by_grade[grade]]) for some in together]


def _split(students: list[str]) -> list[list[str]]:
    rooms = max(1, -(-len(students) // _SIZE))
    return [students[room::rooms] for room in range(rooms)]


def _add_class(
    world: World,
    school: School,
    subject: str,
    label: str,
    rooms: tuple[int, list[str]],
    terms: Sequence[Term],
) -> None:
    room, students = rooms
    sis, year = world.sis, world.year_of(school.id)
    course = f"{school.id}-{subject[:4].upper()}-{label}"
    sis.tables["courses"].setdefault(
        course, {"title": f"{subject} {label}", "courseCode": course, "orgSourcedId": school.id}
    )
    own = "" if len(terms) == len(year.terms) else f"-{terms[0].id[-2:]}"
    class_id = f"{course}-{room}{own}"
    if not world.profile.keeps_sections:
        class_id = f"{class_id}-{year.ends}"
    sis.classes[class_id] = {
        "title": f"{subject} {label} {room}",
        "classCode": f"{subject[:4].upper()}-{label}-{room}",
        "courseSourcedId": course,
        "classType": "homeroom" if subject == "Homeroom" else "scheduled",
        "schoolSourcedId": school.id,
        "termSourcedIds": ",".join(term.id for term in terms),
        "grades": label.replace("-", ","),
    }
    sis.enroll(_teacher(world, school, subject, label, room), class_id, "teacher")
    for student in students:
        sis.enroll(student, class_id)


def _teacher(world: World, school: School, subject: str, label: str, room: int) -> str:
    """Who teaches it: a young class has its own teacher, the rest one for each subject, who has
    five classes a term at most."""
    sis, jobs = world.sis, world.jobs
    wanted = f"{label}-{room}" if subject == "Homeroom" else f"{subject}-{(room - 1) // 5}"
    if subject not in ("Homeroom", *_SPECIALS, *_ELECTIVES):
        wanted = f"{wanted}-{GRADES.index(label.split('-')[0]) // 2}"
    for user, row in sis.users.items():
        if row["role"] == "teacher" and row["orgs"] == school.id and jobs.get(user) == wanted:
            return user
    teacher = add_staff(world, school.id, "teacher")
    jobs[teacher] = wanted
    return teacher


def enroll_like_classmates(world: World, student: str) -> None:
    """Give a newcomer the classes of somebody in the same grade at the same school."""
    sis, row = world.sis, world.sis.users[student]
    taken = set(world.classes_of(student))
    others = [
        other
        for other in sis.students(row["orgs"])
        if other != student and sis.users[other]["grades"] == row["grades"]
    ]
    world.chance.shuffle(others)
    for other in others[:6]:
        if classes := world.classes_of(other):
            for class_id in classes:
                if (
                    class_id not in taken
                    and sis.classes[class_id]["schoolSourcedId"] == row["orgs"]
                ):
                    sis.enroll(student, class_id)
            return
