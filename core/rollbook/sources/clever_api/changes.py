"""What Clever's events say has changed, as rows of the normal set.

Of each record the last event counts; it has the whole record. Source: ``formats.md`` §4.
"""

from __future__ import annotations

from datetime import datetime

from rollbook.config.sources.clever_api import CleverApi
from rollbook.sources.clever_api.district import tell_state, the_district
from rollbook.sources.clever_api.events import Action, Cursor, Event, events_since
from rollbook.sources.clever_api.objects import has_role
from rollbook.sources.clever_api.service import open_service
from rollbook.sources.clever_api.writing import Writing
from rollbook.sources.json_cells import text
from rollbook.sources.normal_form import MOST_TOUCHED, NormalSet

_TOUCHED: dict[str, tuple[tuple[str, str], ...]] = {
    "districts": (("orgs.csv", "sourcedId"),),
    "schools": (("orgs.csv", "sourcedId"),),
    "terms": (("academicSessions.csv", "sourcedId"),),
    "courses": (("courses.csv", "sourcedId"),),
    "sections": (("classes.csv", "sourcedId"), ("enrollments.csv", "classSourcedId")),
    "users": (
        ("users.csv", "sourcedId"),
        ("roles.csv", "userSourcedId"),
        ("demographics.csv", "sourcedId"),
    ),
}
"""The rows that a record of each of Clever's types becomes: file, and column of its id."""


def pull_changes(source: CleverApi, since: str, normal: NormalSet, now: datetime) -> bool:
    """Write what has changed after the event at which ``since`` stands.

    False where Clever does not tell the events since then any more, or tells so many that
    everything had better be asked for. Raises as ``pull``.
    """
    written, of_district = since.rsplit(" ", 1)
    cursor = Cursor.read(written)
    with open_service(source) as client:
        district, answer = the_district(client)
        where = text(district.get("id"))
        if where != of_district:
            return False
        events = events_since(client, cursor, now)
        if events is None:
            return False
        latest: dict[tuple[str, str], Event] = {}
        for event in events:
            cursor = event.cursor
            if event.record_type in _TOUCHED:
                latest.pop((event.record_type, event.record_id), None)
                latest[event.record_type, event.record_id] = event
                if len(latest) > MOST_TOUCHED:
                    return False
        normal.as_of = f"{cursor.written} {where}"
        tell_state(district, answer.endpoint, normal.findings)
        write = _Writers(source, normal, where)
        for event in latest.values():
            for file, column in _TOUCHED[event.record_type]:
                normal.touch(file, event.record_id, column)
            if event.action is not Action.DELETED:
                write.one(event)
    return True


class _Writers:
    """What becomes of a record of each type."""

    def __init__(self, source: CleverApi, normal: NormalSet, where: str) -> None:
        self._normal = normal
        self._roles = source.roles
        self._where = where
        self._writing = Writing(source, normal)

    def one(self, event: Event) -> None:
        """Write the record of an event."""
        record, origin = event.record, self._normal.origin(f"GET /events, event {event.id}")
        match event.record_type:
            case "districts":
                self._writing.district(record, origin)
            case "schools":
                self._writing.school(record, origin, 0)
            case "terms":
                self._writing.term(record, origin, 0)
            case "courses":
                self._writing.course(record, origin, 0)
            case "sections":
                self._writing.section(record, origin, 0)
            case "users" if has_role(record, self._roles):
                self._writing.person(record, self._where, origin, 0)
