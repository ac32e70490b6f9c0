"""Users and roles of both versions: which role and org are primary, and what is not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from rollbook.roster.kinds import Kind
from rollbook.roster.records import role_id
from rollbook.sources.oneroster_csv.words import ROLES

from .small_set import SmallSet, errors


def role_row(
    row_id: str, user: str, role_type: str, role: str, org: str, begin: str = "", end: str = ""
) -> list[str]:
    return [row_id, "", "", user, role_type, role, begin, end, org, ""]


@pytest.mark.parametrize(
    ("rows", "primary_org", "expected"),
    [
        (
            [("secondary", "aide", "school-1"), ("primary", "teacher", "school-2")],
            "",
            ("teacher", "school-2"),
        ),
        (
            [("primary", "teacher", "school-2"), ("primary", "aide", "school-1")],
            "",
            ("aide", "school-1"),
        ),
        (
            [("primary", "teacher", "school-2"), ("primary", "aide", "school-1")],
            "school-2",
            ("teacher", "school-2"),
        ),
        (
            [("secondary", "teacher", "school-2"), ("secondary", "proctor", "school-1")],
            "",
            ("proctor", "school-1"),
        ),
        (
            [("secondary", "teacher", "school-1"), ("secondary", "aide", "school-1")],
            "",
            ("aide", "school-1"),
        ),
        ([("primary", "teacher", "school-2")], "district-1", ("teacher", "district-1")),
    ],
    ids=[
        "the-primary-row",
        "first-by-org",
        "at-the-primary-org",
        "no-primary-row",
        "first-by-role",
        "primary-org-as-given",
    ],
)
def test_the_primary_role_of_1p2(
    rows: list[tuple[str, str, str]], primary_org: str, expected: tuple[str, str], tmp_path: Path
) -> None:
    for order in (rows, rows[::-1]):
        small = SmallSet("1.2")
        small.rows["roles"] = [r for r in small.rows["roles"] if r[3] != "teacher-1"]
        small.rows["roles"] += [
            role_row(f"r{at}", "teacher-1", role_type, role, org)
            for at, (role_type, role, org) in enumerate(order)
        ]
        small.set("users", "teacher-1", "primaryOrgSourcedId", primary_org)
        values = small.read(tmp_path).records[Kind.USER]["teacher-1"].values
        assert (values["primary_role"], values["primary_org_id"]) == expected


def test_50_a_user_in_two_schools_has_a_role_in_each(tmp_path: Path) -> None:
    roles = SmallSet().read(tmp_path).records[Kind.ROLE]
    mine = {
        r.values["org_id"]: r.values["role_type"] for r in roles.values() if "student-2" in r.id
    }
    assert mine == {"school-1": "primary", "school-2": "secondary"}


def test_an_org_that_is_named_twice_gives_one_role(tmp_path: Path) -> None:
    small = SmallSet()
    small.set("users", "student-2", "orgSourcedIds", "school-1,school-2,school-1")
    assert small.read(tmp_path).records == SmallSet().read(tmp_path / "sound").records


def test_rows_of_one_role_become_one_from_first_begin_to_last_end(tmp_path: Path) -> None:
    small = SmallSet("1.2")
    small.rows["roles"] += [
        role_row("r9", "parent-1", "secondary", "aide", "school-2", "2025-08-15", "2025-12-20"),
        role_row("r8", "parent-1", "primary", "aide", "school-2", "2026-01-05", "2026-06-10"),
        role_row("r7", "student-1", "secondary", "student", "school-1", "2026-01-05", ""),
        role_row("s1", "student-2", "secondary", "student", "school-2", "", "2026-06-10"),
    ]
    roster = small.read(tmp_path)
    aide = roster.records[Kind.ROLE][role_id("parent-1", "aide", "school-2")].values
    assert aide["role_type"] == "primary"
    assert (aide["begin_date"], aide["end_date"]) == ("2025-08-15", "2026-06-10")
    student = roster.records[Kind.ROLE][role_id("student-1", "student", "school-1")].values
    assert student["role_type"] == "primary"
    assert "begin_date" not in student
    elsewhere = roster.records[Kind.ROLE][role_id("student-2", "student", "school-2")].values
    assert elsewhere["role_type"] == "secondary"
    assert "end_date" not in elsewhere
    assert errors(roster) == []


def test_a_user_without_a_role_is_read_and_told(tmp_path: Path) -> None:
    small = SmallSet("1.2")
    small.rows["roles"] = [r for r in small.rows["roles"] if r[3] != "parent-1"]
    roster = small.read(tmp_path)
    assert "primary_role" not in roster.records[Kind.USER]["parent-1"].values
    finding = roster.findings[0]
    assert (finding.code, finding.file, finding.line, finding.record_id) == (
        "no-role",
        "users.csv",
        5,
        "parent-1",
    )


def test_a_user_whose_role_row_was_set_aside_is_set_aside(tmp_path: Path) -> None:
    small = SmallSet("1.2")
    small.set("roles", "role-1", "role", "pupil")
    roster = small.read(tmp_path)
    assert "student-1" not in roster.records[Kind.USER]
    assert "student-1" in roster.protected[Kind.USER]
    assert {role_id("student-1", word, "school-1") for word in ROLES} <= (
        roster.protected[Kind.ROLE]
    )
    assert roster.complete == frozenset(Kind)
    assert [(f.code, f.file, f.line, f.record_id) for f in errors(roster)] == [
        ("bad-value", "roles.csv", 2, "role-1"),
        ("role-unknown", "users.csv", 2, "student-1"),
    ]


def test_a_user_with_another_primary_role_stays(tmp_path: Path) -> None:
    small = SmallSet("1.2")
    small.set("roles", "role-3", "beginDate", "soon")
    roster = small.read(tmp_path)
    assert roster.records[Kind.USER]["student-2"].values["primary_role"] == "student"
    assert role_id("student-2", "student", "school-2") in roster.protected[Kind.ROLE]
    assert role_id("student-2", "student", "school-2") not in roster.records[Kind.ROLE]


@pytest.mark.parametrize("header", ["orgSourcedId", "userSourcedId"])
def test_a_role_of_nobody_knows_where_or_whose_makes_no_role_absent(
    header: str, tmp_path: Path
) -> None:
    small = SmallSet("1.2")
    small.set("roles", "role-3", header, "")
    roster = small.read(tmp_path)
    assert roster.complete == frozenset(Kind) - {Kind.ROLE}
    assert [f.file for f in roster.findings if f.code == "incomplete"] == ["roles.csv"]


def test_a_role_of_nobody_knows_whom_sets_aside_who_has_none(tmp_path: Path) -> None:
    small = SmallSet("1.2")
    small.set("roles", "role-6", "sourcedId", "")
    small.set("roles", "role-5", "roleType", "secondary")
    roster = small.read(tmp_path)
    assert "parent-1" in roster.protected[Kind.USER]
    assert "parent-1" not in roster.records[Kind.USER]
    assert {"student-1", "student-2", "teacher-1"} <= roster.records[Kind.USER].keys()
    assert Kind.ROLE not in roster.complete
    assert Kind.USER in roster.complete


def test_a_role_to_be_deleted_is_gone(tmp_path: Path) -> None:
    small = SmallSet("1.2")
    small.set("roles", "role-3", "status", "tobedeleted")
    roster = small.read(tmp_path, tobedeleted="remove")
    assert role_id("student-2", "student", "school-2") not in roster.records[Kind.ROLE]
    assert not any(roster.protected.values())
    assert roster.complete == frozenset(Kind)


def test_a_1p1_user_who_was_set_aside_keeps_the_roles_that_the_row_names(tmp_path: Path) -> None:
    small = SmallSet()
    small.set("users", "teacher-1", "enabledUser", "perhaps")
    roster = small.read(tmp_path)
    assert roster.protected[Kind.ROLE] == {
        role_id("teacher-1", "teacher", "school-1"),
        role_id("teacher-1", "teacher", "school-2"),
    }
    small.set("users", "teacher-1", "role", "guru")
    roster = small.read(tmp_path)
    assert roster.protected[Kind.ROLE] == {
        role_id("teacher-1", word, org) for word in ROLES for org in ("school-1", "school-2")
    }


def test_the_roles_of_a_user_who_was_set_aside_are_not_known(tmp_path: Path) -> None:
    """Nobody gets a role by a row that stands beside one that cannot be read."""
    small = SmallSet("1.2")
    small.set("users", "student-2", "enabledUser", "perhaps")
    small.rows["roles"] += [role_row("r-new", "student-2", "secondary", "teacher", "school-1")]
    roster = small.read(tmp_path)
    mine = {r.id for r in roster.records[Kind.ROLE].values() if r.values["user_id"] == "student-2"}
    assert mine == set()
    assert role_id("student-2", "teacher", "school-1") in roster.protected[Kind.ROLE]
    assert role_id("student-2", "student", "school-1") in roster.protected[Kind.ROLE]
