"""Events since a cursor, or the word that only a full pull will do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rollbook.errors import InputRefused, SourceUnreachable
from rollbook.sources.clever_api.events import Action, Cursor, Event, events_since, newest
from rollbook.sources.http.client import HttpClient, open_client
from servers.breaks import Mode
from servers.clever_app import CleverDistrict

from .pulled import asked

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
FIRST = Cursor("e00", NOW - timedelta(days=3))


def event(number: int, kind: str, **more: Any) -> dict[str, Any]:
    created = (NOW - timedelta(days=3) + timedelta(hours=number)).isoformat()
    data = {"object": {"id": f"r{number}", "grade": "9"}}
    return {"id": f"e{number:02}", "type": kind, "created": created, "data": data} | more


@pytest.fixture
def client(north: CleverDistrict) -> Iterator[HttpClient]:
    kinds = ("users.created", "users.updated", "sections.updated", "users.deleted", "terms.created")
    north.events = [event(number, kind) for number, kind in enumerate(kinds)]
    north.events[1]["data"]["previous_attributes"] = {"grade": "8"}
    with asked(north) as source, open_client(source.url, source.auth, source.http) as client:
        yield client


def since(client: HttpClient, cursor: Cursor = FIRST, now: datetime = NOW) -> list[Event] | None:
    found = events_since(client, cursor, now, page_size=2)
    return None if found is None else list(found)


def test_events_come_in_order_by_all_pages(client: HttpClient) -> None:
    found = since(client)
    assert found is not None
    assert [(one.id, one.record_type, one.action, one.record_id) for one in found] == [
        ("e01", "users", Action.UPDATED, "r1"),
        ("e02", "sections", Action.UPDATED, "r2"),
        ("e03", "users", Action.DELETED, "r3"),
        ("e04", "terms", Action.CREATED, "r4"),
    ]
    assert found[0].previous == {"grade": "8"}
    assert found[0].record["grade"] == "9"
    assert since(client, found[-1].cursor) == []
    assert newest(client) == found[-1].cursor


def test_no_events_no_cursor(client: HttpClient, north: CleverDistrict) -> None:
    north.events = []
    assert newest(client) is None


@pytest.mark.parametrize(("days", "reaches"), [(28, True), (29, True), (29.5, False), (31, False)])
def test_events_reach_back_thirty_days_and_not_to_the_edge(
    client: HttpClient, days: float, reaches: bool
) -> None:
    cursor = Cursor("e00", NOW - timedelta(days=days))
    assert (since(client, cursor) is not None) is reaches


def test_a_cursor_that_clever_does_not_know_calls_for_a_full_pull(client: HttpClient) -> None:
    assert since(client, Cursor("long-gone", NOW - timedelta(days=1))) is None


@pytest.mark.parametrize(
    "damage",
    [
        {"type": "users.moved"},
        {"type": "created"},
        {"created": "once"},
        {"data": {}},
        {"data": {"object": {}}},
        {"data": None},
    ],
)
def test_what_is_no_event_is_refused(
    client: HttpClient, north: CleverDistrict, damage: dict[str, Any]
) -> None:
    north.events[3] |= damage
    with pytest.raises(InputRefused) as refused:
        since(client)
    assert refused.value.code == "bad-event"


@pytest.mark.parametrize("mode", [Mode.DUPLICATE_ROWS, Mode.REPEATED_NEXT])
def test_events_out_of_order_are_refused(
    client: HttpClient, north: CleverDistrict, mode: Mode
) -> None:
    north.breaks.plan(mode, "events")
    with pytest.raises(InputRefused) as refused:
        since(client)
    assert refused.value.code == "rows-repeated"


def test_a_clever_that_does_not_answer_is_no_reason_for_a_full_pull(
    client: HttpClient, north: CleverDistrict
) -> None:
    north.breaks.plan(Mode.FORBIDDEN, "events")
    with pytest.raises(SourceUnreachable):
        since(client)


def test_an_event_tells_nobodys_name() -> None:
    one = Event("e", NOW, "users", Action.CREATED, "u", {"name": "canary"}, {"name": "canary"})
    assert "canary" not in repr(one)
