"""Whatever JSON a service answers becomes rows or is refused; nothing else happens."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollbook.errors import InputRefused
from rollbook.roster.kinds import Kind
from rollbook.sources.clever_api import objects as clever
from rollbook.sources.clever_api.events import Cursor, event_of
from rollbook.sources.clever_api.listing import rows_of
from rollbook.sources.http.client import Answer
from rollbook.sources.json_cells import text
from rollbook.sources.normal_form import NormalSet
from rollbook.sources.oneroster_csv import read
from rollbook.sources.oneroster_rest.endpoints import ENDPOINTS, Endpoint
from rollbook.sources.oneroster_rest.writing import Writing

from .budget import fuzzed, is_told

_NAMES = (
    *("sourcedId", "id", "status", "name", "title", "type", "role", "roles", "org", "orgs"),
    *("parent", "school", "course", "user", "class", "terms", "agents", "userIds", "grades"),
    *("metadata", "enabledUser", "href", "identifier", "roleType", "student", "contact"),
    *("student_relationships", "teachers", "students", "schools", "credentials"),
)
_WORDS = st.sampled_from(("student", "teacher", "school", "active", "s1", "", "a,b", '"', "\r\n"))
_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | _WORDS
_JSON = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=6)
    ),
    max_leaves=20,
)
_OBJECTS = st.lists(
    st.builds(
        lambda own, one: one | {"sourcedId": own},
        st.sampled_from([f"record-{number}" for number in range(9)]) | _LEAVES,
        st.dictionaries(st.sampled_from(_NAMES), _JSON, max_size=10),
    ),
    min_size=1,
    max_size=6,
)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: one.name)
def test_oneroster(endpoint: Endpoint) -> None:
    @fuzzed(40)
    @given(_OBJECTS)
    def anything(found: list[dict[str, Any]]) -> None:
        _taken(endpoint, found)

    anything()


def _taken(endpoint: Endpoint, found: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with NormalSet(Path(folder) / "set") as normal:
            good = _add_the_rest(normal, endpoint)
            writing = Writing(normal, endpoint, ("name",))
            for number, one in enumerate([*found, *([good] if good else [])], start=1):
                writing.add(one, normal.origin("GET /x"), number)
            writing.tell_unread()
        _nobody_is_lost(normal.folder, endpoint.kind, found)


def _add_the_rest(normal: NormalSet, endpoint: Endpoint) -> dict[str, Any] | None:
    """What a set cannot be without: an org, and somebody there. That of the endpoint itself is
    given back."""
    good: dict[str, dict[str, Any]] = {
        "orgs": {"sourcedId": "s1", "name": "S", "type": "school"},
        "users": {"sourcedId": "u1", "enabledUser": True, "role": "student", "orgs": ["s1"]},
    }
    for one in ENDPOINTS:
        if one.name in good and one is not endpoint:
            Writing(normal, one, ()).add(good[one.name], normal.origin("GET /x"), 1)
    return good.get(endpoint.name)


def _nobody_is_lost(folder: Path, kind: Kind, found: list[dict[str, Any]]) -> None:
    """Whatever was named is a record or protected, or nothing of its kind counts as gone."""
    try:
        roster = read(folder, tobedeleted="remove")
    except InputRefused:
        return
    if kind in roster.complete:
        # A line of commas and quotes alone counts as a blank one.
        named = {text(one.get("sourcedId")).strip(' ",') for one in found}
        known = roster.records[kind].keys() | roster.protected[kind]
        assert {one for one in named if one and one.isprintable()} <= known


@fuzzed(200)
@given(one=st.dictionaries(st.sampled_from(_NAMES), _JSON, max_size=12))
def test_clever(one: dict[str, Any]) -> None:
    rows = [
        *(clever.district(one), clever.school(one), clever.term(one), clever.course(one)),
        *(clever.section(one), clever.user(one), clever.demographics(one) or {}),
        *clever.enrollments(one),
    ]
    assert all(isinstance(cell, str) for row in rows for cell in row.values())
    for role in clever.roles(one, "d"):
        assert role.role
        assert role.org


_EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "id": _LEAVES,
        "type": _LEAVES | st.sampled_from(("users.created", "sections.deleted", "users.", ".x")),
        "created": _LEAVES | st.sampled_from(("2026-08-31T00:00:00.000Z", "2026-02-30", "0001")),
        "data": _JSON
        | st.fixed_dictionaries({"object": _JSON, "previous_attributes": _JSON})
        | st.fixed_dictionaries({"object": st.fixed_dictionaries({"id": _LEAVES})}),
    },
)


@fuzzed(80)
@given(body=_JSON | st.fixed_dictionaries({"data": st.lists(st.builds(dict, data=_EVENTS))}))
def test_clever_events(body: Any) -> None:
    answer = Answer(body, {}, "GET /events", "https://example.org/events")
    try:
        found = [event_of(row, answer) for row in rows_of(answer)]
    except InputRefused as refused:
        is_told(refused, "GET /events")
        return
    for one in found:
        assert one.id
        assert one.record_id
        assert one.created.tzinfo is not None
        assert Cursor.read(one.cursor.written) == one.cursor
