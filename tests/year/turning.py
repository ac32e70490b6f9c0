"""The turns of a district's year: terms, the end, the summer, the roll-up, the new classes."""

from __future__ import annotations

from datetime import date, timedelta

from year.calendar import SchoolYear
from year.profiles import GRADES, School
from year.timetable import enroll_like_classmates, open_classes
from year.world import World, add_family, add_staff, settle_guardians

RETAINED = 0.015
"""The share of students who repeat a grade."""


def add_sessions(world: World, year: SchoolYear) -> None:
    """Let a school year and its terms stand in the system."""
    rows = world.sis.tables["academicSessions"]
    rows[year.id] = _session(year.title, "schoolYear", year.first, year.last, "", year.ends)
    for term in year.terms:
        end = term.end - timedelta(days=1)
        rows[term.id] = _session(term.title, term.type, term.start, end, year.id, year.ends)


def _session(
    title: str, kind: str, start: date, last: date, parent: str, ends: int
) -> dict[str, str]:
    return {
        "title": title,
        "type": kind,
        "startDate": start.isoformat(),
        "endDate": (last + timedelta(days=1)).isoformat(),
        "parentSourcedId": parent,
        "schoolYear": str(ends),
    }


def drop_sessions(world: World, ends: int) -> None:
    """Take a school year out again, with the summer after it."""
    rows = world.sis.tables["academicSessions"]
    for session in [s for s, row in rows.items() if row["schoolYear"] == str(ends)]:
        del rows[session]


def open_summer_school(world: World) -> None:
    """Two classes at the last school for every twelfth student, from the middle of June on."""
    school = world.profile.schools[-1]
    year = world.year_of(school.id)
    rows = world.sis.tables["academicSessions"]
    start, last = year.last + timedelta(days=10), year.last + timedelta(days=35)
    rows["summer"] = _session("Summer School", "term", start, last, year.id, year.ends)
    course = f"{school.id}-SUMMER"
    world.sis.tables["courses"][course] = {"title": "Summer School", "orgSourcedId": school.id}
    students = world.sis.students(school.id)[::12]
    for room in (1, 2):
        class_id = f"{course}-{room}"
        world.sis.classes[class_id] = {
            "title": f"Summer School {room}",
            "courseSourcedId": course,
            "classType": "scheduled",
            "schoolSourcedId": school.id,
            "termSourcedIds": "summer",
        }
        teachers = [u for u, row in world.sis.users.items() if row["role"] == "teacher"]
        world.sis.enroll(world.chance.choice(teachers), class_id, "teacher")
        for student in students[room - 1 :: 2]:
            world.sis.enroll(student, class_id)


def close_summer_school(world: World) -> None:
    """Take the classes of the summer out again."""
    summer = [c for c, row in world.sis.classes.items() if row["termSourcedIds"] == "summer"]
    for class_id in summer:
        world.sis.drop_class(class_id)
    world.sis.tables["academicSessions"].pop("summer", None)


def seniors_leave(world: World) -> None:
    """Who has finished the district's top grade is taken out."""
    for student in world.sis.students():
        if world.sis.users[student]["grades"] == world.profile.top:
            world.sis.drop_user(student)
    settle_guardians(world)


def roll_up(world: World, schools: list[School]) -> None:
    """Send the students of some schools a grade up, and on to the next school where theirs ends.

    Their old enrollments go; classes go with them, but where the system keeps its sections.
    """
    profile, users = world.profile, world.sis.users
    moving = {school.id: world.sis.students(school.id) for school in schools}
    for school in schools:
        _clear(world, school)
        world.rolled[school.id] += 1
        for student in moving[school.id]:
            grade = users[student]["grades"]
            if student in world.promoted:
                continue
            world.promoted.add(student)
            if world.chance.random() < RETAINED:
                continue
            if grade == profile.top:
                if profile.turn.kept is None:
                    world.sis.drop_user(student)
                else:
                    world.graduates.add(student)
                continue
            following = GRADES[GRADES.index(grade) + 1]
            users[student]["grades"] = following
            if following not in school.grades:
                users[student]["orgs"] = _next_school(world, school, following).id
    settle_guardians(world)


def _clear(world: World, school: School) -> None:
    sis = world.sis
    own = [c for c, row in sis.classes.items() if row["schoolSourcedId"] == school.id]
    if world.profile.exports == "term":
        return
    for enrollment in [e for e, row in sis.enrollments.items() if row["classSourcedId"] in own]:
        del sis.enrollments[enrollment]
    for class_id in own if not world.profile.keeps_sections else ():
        del sis.classes[class_id]


def _next_school(world: World, school: School, grade: str) -> School:
    """Where a school's students go: schools of a level feed those of the next in order."""
    same = [s for s in world.profile.schools if s.grades == school.grades]
    follow = [s for s in world.profile.schools if grade in s.grades]
    return follow[same.index(school) * len(follow) // len(same)]


def register(world: World, share: float) -> None:
    """Let a share of the new entry grade come: as many as its next grade has."""
    entry = world.profile.entry
    following = GRADES[GRADES.index(entry) + 1]
    for school in world.profile.schools:
        if entry in school.grades:
            grades = [world.sis.users[s]["grades"] for s in world.sis.students(school.id)]
            for _ in range(round(grades.count(following) * share)):
                [child] = add_family(world, [(school, entry)])
                enroll_like_classmates(world, child)


def new_classes(world: World, schools: list[School]) -> None:
    """The new year's classes of some schools, and who sits in them; last year's go."""
    for school in schools:
        sis = world.sis
        for class_id in [c for c, r in sis.classes.items() if r["schoolSourcedId"] == school.id]:
            if not world.profile.keeps_sections:
                sis.drop_class(class_id)
        open_classes(world, school)
        terms = {term.id for term in world.year_of(school.id).terms}
        for class_id, row in list(sis.classes.items()):
            left = terms.isdisjoint(row["termSourcedIds"].split(","))
            if left and row["schoolSourcedId"] == school.id:
                sis.drop_class(class_id)


def staff_changes(world: World) -> None:
    """One in ten teachers goes over the summer, and somebody else takes the place."""
    users, jobs = world.sis.users, world.jobs
    for teacher in [u for u, row in users.items() if row["role"] == "teacher"]:
        if world.chance.random() < 0.1:
            replaced = add_staff(world, users[teacher]["orgs"], "teacher")
            jobs[replaced] = jobs.pop(teacher, "")
            for enrollment in world.enrolled(teacher):
                row = world.sis.enrollments.pop(enrollment)
                world.sis.enroll(replaced, row["classSourcedId"], "teacher")
            del users[teacher]


def graduates_leave(world: World) -> None:
    """Graduates who were kept in the file are taken out."""
    for student in world.graduates & world.sis.users.keys():
        world.sis.drop_user(student)
    world.graduates.clear()
    settle_guardians(world)


def end_terms(world: World) -> None:
    """Where only the running term is sent, the classes of terms that are over go."""
    for school in world.profile.schools if world.profile.exports == "term" else ():
        year = world.year_of(school.id)
        over = {term.id for term in year.terms if term.end <= world.today < year.last}
        for class_id, row in list(world.sis.classes.items()):
            if row["schoolSourcedId"] == school.id and {*row["termSourcedIds"].split(",")} <= over:
                world.sis.drop_class(class_id)


def schools_on(world: World, days: tuple[date, ...], day: date) -> list[School]:
    """The schools whose turn a day is, where a turn takes several days."""
    if day not in days:
        return []
    place, schools = days.index(day), world.profile.schools
    first, last = (len(schools) * turn // len(days) for turn in (place, place + 1))
    return list(schools[first:last])
