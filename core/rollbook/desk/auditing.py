"""The audit trail, and whether it is whole."""

from __future__ import annotations

import json

from rollbook.desk.desk import Desk
from rollbook.desk.views import AuditEntry, AuditVerdict
from rollbook.directory import audit as trail


def audit(
    desk: Desk, district_id: str | None = None, *, limit: int = 500
) -> tuple[AuditEntry, ...]:
    """The newest ``limit`` entries of one or all districts, newest first."""
    with desk.store.read() as connection:
        return tuple(
            AuditEntry(
                seq=entry.seq,
                at=entry.at,
                who=entry.who,
                event=entry.event,
                district=entry.district,
                subject=entry.subject,
                body=json.loads(entry.body),
                hash=entry.hash,
            )
            for entry in trail.entries(connection, district=district_id, newest=limit)
        )


def verify(desk: Desk) -> AuditVerdict:
    """Follow the chain from its first entry."""
    with desk.store.read() as connection:
        entries, broken_at, head = trail.first_break_stored(connection)
    if broken_at is None:
        message = f"The chain of {entries:,} entries is whole."
    else:
        message = (
            f"Entry {broken_at:,} does not fit the {entries:,} before it: it was tampered with."
        )
    return AuditVerdict(entries, broken_at is None, broken_at, head, message)


def pulse(desk: Desk) -> int:
    """A number that grows with every write."""
    with desk.store.read() as connection:
        return trail.last_seq(connection)
