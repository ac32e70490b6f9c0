"""A record can be found again in the files, for findings that are made after reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from rollbook.roster.kinds import Kind
from rollbook.roster.records import guardian_id, role_id
from rollbook.sources.roster import Place

from .small_set import SmallSet

CHO = role_id("teacher-1", "teacher", "school-1")


@pytest.mark.parametrize(
    ("version", "kind", "field", "record", "place"),
    [
        (
            "1.1",
            Kind.ENROLLMENT,
            "class_id",
            "enroll-3",
            Place("enrollments.csv", "classSourcedId", {"enroll-3": 4}),
        ),
        (
            "1.1",
            Kind.DEMOGRAPHICS,
            "id",
            "student-2",
            Place("demographics.csv", "sourcedId", {"student-2": 3}),
        ),
        (
            "1.1",
            Kind.USER,
            "primary_org_id",
            "parent-1",
            Place("users.csv", "orgSourcedIds", {"parent-1": 5}),
        ),
        (
            "1.2",
            Kind.USER,
            "primary_org_id",
            "parent-1",
            Place("users.csv", "primaryOrgSourcedId", {"parent-1": 5}),
        ),
        ("1.1", Kind.ROLE, "org_id", CHO, Place("users.csv", "orgSourcedIds", {CHO: 4})),
        ("1.2", Kind.ROLE, "org_id", CHO, Place("roles.csv", "orgSourcedId", {CHO: 5})),
        (
            "1.2",
            Kind.GUARDIAN,
            "student_id",
            guardian_id("student-1", "parent-1"),
            Place("users.csv", "agentSourcedIds", {}),
        ),
        ("1.1", Kind.COURSE, "org_id", "nobody", Place("courses.csv", "orgSourcedId", {})),
    ],
)
def test_a_field_is_found_again(
    version: str, kind: Kind, field: str, record: str, place: Place, tmp_path: Path
) -> None:
    roster = SmallSet(version).read(tmp_path)
    assert roster.places(kind, field, {record}) == place


def test_a_kind_that_is_absent_has_no_place(tmp_path: Path) -> None:
    small = SmallSet()
    small.absent("courses")
    place = small.read(tmp_path).places(Kind.COURSE, "org_id", {"course-1"})
    assert place == Place(None, "org_id", {})
