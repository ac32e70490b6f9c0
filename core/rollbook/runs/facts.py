"""What the rules must know beside the changes themselves, gathered by a few small queries.

Nothing is asked where nothing is taken away or blanked: a quiet night costs nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from rollbook.changes.access import disables, takes_away
from rollbook.config.district import District
from rollbook.directory import history, standing
from rollbook.directory.audit import Actor
from rollbook.holds.drip import SPANS, windows
from rollbook.holds.judgement import Window
from rollbook.holds.mass_update import blanked_fields
from rollbook.holds.privileged import role_parts
from rollbook.holds.promoted import becomes_staff, staff_role_for
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind, RoleGroup, role_group
from rollbook.roster.records import text


@dataclass(frozen=True, slots=True)
class Facts:
    """See the fields of the same names in ``holds.judgement.Case``."""

    windows: tuple[Window, ...] = ()
    privileged: frozenset[str] = frozenset()
    students: frozenset[str] = frozenset()
    filled: dict[tuple[Kind, str], int] = field(default_factory=dict)


def facts(
    connection: Connection,
    actor: Actor,
    district: District,
    changes: Sequence[Change],
    *,
    first: bool,
) -> Facts:
    """What the store and the district's file say about ``changes``; of a first run, nothing."""
    if first:
        return Facts()
    return Facts(
        windows=_windows(connection, actor, district) if any(map(takes_away, changes)) else (),
        privileged=_privileged(connection, actor, district, changes),
        students=_students(connection, district, changes),
        filled=_filled(connection, district, changes),
    )


def _windows(connection: Connection, actor: Actor, district: District) -> tuple[Window, ...]:
    since = actor.at - max(span for span, _, _ in SPANS)
    return windows(
        history.losses_since(connection, district.id, since),
        history.accounts_since(connection, district.id, since),
        actor.at,
    )


def _privileged(
    connection: Connection, actor: Actor, district: District, changes: Sequence[Change]
) -> frozenset[str]:
    leaving: dict[str, Change] = {}
    asked: set[str] = set()
    for change in changes:
        if change.kind is Kind.USER and change.verb is Verb.REMOVE:
            leaving[change.id] = change
        elif change.kind is Kind.USER and _may_lose(change):
            asked.add(change.id)
        elif change.kind is Kind.ROLE:
            user, role = role_parts(change)
            if role_group(role) is RoleGroup.STAFF and change.verb is not Verb.ADD:
                asked.add(user)
    found = set(district.protected_ids)
    if not leaving and not asked:
        return frozenset(found)
    operators = {actor.who} | standing.known_operators(connection, district.id)
    found |= {
        user
        for user, change in leaving.items()
        if standing.is_operator(
            text(change.before or {}, "username"), text(change.before or {}, "email"), operators
        )
    }
    # A removed person's roles leave in the same changeset and say what the person was.
    rest = sorted(asked - leaving.keys())
    disabled = (c.id for c in changes if disables(c))
    found |= standing.administrators_among(connection, district.id, disabled)
    found |= standing.operators_among(connection, district.id, rest, operators)
    return frozenset(found)


def _students(
    connection: Connection, district: District, changes: Sequence[Change]
) -> frozenset[str]:
    """The students among those who get a role of staff and were here before."""
    asked = {user for change in changes if (user := staff_role_for(change)) is not None}
    if not asked:
        return frozenset()
    asked -= {c.id for c in changes if c.kind is Kind.USER and c.verb is Verb.ADD}
    was_student = {c.id for c in changes if becomes_staff(c)}
    found = standing.students_among(connection, district.id, sorted(asked - was_student))
    return frozenset(found | (asked & was_student))


def _may_lose(change: Change) -> bool:
    return change.verb is Verb.UPDATE and (
        disables(change) or "primary_role" in (change.before or {})
    )


def _filled(
    connection: Connection, district: District, changes: Sequence[Change]
) -> dict[tuple[Kind, str], int]:
    """Counted only for fields that go blank in many records and get a value in none."""
    blanked: Counter[tuple[Kind, str]] = Counter(
        (change.kind, name)
        for change in changes
        if change.verb is Verb.UPDATE
        for name in blanked_fields(change)
    )
    suspected = {f for f, count in blanked.items() if count >= district.thresholds.update_floor}
    for change in changes if suspected else ():
        if change.verb is not Verb.REMOVE:
            suspected -= {(change.kind, name) for name in change.after or {}}
    return {
        (kind, name): count
        for kind in {kind for kind, _ in suspected}
        for name, count in standing.filled(
            connection, district.id, kind, [name for of, name in suspected if of is kind]
        ).items()
    }
