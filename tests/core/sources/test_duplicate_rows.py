"""Ids that stand in several rows: the last one never wins (corpus items 41 and 42)."""

from __future__ import annotations

from pathlib import Path

import pytest

from rollbook.errors import InputRefused
from rollbook.roster.kinds import Kind
from rollbook.roster.records import role_id

from .small_set import SmallSet, errors


def test_42_rows_that_differ_are_both_set_aside(tmp_path: Path) -> None:
    small = SmallSet()
    other = list(small.row("users", "student-1"))
    other[small.rows["users"][0].index("givenName")] = "Eve"
    other[small.rows["users"][0].index("orgSourcedIds")] = "school-2"
    small.rows["users"].append(other)
    roster = small.read(tmp_path)
    assert "student-1" not in roster.records[Kind.USER]
    assert "student-1" in roster.protected[Kind.USER]
    assert [(f.code, f.line, f.record_id) for f in errors(roster)] == [
        ("duplicate-id", 2, "student-1"),
        ("duplicate-id", 6, "student-1"),
    ]
    assert all(f.remedy and "Eve" not in f.message for f in errors(roster))
    assert [f.rejected for f in roster.files if f.name == "users.csv"] == [2]
    assert {role_id("student-1", "student", org) for org in ("school-1", "school-2")} <= (
        roster.protected[Kind.ROLE]
    )
    assert roster.complete == frozenset(Kind)


def test_42_a_third_row_like_the_first_does_not_outvote_the_second(tmp_path: Path) -> None:
    small = SmallSet()
    first = small.row("enrollments", "enroll-1")
    second = ["enroll-1", *small.row("enrollments", "enroll-4")[1:]]
    small.rows["enrollments"] += [second, first]
    roster = small.read(tmp_path)
    assert "enroll-1" not in roster.records[Kind.ENROLLMENT]
    assert [f.line for f in errors(roster)] == [2, 6, 7]


def test_42_a_row_with_an_error_discredits_its_namesake(tmp_path: Path) -> None:
    small = SmallSet()
    bad = list(small.row("enrollments", "enroll-2"))
    bad[small.rows["enrollments"][0].index("role")] = "pupil"
    small.rows["enrollments"].append(bad)
    roster = small.read(tmp_path)
    assert "enroll-2" not in roster.records[Kind.ENROLLMENT]
    assert "enroll-2" in roster.protected[Kind.ENROLLMENT]
    assert [(f.code, f.line) for f in errors(roster)] == [("bad-value", 6), ("duplicate-id", 3)]
    assert len(roster.records[Kind.ENROLLMENT]) == 3


def test_42_a_row_to_be_deleted_does_not_win_over_an_active_one(tmp_path: Path) -> None:
    small = SmallSet()
    gone = list(small.row("users", "student-2"))
    gone[1] = "tobedeleted"
    small.rows["users"].append(gone)
    roster = small.read(tmp_path, tobedeleted="remove")
    assert "student-2" not in roster.records[Kind.USER]
    assert "student-2" in roster.protected[Kind.USER]
    assert [(f.code, f.line) for f in errors(roster)] == [
        ("duplicate-id", 3),
        ("duplicate-id", 6),
    ]


def test_rows_after_a_dropped_one_keep_their_lines(tmp_path: Path) -> None:
    small = SmallSet()
    small.rows["orgs"].append(["district-1", *small.row("orgs", "school-2")[1:]])
    small.set("orgs", "school-1", "parentSourcedId", "school-2")
    small.set("orgs", "school-2", "parentSourcedId", "school-1")
    with pytest.raises(InputRefused) as refused:
        small.read(tmp_path)
    assert (refused.value.code, refused.value.line) == ("org-cycle", 3)
