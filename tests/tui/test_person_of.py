"""Whom a change is about."""

from __future__ import annotations

import pytest

from rollbook.desk.views import ChangeRow, Kind, Lane, Values, Verb
from rollbook_tui.person_of import person_of


def row(kind: Kind, before: Values | None, after: Values | None) -> ChangeRow:
    return ChangeRow(1, kind, Verb.UPDATE, "the-id", None, "", "", before, after, Lane.READY, None)


@pytest.mark.parametrize(
    ("kind", "before", "after", "person"),
    [
        (Kind.USER, None, {"given_name": "Ada"}, "the-id"),
        (Kind.DEMOGRAPHICS, None, {"sex": "female"}, "the-id"),
        (Kind.ENROLLMENT, {"user_id": "u1", "class_id": "c"}, None, "u1"),
        (Kind.ENROLLMENT, {"user_id": "u1"}, {"user_id": "u2"}, "u2"),
        (Kind.ENROLLMENT, {"primary": True}, {"primary": False}, None),
        (Kind.ROLE, None, {"user_id": "u1", "role": "student"}, "u1"),
        (Kind.GUARDIAN, None, {"student_id": "s1", "guardian_id": "g1"}, "s1"),
        (Kind.CLASS, None, {"title": "Art"}, None),
        (Kind.ORG, None, {"name": "Oak"}, None),
    ],
)
def test_a_change_is_about(
    kind: Kind, before: Values | None, after: Values | None, person: str | None
) -> None:
    assert person_of(row(kind, before, after)) == person
