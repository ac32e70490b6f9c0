"""Single objects as rows: the corners that whole districts do not show."""

from __future__ import annotations

from typing import Any

import pytest

from rollbook.sources.oneroster_rest import objects
from rollbook.sources.oneroster_rest.objects import Role
from rollbook.sources.oneroster_rest.seen import Seen, digests_of
from rollbook.sources.oneroster_rest.writing import role_rows


def test_roles_of_1p1_are_one_at_each_org_the_first_primary() -> None:
    orgs = [{"sourcedId": "s1"}, {"sourcedId": "s2"}, {"sourcedId": "s1"}]
    assert objects.roles({"role": "teacher", "orgs": orgs}) == [
        Role("teacher", "s1", "primary"),
        Role("teacher", "s2", "secondary"),
    ]


def test_roles_of_1p2_stand_above_those_of_1p1() -> None:
    own = {"roleType": "secondary", "role": "aide", "org": {"sourcedId": "s3"}, "endDate": "soon"}
    one = {"roles": [own], "role": "teacher", "orgs": [{"sourcedId": "s1"}]}
    assert objects.roles(one) == [Role("aide", "s3", "secondary", ends="soon")]


@pytest.mark.parametrize(
    "one", [{}, {"role": "student"}, {"orgs": [{"sourcedId": "s1"}]}, {"roles": None}]
)
def test_unknown_roles_are_not_none(one: dict[str, Any]) -> None:
    assert objects.roles(one) is None


def test_no_roles_at_all_is_what_a_server_may_say() -> None:
    assert objects.roles({"roles": []}) == []


def test_the_same_role_twice_keeps_both_rows_apart() -> None:
    first = Role("teacher", "s1", "primary", "2025-08-01", "2026-06-01")
    again = Role("teacher", "s1", "primary", "2026-08-01", "2027-06-01")
    rows = role_rows("u:1", [first, again])
    assert [row["sourcedId"] for row in rows] == ["u%3A1:teacher:s1", "u%3A1:teacher:s1+"]
    assert [row["beginDate"] for row in rows] == ["2025-08-01", "2026-08-01"]


def test_periods_and_grades_may_be_one_text() -> None:
    assert objects.class_({"periods": "1,3"})["periods"] == "1,3"
    assert objects.class_({"periods": ["1", 3]})["periods"] == "1,3"
    assert objects.user({"grades": "09"})["grades"] == "09"


def test_ids_of_other_systems() -> None:
    ids = [{"type": "LDAP", "identifier": "ada"}, {"identifier": "a1"}, {"type": "x"}, "loose"]
    assert objects.user({"userIds": ids})["userIds"] == "{LDAP:ada},{a1}"


def test_metadata_is_what_a_cell_can_hold() -> None:
    own = {"boarding": True, "bus": 7, "none": None, "blank": "", "parts": {"a": 1}}
    assert objects.metadata({"metadata": own}) == {"boarding": "true", "bus": "7"}
    assert objects.metadata({"metadata": "text"}) == {}


@pytest.mark.parametrize(
    ("said", "written"), [("active", ""), ("Active", ""), (None, ""), ("tobedeleted",) * 2]
)
def test_status(said: Any, written: str) -> None:
    assert objects.status({"status": said}) == written


def test_rows_without_an_id_are_not_taken_for_each_other() -> None:
    seen = Seen()
    seen.add([{"sourcedId": "", "name": "a"}, {"name": "b"}, {"sourcedId": "x"}])
    assert seen.repeated_ids() == 0
    seen.add([{"sourcedId": "x"}, {"sourcedId": "x", "name": "c"}])
    assert seen.repeated_ids() == 2
    assert seen.rows == 5


def test_a_page_of_the_same_ids_is_one_that_came_before() -> None:
    seen = Seen()
    for names, repeated in (("ab", False), ("ba", False), ("ab", True), ("", False), ("", False)):
        seen.add([{"sourcedId": name} for name in names])
        assert seen.is_repeated is repeated


def test_an_objects_digest_does_not_hang_on_the_order_of_its_fields() -> None:
    assert digests_of([{"a": 1, "b": [2]}]) == digests_of([{"b": [2], "a": 1}])
    assert digests_of([{"a": 1}]) != digests_of([{"a": "1"}])
