"""A student information system small enough to know by heart, and what it exports.

``small_sis`` makes schools ``s1``, ``s2`` … with students ``s1-01``, ``s1-02`` …, a guardian
``g-…`` for each, teachers ``t-s1-1`` … and classes ``c-s1-1`` …. Tests edit its rows by hand and
write them as OneRoster 1.1 or 1.2; both say the same.
"""

from __future__ import annotations

import csv
import io
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rollbook.demo.tables import COLUMNS, FILES

Row = dict[str, str]
Version = Literal["1.1", "1.2"]

TABLES = (
    *("academicSessions", "orgs", "courses", "classes", "users", "enrollments"),
    "demographics",
)


@dataclass
class SmallSis:
    """Rows by file and id. A user has ``role``, ``orgs`` and ``agents`` (comma-separated)."""

    tables: dict[str, dict[str, Row]]

    def copy(self) -> SmallSis:
        """The same system, to be edited by itself."""
        return SmallSis(deepcopy(self.tables))

    @property
    def users(self) -> dict[str, Row]:
        """The rows of people."""
        return self.tables["users"]

    @property
    def classes(self) -> dict[str, Row]:
        """The rows of classes."""
        return self.tables["classes"]

    @property
    def enrollments(self) -> dict[str, Row]:
        """The rows of enrollments."""
        return self.tables["enrollments"]

    @property
    def demographics(self) -> dict[str, Row]:
        """The rows of demographics, by the user's id."""
        return self.tables["demographics"]

    def students(self, school: str | None = None) -> list[str]:
        """The ids of the students of one or all schools, in order."""
        return [
            user
            for user, row in self.users.items()
            if row["role"] == "student" and school in (None, row["orgs"])
        ]

    def drop_user(self, user: str) -> None:
        """Take a person out with everything of theirs; guardians stay."""
        del self.users[user]
        self.demographics.pop(user, None)
        for enrollment in [e for e, r in self.enrollments.items() if r["userSourcedId"] == user]:
            del self.enrollments[enrollment]
        for row in self.users.values():
            row["agents"] = ",".join(a for a in row["agents"].split(",") if a and a != user)

    def drop_students(self, school: str, count: int) -> list[str]:
        """Take out the first ``count`` students of a school; returns their ids."""
        gone = self.students(school)[:count]
        for student in gone:
            self.drop_user(student)
        return gone

    def drop_class(self, class_id: str) -> None:
        """Take a class out with its enrollments."""
        del self.classes[class_id]
        for enrollment in [
            e for e, r in self.enrollments.items() if r["classSourcedId"] == class_id
        ]:
            del self.enrollments[enrollment]

    def add_student(
        self, school: str, student: str, *, classes: tuple[str, ...] = (), **cells: str
    ) -> str:
        """A new student of a school, in the given classes; ``cells`` are the user's own."""
        self.users[student] = _person(student, "student", school, grades="03") | cells
        self.demographics[student] = {"birthDate": "2016-05-04", "sex": "female"}
        for class_id in classes:
            self.enroll(student, class_id)
        return student

    def enroll(self, user: str, class_id: str, role: str = "student") -> str:
        """Put a person into a class; returns the enrollment's id."""
        enrollment = f"e-{user}-{class_id}"
        self.enrollments[enrollment] = {
            "classSourcedId": class_id,
            "schoolSourcedId": self.classes[class_id]["schoolSourcedId"],
            "userSourcedId": user,
            "role": role,
            "primary": "true" if role == "teacher" else "",
        }
        return enrollment

    def move_student(self, student: str, school: str, classes: tuple[str, ...] = ()) -> None:
        """Send a student to another school, out of the old classes into others."""
        for enrollment in [e for e, r in self.enrollments.items() if r["userSourcedId"] == student]:
            del self.enrollments[enrollment]
        self.users[student]["orgs"] = school
        for class_id in classes:
            self.enroll(student, class_id)

    def rekey(self, user: str, new: str) -> None:
        """Give a person another id everywhere, and their enrollments new ones too."""
        self.users[new] = self.users.pop(user)
        if user in self.demographics:
            self.demographics[new] = self.demographics.pop(user)
        for row in self.users.values():
            row["agents"] = ",".join(new if a == user else a for a in row["agents"].split(","))
        for enrollment in [e for e, r in self.enrollments.items() if r["userSourcedId"] == user]:
            row = self.enrollments.pop(enrollment)
            self.enrollments[f"new-{enrollment}"] = row | {"userSourcedId": new}

    def rekey_class(self, class_id: str, new: str) -> None:
        """Give a class another id; its enrollments keep theirs."""
        self.classes[new] = self.classes.pop(class_id)
        for row in self.enrollments.values():
            if row["classSourcedId"] == class_id:
                row["classSourcedId"] = new

    def write(self, folder: Path, version: Version = "1.1") -> Path:
        """Write the set; what was written there before is replaced."""
        folder.mkdir(parents=True, exist_ok=True)
        for file in folder.glob("*.csv"):
            file.unlink()
        tables = {name: _as_written(name, self.tables[name], version) for name in TABLES}
        if version == "1.2":
            tables["roles"] = _roles(self.users)
        present = {name for name, rows in tables.items() if rows}
        for name in present:
            columns = COLUMNS.get(f"{name} {version}") or COLUMNS[name]
            extra = {c for row in tables[name].values() for c in row} - set(columns)
            _write(folder / f"{name}.csv", (*columns, *sorted(extra)), tables[name])
        manifest = [("propertyName", "value"), ("manifest.version", "1.0")]
        manifest += [("oneroster.version", version)]
        manifest += [(f"file.{n}", "bulk" if n in present else "absent") for n in FILES[version]]
        with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(manifest)
        return folder


