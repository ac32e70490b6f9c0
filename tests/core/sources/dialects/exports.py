"""The small student information system as other systems' files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from pathlib import Path

from core.small_sis import Row, SmallSis

Files = dict[str, list[Row]]
"""Rows by file."""

TERM = {"Term_name": "Fall", "Term_start": "2025-08-18", "Term_end": "01/10/2026"}


def write(files: Files, folder: Path, *, end: str = "\r\n") -> Path:
    """Write files, their columns those of their first rows."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.csv"):
        file.unlink()
    for name, rows in files.items():
        text = io.StringIO(newline="")
        columns = list(dict.fromkeys(column for row in rows for column in row))
        writer = csv.DictWriter(text, columns, restval="", lineterminator=end)
        writer.writeheader()
        writer.writerows(rows)
        (folder / name).write_bytes(text.getvalue().encode())
    return folder


def schools(sis: SmallSis) -> list[tuple[str, Row]]:
    """The schools, without the district."""
    return [(i, row) for i, row in sis.tables["orgs"].items() if row["type"] == "school"]


def people(sis: SmallSis, *roles: str) -> list[tuple[str, Row]]:
    """The people of some roles."""
    return [(i, row) for i, row in sis.users.items() if row["role"] in roles]


def enrolled(sis: SmallSis, role: str) -> list[Row]:
    """The enrollments of a role."""
    return [row for row in sis.enrollments.values() if row["role"] == role]


def clever(sis: SmallSis) -> Files:
    """Clever's files; a student has a row for each guardian."""
    teachers = {row["classSourcedId"]: row["userSourcedId"] for row in enrolled(sis, "teacher")}
    return {
        "schools.csv": [
            {"School_id": i, "School_name": row["name"], "School_number": row["identifier"]}
            for i, row in schools(sis)
        ],
        "students.csv": list(_clever_students(sis)),
        "teachers.csv": [
            {
                "School_id": school,
                "Teacher_id": i,
                "Teacher_email": row["email"],
                "First_name": row["givenName"],
                "Last_name": row["familyName"],
                "Username": row["username"],
                "Password": "hunter2-canary",
            }
            for i, row in people(sis, "teacher")
            for school in row["orgs"].split(",")
        ],
        "sections.csv": [
            {
                "School_id": row["schoolSourcedId"],
                "Section_id": i,
                "Teacher_id": teachers.get(i, ""),
                "Teacher_2_id": "",
                "Name": row["title"],
                "Course_name": sis.tables["courses"][row["courseSourcedId"]]["title"],
                **TERM,
            }
            for i, row in sis.classes.items()
        ],
        "enrollments.csv": [
            {
                "School_id": row["schoolSourcedId"],
                "Section_id": row["classSourcedId"],
                "Student_id": row["userSourcedId"],
            }
            for row in enrolled(sis, "student")
        ],
    }


def _clever_students(sis: SmallSis) -> Iterable[Row]:
    for i, row in people(sis, "student"):
        birth = sis.demographics[i]
        year, month, day = birth["birthDate"].split("-")
        own = {
            "School_id": row["orgs"],
            "Student_id": i,
            "Student_number": row["identifier"],
            "Last_name": row["familyName"],
            "First_name": row["givenName"],
            "Grade": row["grades"].lstrip("0"),
            "Gender": birth["sex"][0].upper(),
            "DOB": f"{month}/{day}/{year}",
            "Student_email": row["email"],
            "Username": row["username"],
            "Password": "hunter2-canary",
        }
        for agent in row["agents"].split(","):
            guardian = sis.users.get(agent)
            contact: Row = {"Contact_name": ""}
            if guardian is not None:
                contact = {
                    "Contact_relationship": "Parent",
                    "Contact_name": f"{guardian['givenName']} {guardian['familyName']}",
                    "Contact_email": guardian["email"],
                    "Contact_sis_id": agent,
                }
            yield own | contact


