"""A school's year: classes, who teaches them, who sits in them. Nobody is in two rooms at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from rollbook.demo.calendar import YearSessions, open_year
from rollbook.demo.draft import Draft, latin
from rollbook.demo.names import adult_name, family_name
from rollbook.demo.shape import ELEMENTARY, Course, SchoolClass, StaffMember, Student
from rollbook.demo.subjects import ELECTIVES, SPECIALS, Subject, core, homeroom

_HOMEROOM_SIZE = 22
_CLASS_SIZE = 26
_PERIODS_A_DAY = 6
"""Of eight periods, six for what everybody has; the last two are for electives."""
_ELECTIVE_PERIODS = ("7", "8")
_MOST_CLASSES = 5
_MOST_SPECIALS = 18


def add_staff(draft: Draft, school_id: str, role: str, department: str) -> StaffMember:
    """Someone new on a school's staff."""
    chance = draft.chance
    family = family_name(chance)
    given = adult_name(chance, chance.choice(("female", "female", "male")), family)
    number = str(7_000 + draft.next_number())
    username = draft.username(f"{latin(given)[:1]}{latin(family)}" or f"staff{number}")
    member = StaffMember(
        id=draft.fixed_id("staff", number),
        number=number,
        username=username,
        given=given,
        family=family,
        role=role,
        department=department,
        room=f"{chance.randrange(1, 4)}{chance.randrange(1, 40):02d}",
        email=f"{username}@{draft.district.host}",
        school_id=school_id,
    )
    draft.staff[member.id] = member
    return member


def enroll_like_classmates(draft: Draft, students: Iterable[Student]) -> None:
    """Give late arrivals the classes of someone in the same grade; none when nobody is there.

    Who has classes already keeps them.
    """
    users = draft.enrollments_by_user()
    settled: dict[tuple[str, str], list[str]] = defaultdict(list)
    for other in draft.students.values():
        if any(e.school_id == other.school_id for e in users.get(other.id, ())):
            settled[other.school_id, other.grade].append(other.id)
    for student in students:
        classmates = settled.get((student.school_id, student.grade))
        if classmates and student.id not in users:
            for enrollment in users[draft.chance.choice(classmates)]:
                draft.enroll(enrollment.class_id, student.id, late=True)


def schedule(draft: Draft, school_id: str, school_year: int) -> None:
    """Add a school's classes of a year and put teachers and the year's students into them.

    Grades that have classes already are left alone.
    """
    _Timetable(draft, school_id, school_year).fill()