def small_sis(schools: int = 2, students: int = 30, *, classes: int = 3) -> SmallSis:
    """``students`` students at each of ``schools`` schools, each in two of ``classes`` classes."""
    sis = SmallSis({name: {} for name in TABLES})
    sis.tables["academicSessions"] = {
        "y26": _session("2025-2026", "schoolYear", "2025-08-18", "2026-06-06", ""),
        "fall": _session("Fall", "semester", "2025-08-18", "2026-01-10", "y26"),
        "spring": _session("Spring", "semester", "2026-01-10", "2026-06-06", "y26"),
    }
    sis.tables["orgs"]["d"] = {"name": "North District", "type": "district"}
    for number in range(1, schools + 1):
        _add_school(sis, f"s{number}", students, classes)
    return sis


def _add_school(sis: SmallSis, school: str, students: int, classes: int) -> None:
    sis.tables["orgs"][school] = {
        "name": f"School {school[1:]}",
        "type": "school",
        "identifier": f"0{school[1:]}",
        "parentSourcedId": "d",
    }
    course = f"k-{school}"
    sis.tables["courses"][course] = {"title": "Reading", "orgSourcedId": school}
    for number in range(1, classes + 1):
        class_id, teacher = f"c-{school}-{number}", f"t-{school}-{number}"
        sis.classes[class_id] = {
            "title": f"Reading {number}",
            "courseSourcedId": course,
            "classType": "scheduled",
            "schoolSourcedId": school,
            "termSourcedIds": "fall,spring",
        }
        sis.users[teacher] = _person(teacher, "teacher", school)
        sis.enroll(teacher, class_id, "teacher")
    for number in range(1, students + 1):
        student, guardian = f"{school}-{number:02}", f"g-{school}-{number:02}"
        own = tuple(f"c-{school}-{(number + n) % classes + 1}" for n in range(min(2, classes)))
        sis.add_student(school, student, classes=own, agents=guardian)
        sis.demographics[student]["birthDate"] = f"2016-{number % 12 + 1:02}-{number % 28 + 1:02}"
        sis.users[guardian] = _person(guardian, "parent", school)


def _person(user: str, role: str, school: str, *, grades: str = "") -> Row:
    return {
        "enabledUser": "true",
        "orgs": school,
        "role": role,
        "username": f"u.{user}",
        "givenName": f"Given{user}",
        "familyName": f"Family{user}",
        "identifier": f"n{user}" if role == "student" else "",
        "email": f"{user}@north.example.org",
        "agents": "",
        "grades": grades,
    }


def _session(title: str, kind: str, start: str, end: str, parent: str) -> Row:
    return {
        "title": title,
        "type": kind,
        "startDate": start,
        "endDate": end,
        "parentSourcedId": parent,
        "schoolYear": "2026",
    }


def _as_written(name: str, rows: dict[str, Row], version: Version) -> dict[str, Row]:
    if name != "users":
        return rows
    written: dict[str, Row] = {}
    for user, row in rows.items():
        cells = {column: cell for column, cell in row.items() if column not in _OWN}
        cells["agentSourcedIds"] = row["agents"]
        if version == "1.1":
            cells |= {"orgSourcedIds": row["orgs"], "role": row["role"]}
        else:
            cells["primaryOrgSourcedId"] = row["orgs"].split(",")[0]
        written[user] = cells
    return written


_OWN = frozenset({"orgs", "role", "agents"})


def _roles(users: dict[str, Row]) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for user, row in users.items():
        for place, org in enumerate(row["orgs"].split(",")):
            rows[f"r-{user}-{org}"] = {
                "userSourcedId": user,
                "roleType": "secondary" if place else "primary",
                "role": row["role"],
                "orgSourcedId": org,
            }
    return rows


def _write(path: Path, columns: tuple[str, ...], rows: dict[str, Row]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("sourcedId", "status", "dateLastModified", *columns))
    for record_id, row in rows.items():
        writer.writerow((record_id, "", "", *(row.get(column, "") for column in columns)))
    path.write_bytes(text.getvalue().encode())
