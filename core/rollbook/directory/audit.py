"""The audit trail: one entry per act, in the transaction of its effect, chained by hash.

The chain makes tampering evident; it does not make it impossible. Bodies hold ids and counts and
what the operator wrote, never a person's name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from json.encoder import encode_basestring as _quoted
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, func, insert, select

from rollbook.directory.tables import audit

GENESIS = "0" * 64

_LAST = select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
_APPEND = insert(audit)

_encoded = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and when."""

    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is stored; ``body`` is canonical JSON."""

    seq: int
    at: datetime
    who: str
    event: str
    district: str | None
    subject: str | None
    body: str
    previous: str
    hash: str


def canonical(value: object) -> str:
    """JSON with one spelling: keys sorted, no spaces, no escapes that are not needed."""
    return _encoded(value)


def entry_hash(
    previous: str,
    seq: int,
    at: datetime,
    who: str,
    event: str,
    district: str | None,
    subject: str | None,
    body: str,
) -> str:
    """The hash of an entry over everything in it and the hash before it."""
    stamp = (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat(timespec="microseconds")
    # As ``canonical`` would spell the list of them, in a fifth of the time.
    content = (
        f"[{_quoted(previous)},{seq},{_quoted(stamp)},{_quoted(who)},{_quoted(event)},"
        f"{'null' if district is None else _quoted(district)},"
        f"{'null' if subject is None else _quoted(subject)},{_quoted(body)}]"
    )
    return hashlib.sha256(content.encode()).hexdigest()


def write(
    connection: Connection,
    actor: Actor,
    event: str,
    *,
    district: str | None = None,
    subject: str | None = None,
    body: Mapping[str, object] | None = None,
) -> None:
    """Append an entry; it becomes durable, or not, with the transaction it stands in."""
    last = connection.execute(_LAST).first()
    seq, previous = (last.seq + 1, last.hash) if last else (1, GENESIS)
    content = canonical(dict(body or {}))
    connection.execute(
        _APPEND,
        {
            "seq": seq,
            "at": actor.at,
            "who": actor.who,
            "event": event,
            "district": district,
            "subject": subject,
            "body": content,
            "previous": previous,
            "hash": entry_hash(
                previous, seq, actor.at, actor.who, event, district, subject, content
            ),
        },
    )


def last_seq(connection: Connection) -> int:
    """The number of the newest entry; 0 for none."""
    return connection.execute(select(func.max(audit.c.seq))).scalar_one() or 0


def districts_since(connection: Connection, seq: int, until: int) -> list[str]:
    """The districts of which the entries after one number, up to another, tell something."""
    query = select(audit.c.district).where(
        audit.c.seq > seq, audit.c.seq <= until, audit.c.district.is_not(None)
    )
    return sorted(connection.execute(query.distinct()).scalars())


def hash_of(connection: Connection, seq: int) -> str | None:
    """The hash of an entry, ``None`` where there is none of that number."""
    query = select(audit.c.hash).where(audit.c.seq == seq)
    return connection.execute(query).scalar_one_or_none()


def by_whom(connection: Connection, subject: str) -> str:
    """Who acted last on a subject, and when, to end a sentence with."""
    query = select(audit.c.who, audit.c.at).where(audit.c.subject == subject)
    last = connection.execute(query.order_by(audit.c.seq.desc()).limit(1)).first()
    return f"by {last.who} at {last.at:%Y-%m-%d %H:%M} UTC" if last else "by nobody on record"


def bodies(connection: Connection, event: str, district: str) -> list[dict[str, Any]]:
    """The bodies of a district's entries of one event, oldest first."""
    query = select(audit.c.body).where(audit.c.event == event, audit.c.district == district)
    return [json.loads(body) for body in connection.execute(query.order_by(audit.c.seq)).scalars()]


def entries(
    connection: Connection, *, district: str | None = None, newest: int | None = None
) -> Iterator[Entry]:
    """The entries from the first on, or just the ``newest`` so many, newest first."""
    query = select(audit)
    if district is not None:
        query = query.where(audit.c.district == district)
    if newest is not None:
        query = query.order_by(audit.c.seq.desc()).limit(newest)
    else:
        query = query.order_by(audit.c.seq)
    with connection.execute(query, execution_options={"yield_per": 5000}) as rows:
        for row in rows:
            yield Entry(*row)


def first_break(chain: Iterable[Entry]) -> tuple[int, int | None, str]:
    """Follow a chain: (entries that fit, number of the first that does not, hash of the head)."""
    return _follow(map(attrgetter(*Entry.__slots__), chain))


def first_break_stored(connection: Connection) -> tuple[int, int | None, str]:
    """As ``first_break``, of the trail in the store; makes no ``Entry`` of the million rows."""
    query = select(audit).order_by(audit.c.seq)
    with connection.execute(query, execution_options={"yield_per": 5000}) as rows:
        return _follow(rows)


def _follow(rows: Iterable[Sequence[Any]]) -> tuple[int, int | None, str]:
    head, count = GENESIS, 0
    for seq, at, who, event, district, subject, body, previous, found in rows:
        expected = entry_hash(head, count + 1, at, who, event, district, subject, body)
        if previous != head or found != expected or seq != count + 1:
            return count, seq, head
        head, count = found, count + 1
    return count, None, head