def sds_1(sis: SmallSis) -> Files:
    """School Data Sync, version 1."""

    def person(i: str, row: Row) -> Row:
        return {
            "SIS ID": i,
            "School SIS ID": row["orgs"],
            "First Name": row["givenName"],
            "Last Name": row["familyName"],
            "Username": row["username"],
            "Password": "hunter2-canary",
            "Secondary Email": row["email"],
            "Status": "Active",
        }

    return {
        "School.csv": [
            {"SIS ID": i, "Name": row["name"], "School Number": row["identifier"]}
            for i, row in schools(sis)
        ],
        "Section.csv": [
            {
                "SIS ID": i,
                "School SIS ID": row["schoolSourcedId"],
                "Section Name": row["title"],
                "Course SIS ID": row["courseSourcedId"],
                "Course Name": sis.tables["courses"][row["courseSourcedId"]]["title"],
                "Term SIS ID": "fall",
                "Term Name": "Fall",
                "Term StartDate": "8/18/2025",
                "Term EndDate": "1/10/2026",
            }
            for i, row in sis.classes.items()
        ],
        "Student.csv": [
            person(i, row)
            | {"Student Number": row["identifier"], "Grade": row["grades"]}
            | {"Birthdate": sis.demographics[i]["birthDate"]}
            for i, row in people(sis, "student")
        ],
        "Teacher.csv": [person(i, row) for i, row in people(sis, "teacher")],
        "StudentEnrollment.csv": [
            {"Section SIS ID": row["classSourcedId"], "SIS ID": row["userSourcedId"]}
            for row in enrolled(sis, "student")
        ],
        "TeacherRoster.csv": [
            {"Section SIS ID": row["classSourcedId"], "SIS ID": row["userSourcedId"]}
            for row in enrolled(sis, "teacher")
        ],
    }


def sds_2(sis: SmallSis) -> Files:
    """School Data Sync, version 2: role and orgs stand with the person."""
    later = sds_2_1(sis)
    columns = ("sourcedId", "orgSourcedId", "title")
    return {
        "orgs.csv": later["orgs.csv"],
        "users.csv": [
            row
            | {"role": person["role"], "grade": person["grades"]}
            | {"orgSourcedIds": person["orgs"]}
            for row, person in zip(later["users.csv"], sis.users.values(), strict=True)
        ],
        "classes.csv": [{c: row[c] for c in columns} for row in later["classes.csv"]],
        "enrollments.csv": later["enrollments.csv"],
    }


def sds_2_1(sis: SmallSis) -> Files:
    """School Data Sync, version 2.1."""
    columns = ("username", "givenName", "familyName", "email")
    return {
        "orgs.csv": [
            {"sourcedId": i, "parentSourcedId": "", **{c: row[c] for c in ("name", "type")}}
            | {"parentSourcedId": row.get("parentSourcedId", "")}
            for i, row in sis.tables["orgs"].items()
        ],
        "users.csv": [
            {"sourcedId": i, **{c: row[c] for c in columns}, "password": "hunter2-canary"}
            for i, row in sis.users.items()
        ],
        "roles.csv": [
            {
                "userSourcedId": i,
                "orgSourcedId": org,
                "role": row["role"],
                "sessionSourcedId": "y26",
                "grade": row["grades"],
                "isPrimary": "TRUE" if place == 0 else "FALSE",
            }
            for i, row in sis.users.items()
            for place, org in enumerate(row["orgs"].split(","))
        ],
        "classes.csv": [
            {
                "sourcedId": i,
                "orgSourcedId": row["schoolSourcedId"],
                "title": row["title"],
                "sessionSourcedIds": row["termSourcedIds"],
                "courseSourcedId": row["courseSourcedId"],
            }
            for i, row in sis.classes.items()
        ],
        "enrollments.csv": [
            {c: row[c] for c in ("classSourcedId", "userSourcedId", "role")}
            for row in sis.enrollments.values()
        ],
        "courses.csv": [
            {"sourcedId": i, "orgSourcedId": row["orgSourcedId"], "title": row["title"]}
            for i, row in sis.tables["courses"].items()
        ],
        "academicSessions.csv": [
            {"sourcedId": i, **row} for i, row in sis.tables["academicSessions"].items()
        ],
        "demographics.csv": [
            {"userSourcedId": i, "sex": row["sex"], "birthDate": row["birthDate"]}
            for i, row in sis.demographics.items()
        ],
        "relationships.csv": [
            {
                "userSourcedId": i,
                "relationshipUserSourcedId": agent,
                "relationshipRole": "guardian",
            }
            for i, row in sis.users.items()
            for agent in row["agents"].split(",")
            if agent
        ],
    }


