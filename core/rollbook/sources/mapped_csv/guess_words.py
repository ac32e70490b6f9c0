"""What exports call their files and columns, the clearest names first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Subject:
    """What a file may be about. The first ``sure`` names of a column leave no doubt."""

    name: str
    to: str
    file_words: tuple[str, ...]
    constants: Mapping[str, object] = field(default_factory=dict)
    sure: int = 3


PEOPLE = {"students": "student", "teachers": "teacher", "guardians": "guardian"}
"""Subjects that are people, and their role."""

SUBJECTS = (
    Subject("orgs", "orgs.csv", ("school", "org", "building"), {"type": {"value": "school"}}),
    Subject("students", "users.csv", ("student", "pupil")),
    Subject("teachers", "users.csv", ("teacher", "staff", "faculty")),
    Subject("guardians", "users.csv", ("guardian", "parent", "contact")),
    Subject("classes", "classes.csv", ("class", "section"), {"classType": {"value": "scheduled"}}),
    Subject(
        "enrollments",
        "enrollments.csv",
        ("enrol", "roster", "schedule"),
        {"role": {"value": "student"}},
    ),
    Subject("attendance", "attendance.csv", ("attendance", "absence", "tard")),
    Subject("discipline", "discipline.csv", ("discipline", "incident", "behavio")),
)

_SCHOOL = (
    *("school id", "school sis id", "schoolid", "school code", "school", "building", "site"),
    *("bldg", "building id", "building code", "orgsourcedid", "campus", "campus id"),
    *("site id", "location", "home school", "school number"),
)
_GIVEN = ("first name", "given name", "firstname", "givenname", "first", "given")
_FAMILY = ("last name", "family name", "lastname", "familyname", "surname", "last", "family")
_MIDDLE = ("middle name", "middlename", "middle initial", "middle")
_STUDENT = ("student id", "sis id", "student sis id", "student number", "id", "person id")
_MAIL = ("email", "email address", "e mail")
_NAMES = {"givenName": _GIVEN, "familyName": _FAMILY, "middleName": _MIDDLE}

COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "orgs": {
        "sourcedId": (
            "school id",
            "school sis id",
            "sis id",
            "id",
            "school code",
            "code",
            "sourcedid",
            "building id",
            "building code",
            "campus id",
            "site id",
        ),
        "name": (
            *("school name", "name", "school", "building name", "campus name", "site name"),
            *("building", "campus", "site"),
        ),
        "identifier": ("school number", "state id", "nces id", "number"),
    },
    "students": {
        "sourcedId": (
            *("student id", "sis id", "student sis id", "id", "pupil id", "person id"),
            *("sourcedid", "student number", "student no", "pupil number"),
        ),
        "orgs": _SCHOOL,
        **_NAMES,
        "email": ("student email", *_MAIL),
        "username": ("username", "user name", "login", "login id"),
        "identifier": ("student number", "state id", "local id"),
        "grades": ("grade", "grade level", "grades", "year group", "year"),
        "phone": ("phone", "home phone", "telephone"),
    },
    "teachers": {
        "sourcedId": (
            *("teacher id", "staff id", "sis id", "id", "employee id", "person id"),
            *("sourcedid", "teacher number", "employee number"),
        ),
        "orgs": _SCHOOL,
        **_NAMES,
        "email": ("teacher email", "staff email", *_MAIL),
        "username": ("username", "user name", "login", "login id"),
        "identifier": ("teacher number", "employee number", "state id"),
    },
    "guardians": {
        "sourcedId": ("guardian id", "contact id", "parent id", "id", "person id", "sourcedid"),
        "orgs": _SCHOOL,
        **_NAMES,
        "email": ("guardian email", "contact email", *_MAIL),
        "sms": ("mobile", "cell", "cell phone", "mobile phone"),
        "phone": ("phone", "home phone", "telephone"),
        "agentSourcedIds": ("student id", "student sis id", "child id"),
    },
    "classes": {
        "sourcedId": ("section id", "class id", "sis id", "id", "section sis id", "sourcedid"),
        "schoolSourcedId": _SCHOOL,
        "title": (
            *("section name", "class name", "course name", "name", "title", "course"),
            *("course title", "section title", "class title", "description"),
        ),
        "classCode": ("section number", "class code", "code"),
        "periods": ("period", "periods"),
        "subjects": ("subject", "department"),
    },
    "enrollments": {
        "classSourcedId": ("section id", "class id", "section sis id", "section", "class"),
        "userSourcedId": ("student id", "sis id", "student sis id", "user id", "person id"),
        "schoolSourcedId": _SCHOOL,
        "beginDate": ("begin date", "start date", "entry date"),
        "endDate": ("end date", "exit date", "leave date"),
    },
    "attendance": {
        "studentSourcedId": _STUDENT,
        "schoolYear": ("school year", "schoolyear"),
        "date": ("date", "attendance date", "absence date"),
        "type": ("attendance code", "code", "status", "type", "absence type"),
        "excused": ("excused",),
        "number": ("days", "days absent", "number", "absences"),
        "reason": ("reason", "description", "comment"),
    },
    "discipline": {
        "studentSourcedId": _STUDENT,
        "schoolYear": ("school year", "schoolyear"),
        "date": ("date", "incident date"),
        "type": ("behavior", "behavior code", "violation", "type", "code", "description"),
        "incident": ("incident id", "incident number", "incident"),
        "action": ("action", "action taken", "consequence", "resolution"),
        "days": ("days", "action days", "duration"),
    },
}
"""Names of columns as ``plainly`` spells them, by subject and field."""

NEEDED: dict[str, tuple[str, ...]] = {
    "orgs": ("sourcedId", "name"),
    "students": ("sourcedId", "orgs", "givenName", "familyName"),
    "teachers": ("sourcedId", "orgs", "givenName", "familyName"),
    "guardians": ("sourcedId", "familyName"),
    "classes": ("sourcedId", "schoolSourcedId", "title"),
    "enrollments": ("classSourcedId", "userSourcedId"),
    "attendance": ("studentSourcedId", "type"),
    "discipline": ("studentSourcedId", "type"),
}
"""Fields without which a file is no use."""

BIRTH_DATES = frozenset({"birth date", "birthdate", "date of birth", "dob", "birthday"})
SEXES = frozenset({"sex", "gender"})
"""Columns of students that say something of them as demographics."""

SEX_WORDS = {"M": "male", "F": "female", "X": "other"}
"""What most exports write, and what OneRoster does."""
