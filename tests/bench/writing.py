"""Writing a generated district as a OneRoster 1.1 bulk set, pattern by pattern."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from rollbook.demo.tables import COLUMNS, FILES

from .feeders import GRADES, SUBJECTS, Enrollment, Feeder, Lesson, Person, School, Year

WRITTEN = ("orgs", "academicSessions", "courses", "classes", "users", "enrollments")

_LEAD = ("sourcedId", "status", "dateLastModified")


class Writer:
    """Takes a day's patterns one by one, and holds none of them.

    With ``stamp`` every row says that it was modified then.
    """

    def __init__(
        self, folder: Path, district: str, courses: Sequence[str], year: Year, *, stamp: str = ""
    ) -> None:
        self._stamp = stamp
        self._district = district
        self._courses = courses
        self._year = year
        self._open = ExitStack()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "manifest.csv").write_bytes(_manifest())
        self._files = {name: self._begin(folder, name) for name in WRITTEN}
        self._write_once()

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def write(self, feeder: Feeder) -> None:
        """Add one pattern to the files."""
        self._put("orgs", map(self._school, feeder.schools))
        self._put("classes", map(self._lesson, feeder.lessons))
        self._put("users", map(self._person, feeder.people))
        self._put("enrollments", map(self._enrollment, feeder.enrollments))

    def _begin(self, folder: Path, name: str) -> BinaryIO:
        stream = self._open.enter_context((folder / f"{name}.csv").open("wb"))
        columns = COLUMNS.get(f"{name} 1.1") or COLUMNS[name]
        stream.write((",".join((*_LEAD, *columns)) + "\r\n").encode())
        return stream

    def _put(self, name: str, lines: Iterable[str]) -> None:
        self._files[name].write("".join(lines).encode())

    def _write_once(self) -> None:
        year, stamp = self._year, self._stamp or f"{self._year.starts}-07-01T00:00:00.000Z"
        own = f"active,{stamp}"
        self._put("orgs", [f"{self._district},{own},Measured Schools,district,,\r\n"])
        title = f"{year.starts}-{year.starts + 1}"
        middle = f"{year.starts + 1}-01-15"
        spans = ((year.begin, middle), (middle, year.end))
        lines = [f"{year.id},{own},{title},schoolYear,{year.begin},{year.end},,{year.starts + 1}"]
        lines += (
            f"{term},{own},Term {n + 1},semester,{b},{e},{year.id},{year.starts + 1}"
            for n, (term, (b, e)) in enumerate(zip(year.terms, spans, strict=True))
        )
        self._put("academicSessions", (f"{line}\r\n" for line in lines))
        self._put(
            "courses",
            (
                f"{course},{own},,{subject} {grade},{subject[:3].upper()}{grade},{grade},"
                f"{self._district},{subject},\r\n"
                for course, (grade, subject) in zip(
                    self._courses, ((g, s) for g in GRADES for s in SUBJECTS), strict=True
                )
            ),
        )

    def _school(self, school: School) -> str:
        stamp = self._stamp or f"{self._year.starts}-07-01T00:00:00.000Z"
        return (
            f"{school.id},active,{stamp},{school.name},school,{school.number},{self._district}\r\n"
        )

    def _lesson(self, lesson: Lesson) -> str:
        subject, grade = SUBJECTS[lesson.subject], GRADES[lesson.grade]
        course = self._courses[lesson.grade * len(SUBJECTS) + lesson.subject]
        terms = ",".join(self._year.terms)
        return (
            f"{lesson.id},active,{self._stamp or lesson.stamp},"
            f"{subject} {grade} section {lesson.section + 1},{grade},{course},"
            f"{subject[:3].upper()}{grade}-{lesson.section + 1},scheduled,"
            f"Room {100 + lesson.section},{lesson.school},"
            f'"{terms}",{subject},,{lesson.subject + 1}\r\n'
        )

    def _person(self, person: Person) -> str:
        name = f"{person.given[0]}.{person.family}".casefold().translate(_PLAIN)
        if person.role == "student":
            own, grade = f"{person.number:09}", GRADES[person.grade]
            agents = f'"{",".join(person.agents)}"'
        else:
            own, grade, agents = "", "", ""
        return (
            f"{person.id},active,{self._stamp or person.stamp},true,{person.school},{person.role},"
            f"{name}{person.number},,{person.given},{person.family},,{own},"
            f"{name}{person.number}@measured.example.org,,{person.phone},{agents},{grade},\r\n"
        )

    def _enrollment(self, e: Enrollment) -> str:
        primary = "true" if e.role == "teacher" else ""
        return (
            f"{e.id},active,{self._stamp or e.stamp},{e.lesson},{e.school},{e.user},{e.role},"
            f"{primary},{e.begin},{e.end}\r\n"
        )


_PLAIN = str.maketrans({"’": "", " ": "", "é": "e", "ë": "e", "í": "i", "â": "a", "ö": "o"})


def _manifest() -> bytes:
    lines = ["propertyName,value", "manifest.version,1.0", "oneroster.version,1.1"]
    lines += (f"file.{name},{'bulk' if name in WRITTEN else 'absent'}" for name in FILES["1.1"])
    lines += ["source.systemName,Generated", "source.systemCode,measured"]
    return "".join(f"{line}\r\n" for line in lines).encode()
