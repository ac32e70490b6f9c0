"""Clever's events: what changed since a cursor, as far as Clever still knows (``formats.md`` §4).

Events are kept for thirty days and may come twice; whoever takes them in has to bear that. Where
they do not reach back to the cursor, only a full pull tells what there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from rollbook.errors import InputRefused
from rollbook.sources.clever_api.listing import next_of, rows_of
from rollbook.sources.http.client import Answer, HttpClient
from rollbook.sources.json_cells import Object, text
from rollbook.sources.moments import moment_of

KEPT = timedelta(days=30)
"""How long Clever keeps events."""

_MARGIN = timedelta(days=1)
"""An event may go while they are read: this much before its time it is not relied on any more."""


class Action(StrEnum):
    """What happened to a record."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far events have been read: the id of the last one, and when it happened (UTC)."""

    event_id: str
    created: datetime

    @property
    def written(self) -> str:
        """As it is kept with a set."""
        return f"{self.created.isoformat()} {self.event_id}"

    @classmethod
    def read(cls, written: str) -> Cursor:
        """The cursor that was kept. Raises ``ValueError`` for what is none."""
        created, event_id = written.split(" ", 1)
        return cls(event_id, datetime.fromisoformat(created))


@dataclass(frozen=True, slots=True)
class Event:
    """One event. ``record_type`` is Clever's, such as ``users``; ``record`` is the whole record
    after it, and what it was before a deletion; ``previous`` has the fields that an update changed,
    as they were."""

    id: str
    created: datetime
    record_type: str
    action: Action
    record_id: str
    record: Object = field(repr=False)
    previous: Object = field(repr=False)

    @property
    def cursor(self) -> Cursor:
        """Where to go on after it."""
        return Cursor(self.id, self.created)


def newest(client: HttpClient) -> Cursor | None:
    """Where events end now, to be noted before a full pull; ``None`` where there are none.

    Raises as ``events_since``.
    """
    answer = client.get_json("/events", {"limit": 1, "ending_before": "last"})
    rows = rows_of(answer)
    return event_of(rows[-1], answer).cursor if rows else None


def events_since(
    client: HttpClient, cursor: Cursor, now: datetime, *, page_size: int = 1000
) -> Iterator[Event] | None:
    """The events after a cursor, oldest first; ``None`` where only a full pull will do.

    That is so for a cursor that is as old as what Clever keeps, or that it does not know. Raises,
    in the iteration, ``InputRefused`` (``bad-event``, ``rows-repeated``, ``no-list``) for what is
    no event or out of order, and what the client raises; what came until then is not all there is.
    """
    if now - cursor.created > KEPT - _MARGIN:
        return None
    first = client.find_json("/events", {"starting_after": cursor.event_id, "limit": page_size})
    return None if first is None else _all(client, first, cursor)


def _all(client: HttpClient, answer: Answer, cursor: Cursor) -> Iterator[Event]:
    last_id = cursor.event_id
    while True:
        rows = rows_of(answer)
        for row in rows:
            event = event_of(row, answer)
            if event.id <= last_id:
                raise InputRefused(
                    "An event does not come after the one before it.",
                    code="rows-repeated",
                    file=answer.endpoint,
                    remedy="Sync again; a full pull does without events.",
                )
            last_id = event.id
            yield event
        link = next_of(answer)
        if link is None:
            return
        answer = client.follow(answer, link)


def event_of(row: Object, answer: Answer) -> Event:
    """The event that an object of an answer is. Raises ``InputRefused`` (``bad-event``)."""
    record_type, _, action = text(row.get("type")).rpartition(".")
    data = row.get("data")
    found = data.get("object") if isinstance(data, Mapping) else None
    created = moment_of(text(row.get("created")))
    if (
        not isinstance(data, Mapping)
        or not isinstance(found, Mapping)
        or action not in set(Action)
        or not record_type
        or created is None
        or not (event_id := text(row.get("id")))
        or not (record_id := text(found.get("id")))
    ):
        raise InputRefused(
            "An event does not say what happened, to what, and when.",
            code="bad-event",
            file=answer.endpoint,
            remedy="Sync again; a full pull does without events.",
        )
    previous = data.get("previous_attributes")
    return Event(
        id=event_id,
        created=created,
        record_type=record_type,
        action=Action(action),
        record_id=record_id,
        record=found,
        previous=previous if isinstance(previous, Mapping) else {},
    )
