"""Single objects of Clever's as rows."""

from __future__ import annotations

from typing import Any

import pytest

from rollbook.sources.clever_api import objects
from rollbook.sources.clever_api.dates import iso_day, school_year
from rollbook.sources.clever_api.objects import Role


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("4/9/2012", "2012-04-09"),
        ("12/31/2012", "2012-12-31"),
        ("2012-04-09", "2012-04-09"),
        ("2012-04-09T00:00:00.000Z", "2012-04-09"),
        ("soon", "soon"),
        ("", ""),
    ],
)
def test_days(said: str, day: str) -> None:
    assert iso_day(said) == day


@pytest.mark.parametrize(
    ("ends", "year"),
    [("2025-12-19", "2026"), ("2026-06-05", "2026"), ("2026-07-31", "2026"), ("", "")],
)
def test_school_years(ends: str, year: str) -> None:
    assert school_year(ends) == year


@pytest.mark.parametrize(
    ("said", "grade"),
    [("Kindergarten", "KG"), ("1", "01"), ("12", "12"), ("PostGraduate", "PS"), (None, "")],
)
def test_grades(said: str | None, grade: str) -> None:
    assert objects.section({"grade": said})["grades"] == grade


def test_a_homeroom_is_one() -> None:
    assert objects.section({"subject": "homeroom/advisory"})["classType"] == "homeroom"
    assert objects.section({"subject": "math"})["classType"] == "scheduled"


def test_the_first_teacher_is_the_primary_one() -> None:
    section = {"id": "c1", "school": "s", "teacher": "t2", "teachers": ["t1", "t2"]}
    rows = list(objects.enrollments(section | {"students": ["a", "a"]}))
    assert [(row["userSourcedId"], row.get("primary")) for row in rows] == [
        ("t2", "true"),
        ("t1", "false"),
        ("a", None),
    ]
    assert rows[2]["sourcedId"] == "c1:a:student"
    alone = list(objects.enrollments({"id": "c1", "teachers": ["t1"], "students": None}))
    assert [row["primary"] for row in alone] == ["true"]
    assert list(objects.enrollments({"id": "c1"})) == []


def contact(*relationships: str) -> dict[str, Any]:
    related = [{"student": f"s{n}", "relationship": w} for n, w in enumerate(relationships)]
    return {"roles": {"contact": {"student_relationships": related}}}


@pytest.mark.parametrize(
    ("relationships", "role"),
    [
        (("Parent",), "parent"),
        (("Grandparent",), "relative"),
        (("Grandparent", "Parent"), "parent"),
        (("Sibling", "Other"), "guardian"),
        (("Self",), "guardian"),
        ((), "guardian"),
    ],
)
def test_what_a_contact_is(relationships: tuple[str, ...], role: str) -> None:
    assert objects.roles(contact(*relationships), "d") == [Role(role, "d", True)]


def test_roles_at_every_school_the_first_one_primary() -> None:
    one = {
        "roles": {
            "teacher": {"school": "s2", "schools": ["s1", "s2"]},
            "staff": {"schools": ["s1"], "title": "Counselor"},
            "student": None,
        }
    }
    assert objects.roles(one, "d") == [
        Role("counselor", "s1", True),
        Role("teacher", "s2", False),
        Role("teacher", "s1", False),
    ]
    assert objects.roles({"roles": {}}, "d") == []
    assert objects.roles({}, "d") == []


@pytest.mark.parametrize(
    ("phone_type", "column"), [("Cell", "sms"), ("Home", "phone"), (None, "phone")]
)
def test_phones(phone_type: str | None, column: str) -> None:
    one = {"roles": {"contact": {"phone": "555", "phone_type": phone_type}}}
    row = objects.user(one)
    assert {name for name in ("sms", "phone") if row.get(name)} == {column}


def test_a_student() -> None:
    student = {
        "student_number": "7",
        "sis_id": "x1",
        "state_id": "o9",
        "grade": "9",
        "graduation_year": "2030",
        "credentials": {"district_username": "ada"},
        "preferred_name": {"first": "Addie", "middle": None, "last": None},
    }
    row = objects.user({"id": "u", "email": "a@x.org", "roles": {"student": student}})
    assert (row["username"], row["email"], row["identifier"]) == ("ada", "a@x.org", "7")
    assert row["userIds"] == "{sis:x1},{state:o9}"
    assert (row["grades"], row["preferredGivenName"]) == ("09", "Addie")
    assert row["metadata.graduationYear"] == "2030"
    without = objects.user({"email": "a@x.org", "roles": {"student": {"credentials": None}}})
    assert without["username"] == "a@x.org"


def test_demographics_are_what_clever_says_and_no_more() -> None:
    student = {"dob": "2/3/2011", "gender": "X", "race": "Asian", "hispanic_ethnicity": "N"}
    row = objects.demographics({"id": "u", "roles": {"student": student}})
    assert row is not None
    assert (row["birthDate"], row["sex"]) == ("2011-02-03", "other")
    assert (row["asian"], row["white"]) == ("true", "false")
    assert row["hispanicOrLatinoEthnicity"] == "false"
    unknown = objects.demographics({"id": "u", "roles": {"student": {"race": "Unknown"}}})
    assert unknown is None
    assert objects.demographics({"id": "t", "roles": {"teacher": {}}}) is None
