"""Whom a change is about."""

from __future__ import annotations

from rollbook.desk.views import ChangeRow, Kind
from rollbook.roster.records import text

_FIELDS = {Kind.ROLE: "user_id", Kind.ENROLLMENT: "user_id", Kind.GUARDIAN: "student_id"}


def person_of(row: ChangeRow) -> str | None:
    """The id of the person: the user, the one enrolled, or the student of a guardian link.

    ``None`` where there is no such person, or where an update does not name it.
    """
    if row.kind in {Kind.USER, Kind.DEMOGRAPHICS}:
        return row.id
    if field := _FIELDS.get(row.kind):
        return text(row.after or {}, field) or text(row.before or {}, field)
    return None
