"""The audit trail, and whether it is whole."""

from __future__ import annotations

import json
from pathlib import Path

from rollbook.config.audit_file import named_head
from rollbook.desk.desk import Desk
from rollbook.desk.noted_head import departure, read_head
from rollbook.desk.views import AuditEntry, AuditVerdict
from rollbook.directory import audit as trail
from rollbook.errors import ConfigInvalid


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


def verify(desk: Desk, head_file: Path | None = None) -> AuditVerdict:
    """Follow the chain from its first entry, and hold it against the head that was noted.

    That is in ``head_file``, else where ``audit.toml`` says, else nowhere. Raises ``ConfigInvalid``
    when it cannot be read.
    """
    place = head_file or named_head(desk.home)
    noted = read_head(place) if place else None
    if head_file and noted is None:
        raise ConfigInvalid(f"there is no file {head_file}.", remedy="Name one with --head.")
    with desk.store.read() as connection:
        entries, broken_at, head = trail.first_break_stored(connection)
        departed = departure(connection, noted) if noted and broken_at is None else None
    if noted and departed is not None:
        return AuditVerdict(entries, False, min(noted.seq, entries + 1), head, departed)
    if broken_at is None:
        message = f"The chain of {entries:,} entries is whole."
        if noted:
            message += f" It goes on from entry {noted.seq:,}, which {place} has noted."
        elif place:
            message += f" {place} has noted nothing to hold it against."
    else:
        message = (
            f"Entry {broken_at:,} does not fit the {entries:,} before it: it was tampered with."
        )
    return AuditVerdict(entries, broken_at is None, broken_at, head, message)


def pulse(desk: Desk) -> int:
    """A number that grows with every write."""
    with desk.store.read() as connection:
        return trail.last_seq(connection)
