"""Rows of a OneRoster CSV set as the objects of the Clever API v3.1.

Ids stay as they are, so that a district can be compared with itself by another way. Parents become
contacts; what is neither student, teacher, parent nor administrator becomes staff.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from .roster_tables import Row, Tables, items, with_user_roles

Object = dict[str, Any]

DISTRICT_ROLES = ("administrator", "districtAdministrator", "systemAdministrator")
FAMILY = {"parent": "Parent", "guardian": "Other", "relative": "Grandparent"}

GRADES = {
    **{"IT": "InfantToddler", "PR": "Preschool", "PK": "PreKindergarten"},
    **{"TK": "TransitionalKindergarten", "KG": "Kindergarten", "PS": "PostGraduate"},
    **{"UG": "Ungraded", "Other": "Other"},
    **{f"{number:02}": str(number) for number in range(1, 14)},
}
_RACES = {
    "americanIndianOrAlaskaNative": "American Indian",
    "asian": "Asian",
    "blackOrAfricanAmerican": "Black or African American",
    "nativeHawaiianOrOtherPacificIslander": "Hawaiian or Other Pacific Islander",
    "white": "Caucasian",
    "demographicRaceTwoOrMoreRaces": "Two or More Races",
}
_MODIFIED = "2026-08-01T00:00:00.000Z"

_NAMELESS: Row = {"sourcedId": "district-of-this-set", "name": "District"}
"""The district of a set that names none: Clever always has one."""


def objects_of(tables: Tables) -> dict[str, list[Object]]:
    """The objects of every list, by ascending id."""
    tables = with_user_roles(tables)
    itself = next((org for org in tables["orgs"] if org["type"] == "district"), _NAMELESS)
    district = itself["sourcedId"]
    students_of = _students_of(tables["users"])
    demographics = {row["sourcedId"]: row for row in tables.get("demographics", [])}
    users = [
        _user(row, district, students_of.get(row["sourcedId"], []), demographics)
        for row in tables["users"]
    ]
    people: dict[str, list[Row]] = {}
    for row in tables.get("enrollments", []):
        people.setdefault(row["classSourcedId"], []).append(row)
    lists = {
        "districts": [_district(itself)],
        "schools": [_school(org, district) for org in tables["orgs"] if org["type"] == "school"],
        "terms": [_term(row, district) for row in tables.get("academicSessions", [])],
        "courses": [_course(row, district) for row in tables.get("courses", [])],
        "sections": [
            _section(row, district, people.get(row["sourcedId"], []))
            for row in tables.get("classes", [])
        ],
        "users": users,
    }
    return {name: sorted(found, key=lambda one: str(one["id"])) for name, found in lists.items()}


def _students_of(users: list[Row]) -> dict[str, list[str]]:
    """The students of each person of family, whichever of the two names the other."""
    roles = {user["sourcedId"]: user["role"] for user in users}
    students: dict[str, list[str]] = {}
    for user in users:
        for agent in items(user.get("agentSourcedIds")):
            student, other = user["sourcedId"], agent
            if roles[student] != "student":
                student, other = other, student
            if student not in students.setdefault(other, []):
                students[other].append(student)
    return students


def _district(row: Row) -> Object:
    return {
        "id": row["sourcedId"],
        "name": row["name"],
        "state": "running",
        "sis_type": "sftp",
        "launch_date": "2020-08-01",
        "last_sync": "2026-11-21T06:00:00.000Z",
        "pause_start": None,
        "pause_end": None,
    }


def _school(row: Row, district: str) -> Object:
    return {
        "id": row["sourcedId"],
        "district": district,
        "name": row["name"],
        "school_number": row.get("identifier", ""),
        "sis_id": row["sourcedId"],
        "last_modified": _MODIFIED,
    }


def _term(row: Row, district: str) -> Object:
    return {
        "id": row["sourcedId"],
        "district": district,
        "name": row["title"],
        "start_date": row["startDate"],
        "end_date": row["endDate"],
    }


def _course(row: Row, district: str) -> Object:
    return {
        "id": row["sourcedId"],
        "district": district,
        "name": row["title"],
        "number": row.get("courseCode"),
    }


def _section(row: Row, district: str, people: list[Row]) -> Object:
    teachers = sorted(
        (one for one in people if one["role"] == "teacher"),
        key=lambda one: one.get("primary") != "true",
    )
    grades = items(row.get("grades"))
    homeroom = row.get("classType") == "homeroom"
    return {
        "id": row["sourcedId"],
        "district": district,
        "school": row["schoolSourcedId"],
        "name": row["title"],
        "sis_id": row["sourcedId"],
        "section_number": row.get("classCode"),
        "course": row.get("courseSourcedId"),
        "term_id": next(iter(items(row.get("termSourcedIds"))), None),
        "grade": GRADES[grades[0]] if grades else "",
        "period": next(iter(items(row.get("periods"))), None),
        "subject": "homeroom/advisory" if homeroom else "",
        "teacher": teachers[0]["userSourcedId"] if teachers else None,
        "teachers": [one["userSourcedId"] for one in teachers],
        "students": [one["userSourcedId"] for one in people if one["role"] == "student"],
        "last_modified": _MODIFIED,
    }


def _user(row: Row, district: str, students: list[str], demographics: dict[str, Row]) -> Object:
    role = row["role"]
    name = {
        "first": row.get("givenName"),
        "middle": row.get("middleName"),
        "last": row.get("familyName"),
    }
    if role in FAMILY:
        whole = [row[part] for part in ("givenName", "familyName") if part in row]
        name = {"first": None, "middle": None, "last": " ".join(whole)}
    return {
        "id": row["sourcedId"],
        "district": district,
        "email": row.get("email"),
        "name": name,
        "last_modified": _MODIFIED,
        "created": _MODIFIED,
        "roles": _roles(row, students, demographics.get(row["sourcedId"], {})),
    }


def _roles(row: Row, students: list[str], about: Row) -> Object:
    orgs = items(row["orgSourcedIds"])
    credentials = {"district_username": row["username"]} if "username" in row else {}
    own = {"sis_id": row["sourcedId"], "credentials": credentials}
    match row["role"]:
        case "student":
            return {
                "student": own
                | {"student_number": row.get("identifier"), "school": orgs[0], "schools": orgs}
                | _about_student(row, about)
            }
        case "teacher":
            return {
                "teacher": own
                | {"teacher_number": row.get("identifier"), "school": orgs[0], "schools": orgs}
            }
        case role if role in FAMILY:
            return {
                "contact": {
                    "sis_id": row["sourcedId"],
                    "phone": row.get("sms") or row.get("phone"),
                    "phone_type": "Cell" if "sms" in row else "Home" if "phone" in row else "",
                    "student_relationships": [
                        {
                            "student": one,
                            "relationship": FAMILY[role],
                            "type": "Parent/Guardian",
                        }
                        for one in students
                    ],
                }
            }
        case role if role in DISTRICT_ROLES:
            return {"district_admin": {"title": row.get("title")}}
    return {
        "staff": {
            "staff_id": row.get("identifier") or row["sourcedId"],
            "credentials": credentials,
            "schools": orgs,
            "roles": [row["role"]],
        }
    }


def _about_student(row: Row, about: Row) -> Object:
    grades = items(row.get("grades"))
    race = [word for header, word in _RACES.items() if about.get(header) == "true"]
    said: Object = {
        "grade": GRADES[grades[0]] if grades else "",
        "dob": _american(about["birthDate"]) if "birthDate" in about else None,
        "gender": {"male": "M", "female": "F", "other": "X"}.get(about.get("sex", ""), ""),
        "race": race[0] if len(race) == 1 else "Two or More Races" if race else "",
        "hispanic_ethnicity": {"true": "Y", "false": "N"}.get(
            about.get("hispanicOrLatinoEthnicity", ""), ""
        ),
    }
    if "preferredGivenName" in row:
        said["preferred_name"] = {"first": row["preferredGivenName"], "middle": None, "last": None}
    return said


def _american(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.month}/{day.day}/{day.year}"
