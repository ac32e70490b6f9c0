"""Every field of every kind, as it comes out of the small set."""

from __future__ import annotations

from pathlib import Path

import pytest

from rollbook.roster.kinds import SHAPES, Kind
from rollbook.roster.records import EXTENSIONS, Values, guardian_id, role_id
from rollbook.sources.oneroster_csv import read, reading
from rollbook.sources.roster import FileFacts

from .small_set import SmallSet

EXPECTED: dict[Kind, dict[str, Values]] = {
    Kind.ORG: {
        "district-1": {"name": "Lakeside District", "type": "district"},
        "school-1": {
            "name": "North School",
            "type": "school",
            "identifier": "NCES-1",
            "parent_id": "district-1",
        },
        "school-2": {
            "name": "South School",
            "type": "school",
            "identifier": "NCES-2",
            "parent_id": "district-1",
        },
    },
    Kind.ACADEMIC_SESSION: {
        "year-2026": {
            "title": "2025-26",
            "type": "schoolYear",
            "start_date": "2025-08-15",
            "end_date": "2026-06-10",
            "school_year": "2026",
        },
        "term-fall": {
            "title": "Fall",
            "type": "term",
            "start_date": "2025-08-15",
            "end_date": "2025-12-20",
            "parent_id": "year-2026",
            "school_year": "2026",
        },
    },
    Kind.COURSE: {
        "course-1": {
            "title": "Algebra",
            "course_code": "ALG",
            "grades": ["09", "10"],
            "org_id": "school-1",
            "school_year_id": "year-2026",
            "subjects": ["Mathematics"],
            "subject_codes": ["02052"],
        }
    },
    Kind.CLASS: {
        "class-1": {
            "title": "Algebra 1",
            "class_code": "ALG-1",
            "class_type": "scheduled",
            "grades": ["09", "10"],
            "location": "Room 4",
            "course_id": "course-1",
            "school_id": "school-1",
            "term_ids": ["term-fall", "year-2026"],
            "subjects": ["Mathematics"],
            "subject_codes": ["02052"],
            "periods": ["1", "3"],
        },
        "class-2": {
            "title": "Homeroom",
            "class_code": "HR",
            "class_type": "homeroom",
            "grades": ["09"],
            "course_id": "course-1",
            "school_id": "school-2",
            "term_ids": ["term-fall"],
        },
    },
    Kind.USER: {
        "student-1": {
            "given_name": "Ada",
            "middle_name": "M",
            "family_name": "Lind",
            "username": "ada",
            "email": "ada@example.org",
            "identifier": "1001",
            "grades": ["09"],
            "primary_role": "student",
            "primary_org_id": "school-1",
            "enabled": True,
            "user_ids": ["LDAP:ada", "Fed:a1"],
        },
        "student-2": {
            "given_name": "Ben",
            "family_name": "Ito",
            "username": "ben",
            "identifier": "1002",
            "grades": ["09", "10"],
            "primary_role": "student",
            "primary_org_id": "school-1",
            "enabled": True,
            "phone": "555-1",
        },
        "teacher-1": {
            "given_name": "Cho",
            "family_name": "Diaz",
            "username": "cho",
            "email": "cho@example.org",
            "identifier": "T1",
            "primary_role": "teacher",
            "primary_org_id": "school-2",
            "enabled": True,
        },
        "parent-1": {
            "given_name": "Dag",
            "family_name": "Lind",
            "username": "dag",
            "primary_role": "parent",
            "primary_org_id": "school-1",
            "enabled": False,
            "sms": "555-2",
        },
    },
    Kind.ROLE: {
        role_id(user, role, org): {
            "user_id": user,
            "role": role,
            "role_type": role_type,
            "org_id": org,
        }
        for user, role, org, role_type in (
            ("student-1", "student", "school-1", "primary"),
            ("student-2", "student", "school-1", "primary"),
            ("student-2", "student", "school-2", "secondary"),
            ("teacher-1", "teacher", "school-2", "primary"),
            ("teacher-1", "teacher", "school-1", "secondary"),
            ("parent-1", "parent", "school-1", "primary"),
        )
    },
    Kind.ENROLLMENT: {
        "enroll-1": {
            "user_id": "student-1",
            "class_id": "class-1",
            "role": "student",
            "school_id": "school-1",
            "begin_date": "2025-08-15",
            "end_date": "2025-12-20",
        },
        "enroll-2": {
            "user_id": "student-2",
            "class_id": "class-1",
            "role": "student",
            "school_id": "school-1",
        },
        "enroll-3": {
            "user_id": "teacher-1",
            "class_id": "class-1",
            "role": "teacher",
            "primary": True,
            "school_id": "school-1",
        },
        "enroll-4": {
            "user_id": "student-2",
            "class_id": "class-2",
            "role": "student",
            "primary": False,
            "school_id": "school-2",
        },
    },
    Kind.GUARDIAN: {
        guardian_id("student-1", "parent-1"): {
            "student_id": "student-1",
            "guardian_id": "parent-1",
        }
    },
    Kind.DEMOGRAPHICS: {
        "student-1": {
            "birth_date": "2011-02-03",
            "sex": "female",
            "american_indian_or_alaska_native": False,
            "asian": True,
            "black_or_african_american": False,
            "native_hawaiian_or_other_pacific_islander": False,
            "white": False,
            "two_or_more_races": False,
            "hispanic_or_latino": False,
            "country_of_birth": "US",
            "state_of_birth": "IL",
            "city_of_birth": "Galena",
        },
        "student-2": {
            "birth_date": "2011-12-24",
            "sex": "male",
            "american_indian_or_alaska_native": False,
            "asian": False,
            "black_or_african_american": False,
            "native_hawaiian_or_other_pacific_islander": False,
            "white": True,
            "two_or_more_races": False,
            "hispanic_or_latino": True,
            "country_of_birth": "US",
        },
    },
}


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_every_record_with_every_field(version: str, tmp_path: Path) -> None:
    roster = SmallSet(version).read(tmp_path)
    found = {
        kind: {record_id: record.values for record_id, record in records.items()}
        for kind, records in roster.records.items()
    }
    assert found == EXPECTED
    assert roster.version == version
    assert roster.complete == frozenset(Kind)
    assert roster.findings == ()
    assert roster.protected == {kind: frozenset() for kind in Kind}
    for kind, records in roster.records.items():
        assert all(record.kind is kind and record.id == i for i, record in records.items())