def remind_1_0(sis: SmallSis) -> Files:
    """Remind, CSV 1.0."""
    teachers = {row["classSourcedId"]: row["userSourcedId"] for row in enrolled(sis, "teacher")}
    return {
        "schools.csv": _remind_schools(sis),
        "teachers.csv": [
            {
                "school_id": row["orgs"],
                "teacher_id": i,
                "first_name": row["givenName"],
                "last_name": row["familyName"],
                "email": row["email"],
            }
            for i, row in people(sis, "teacher")
        ],
        "students.csv": [
            {
                "school_id": row["orgs"],
                "student_id": i,
                "first_name": row["givenName"],
                "last_name": row["familyName"],
                "email": row["email"],
                "grade": row["grades"],
                "guardian_id": agent,
                "guardian_first_name": sis.users[agent]["givenName"],
                "guardian_last_name": sis.users[agent]["familyName"],
                "guardian_email": sis.users[agent]["email"],
            }
            for i, row in people(sis, "student")
            for agent in row["agents"].split(",")
        ],
        "classes.csv": [
            row | {"teacher_id": teachers[row["class_id"]]} for row in _remind_classes(sis)
        ],
        "enrollments.csv": [
            {"class_id": row["classSourcedId"], "student_id": row["userSourcedId"]}
            for row in enrolled(sis, "student")
        ],
    }


def remind_2_0(sis: SmallSis) -> Files:
    """Remind, CSV 2.0."""
    return {
        "schools.csv": _remind_schools(sis),
        "users.csv": [
            {
                "user_id": i,
                "first_name": row["givenName"],
                "last_name": row["familyName"],
                "email": row["email"],
                "grade": row["grades"],
            }
            for i, row in sis.users.items()
        ],
        "school_enrollments.csv": [
            {"school_id": row["orgs"], "user_id": i, "role": row["role"], "student_id": student}
            for i, row in sis.users.items()
            for student in _students_of(sis, i) or [""]
        ],
        "classes.csv": _remind_classes(sis),
        "class_enrollments.csv": [
            {
                "class_id": row["classSourcedId"],
                "user_id": row["userSourcedId"],
                "role": row["role"],
            }
            for row in sis.enrollments.values()
        ],
    }


def _students_of(sis: SmallSis, guardian: str) -> list[str]:
    return [i for i, row in sis.users.items() if guardian in row["agents"].split(",")]


def _remind_schools(sis: SmallSis) -> list[Row]:
    return [{"school_id": i, "school_name": row["name"]} for i, row in schools(sis)]


def _remind_classes(sis: SmallSis) -> list[Row]:
    return [
        {"class_id": i, "school_id": row["schoolSourcedId"], "class_name": row["title"]}
        for i, row in sis.classes.items()
    ]


def schoolstatus(sis: SmallSis) -> Files:
    """SchoolStatus Connect's flavour of OneRoster."""
    columns = ("role", "givenName", "familyName", "email", "grades")
    return {
        "users.csv": [
            {"sourceId": i, "orgSourcedIds": row["orgs"], "agentSourcedIds": row["agents"]}
            | {c: row[c] for c in columns}
            | {"sms": "", "phone": ""}
            for i, row in sis.users.items()
        ],
        "classes.csv": [
            {"sourcedId": i, "title": row["title"], "schoolSourcedId": row["schoolSourcedId"]}
            for i, row in sis.classes.items()
        ],
        "enrollments.csv": [
            {c: row[c] for c in ("classSourcedId", "schoolSourcedId", "userSourcedId", "role")}
            for row in sis.enrollments.values()
        ],
    }


EXPORTS: dict[str, Callable[[SmallSis], Files]] = {
    "clever-csv": clever,
    "sds-csv 1": sds_1,
    "sds-csv 2": sds_2,
    "sds-csv 2.1": sds_2_1,
    "remind-csv 1.0": remind_1_0,
    "remind-csv 2.0": remind_2_0,
    "schoolstatus-csv": schoolstatus,
}
"""Every dialect by type and version."""