class _Timetable:
    def __init__(self, draft: Draft, school_id: str, school_year: int) -> None:
        self.draft = draft
        self.school_id = school_id
        self.school_year = school_year
        self.sessions: YearSessions = open_year(draft, school_year)
        self.sections: dict[str, int] = defaultdict(int)
        self.busy: dict[str, set[str]] = defaultdict(set)
        self.faculty: dict[str, list[StaffMember]] = defaultdict(list)
        for member in draft.staff.values():
            if member.school_id == school_id and member.role == "teacher":
                self.faculty[member.department].append(member)
        self.held = {c.id: c for c in draft.classes.values() if c.school_id == school_id}
        for held in self.held.values():
            self.sections[held.code.rpartition("-")[0]] += 1
        for enrollment in draft.enrollments.values():
            if enrollment.role == "teacher" and enrollment.class_id in self.held:
                held = self.held[enrollment.class_id]
                self.busy[enrollment.user_id].add("HR" if held.type == "homeroom" else held.period)

    def fill(self) -> None:
        planned = {grade for held in self.held.values() for grade in held.grades}
        by_grade: dict[str, list[Student]] = defaultdict(list)
        for student in self.draft.students.values():
            here = student.school_id == self.school_id and student.school_year == self.school_year
            if here and student.grade not in planned:
                by_grade[student.grade].append(student)
        for grade in sorted(by_grade, key=lambda grade: (grade not in ELEMENTARY, grade)):
            students = by_grade[grade]
            self.draft.chance.shuffle(students)
            if grade in ELEMENTARY:
                self._homerooms(grade, students)
            else:
                self._periods(grade, students)

    def _homerooms(self, grade: str, students: list[Student]) -> None:
        groups = _split(students, _HOMEROOM_SIZE)
        for group, letter in zip(groups, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", strict=False):
            room = f"{'K' if grade == 'KG' else int(grade)}{letter}"
            subject = homeroom(grade)
            self._class(subject, f"{subject.title} {letter}", grade, group, "HR", "Elementary")
            for special in SPECIALS:
                self._class(special, f"{special.title} {room}", grade, group, f"S{room}")

    def _periods(self, grade: str, students: list[Student]) -> None:
        for cohort, group in enumerate(_split(students, _CLASS_SIZE)):
            for place, subject in enumerate(core(grade)):
                period = str((cohort + place) % _PERIODS_A_DAY + 1)
                self._class(subject, f"{subject.title} P{period}", grade, group, period)
        for place, period in enumerate(_ELECTIVE_PERIODS):
            self.draft.chance.shuffle(students)
            for number, group in enumerate(_split(students, _CLASS_SIZE)):
                subject = ELECTIVES[(2 * number + place) % len(ELECTIVES)]
                title = f"{subject.title} {int(grade)} P{period}"
                self._class(subject, title, grade, group, period, term=place)

    def _class(
        self,
        subject: Subject,
        title: str,
        grade: str,
        students: Sequence[Student],
        period: str,
        department: str | None = None,
        term: int | None = None,
    ) -> None:
        draft = self.draft
        course = self._course(subject, grade)
        self.sections[subject.code] += 1
        code = f"{subject.code}-{self.sections[subject.code]:02d}"
        teacher = self._teacher(department or subject.subject, period)
        both = (self.sessions.fall, self.sessions.spring)
        class_id = draft.fixed_id("class", self.school_id, str(self.school_year), code)
        draft.classes[class_id] = SchoolClass(
            id=class_id,
            title=title,
            code=code,
            type="homeroom" if period == "HR" else "scheduled",
            grades=(grade,),
            course_id=course.id,
            school_id=self.school_id,
            term_ids=both if term is None else both[term : term + 1],
            location=f"Room {teacher.room}",
            period="1" if period == "HR" or period.startswith("S") else period,
        )
        draft.enroll(class_id, teacher.id, "teacher")
        for student in students:
            draft.enroll(class_id, student.id)

    def _course(self, subject: Subject, grade: str) -> Course:
        course_id = self.draft.fixed_id("course", self.school_id, subject.code)
        course = self.draft.courses.get(course_id)
        if course is None:
            grades = self.draft.schools[self.school_id].grades
            shared = subject in SPECIALS or subject in ELECTIVES
            course = Course(
                id=course_id,
                title=subject.title,
                code=subject.code,
                grades=tuple(g for g in grades if (g in ELEMENTARY) == (subject in SPECIALS))
                if shared
                else (grade,),
                school_id=self.school_id,
                subject=subject.subject,
                subject_code=subject.area,
            )
            self.draft.courses[course_id] = course
        return course

    def _teacher(self, department: str, period: str) -> StaffMember:
        """Someone of the department who is free; in elective periods anyone who is."""
        most = _MOST_SPECIALS if period.startswith("S") else _MOST_CLASSES
        candidates = list(self.faculty[department])
        if period in _ELECTIVE_PERIODS:
            most += 1
            candidates += (m for d in self.faculty if d != department for m in self.faculty[d])
        for member in candidates:
            busy = self.busy[member.id]
            if period not in busy and "HR" not in busy and len(busy) < most:
                break
        else:
            member = add_staff(self.draft, self.school_id, "teacher", department)
            self.faculty[department].append(member)
        self.busy[member.id].add(period)
        return member


def _split(students: Sequence[Student], size: int) -> list[list[Student]]:
    """Groups of about the same size, none above ``size``."""
    groups = -(-len(students) // size)
    return [list(students[number::groups]) for number in range(groups)]