def test_both_versions_give_the_same_records(tmp_path: Path) -> None:
    first = SmallSet("1.1").read(tmp_path / "1.1")
    second = SmallSet("1.2").read(tmp_path / "1.2")
    assert first.records == second.records


def test_the_files_are_counted(tmp_path: Path) -> None:
    roster = SmallSet().read(tmp_path)
    assert roster.files == (
        FileFacts("orgs.csv", 3, 0),
        FileFacts("academicSessions.csv", 2, 0),
        FileFacts("courses.csv", 1, 0),
        FileFacts("classes.csv", 2, 0),
        FileFacts("users.csv", 4, 0),
        FileFacts("enrollments.csv", 4, 0),
        FileFacts("demographics.csv", 2, 0),
    )


def test_the_fields_that_only_1p2_has(tmp_path: Path) -> None:
    small = SmallSet("1.2")
    for header, cell in {
        "userMasterIdentifier": "M-1",
        "resourceSourcedIds": "res-1,res-2",
        "preferredGivenName": "Addie",
        "preferredMiddleName": "Mae",
        "preferredFamilyName": "Lindh",
        "primaryOrgSourcedId": "school-2",
        "pronouns": "she/her",
    }.items():
        small.set("users", "student-1", header, cell)
    small.set("roles", "role-1", "beginDate", "2025-08-15")
    small.set("roles", "role-1", "endDate", "2026-06-10")
    small.add_column("roles", "metadata.position", "1")
    roster = small.read(tmp_path)
    ada = roster.records[Kind.USER]["student-1"].values
    assert ada["master_identifier"] == "M-1"
    assert ada["resource_ids"] == ["res-1", "res-2"]
    assert ada["preferred_given_name"] == "Addie"
    assert ada["preferred_middle_name"] == "Mae"
    assert ada["preferred_family_name"] == "Lindh"
    assert ada["primary_org_id"] == "school-2"
    assert ada["pronouns"] == "she/her"
    role = roster.records[Kind.ROLE][role_id("student-1", "student", "school-1")].values
    assert role["begin_date"] == "2025-08-15"
    assert role["end_date"] == "2026-06-10"
    assert role[EXTENSIONS] == {"metadata.position": "1"}
    assert roster.findings == ()


def test_every_field_has_a_place_in_its_shape(tmp_path: Path) -> None:
    for version in ("1.1", "1.2"):
        for kind, records in SmallSet(version).read(tmp_path / version).records.items():
            for record in records.values():
                assert record.values.keys() <= SHAPES[kind].fields.keys()
                assert all(value not in (None, "", []) for value in record.values.values())


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("{LDAP:a},{Fed:b}", ["LDAP:a", "Fed:b"]),
        ("{LDAP:a, b}, {Fed:c}", ["LDAP:a, b", "Fed:c"]),
        ("a1, b2", ["a1", "b2"]),
        ("{LDAP:a", ["{LDAP:a"]),
        ("{}", None),
    ],
)
def test_user_ids_are_parted(cell: str, parts: list[str] | None, tmp_path: Path) -> None:
    small = SmallSet()
    small.set("users", "student-1", "userIds", cell)
    roster = small.read(tmp_path)
    assert roster.records[Kind.USER]["student-1"].values.get("user_ids") == parts


def test_progress_names_each_file_with_its_rows(tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    roster = read(SmallSet().write(tmp_path), progress=lambda file, rows: told.append((file, rows)))
    assert told == [(facts.name, facts.rows) for facts in roster.files]


def test_progress_is_told_on_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_PROGRESS_EVERY", 2)
    told: list[tuple[str, int]] = []
    read(SmallSet().write(tmp_path), progress=lambda file, rows: told.append((file, rows)))
    assert [rows for file, rows in told if file == "orgs.csv"] == [2, 3]
    assert read(tmp_path).files == SmallSet().read(tmp_path / "again").files
