"""What the rules must know beside the changes themselves, gathered by a few small queries.

Nothing is asked where nothing is taken away or blanked: a quiet night costs nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy import Connection

from rollbook.changes.positions import places_of
from rollbook.changes.sequence import Changes
from rollbook.changes.shapes import Trait, role_parts
from rollbook.config.district import District
from rollbook.directory import history, standing
from rollbook.directory.audit import Actor
from rollbook.holds.drip import SPANS, windows
from rollbook.holds.judgement import Window
from rollbook.holds.promoted import staff_role_for
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind
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
    sequence = Changes.of(changes)
    loses = sequence.columns.takes_away.any()
    return Facts(
        windows=_windows(connection, actor, district) if loses else (),
        privileged=_privileged(connection, actor, district, sequence),
        students=_students(connection, district, sequence),
        filled=_filled(connection, district, sequence),
    )


def _windows(connection: Connection, actor: Actor, district: District) -> tuple[Window, ...]:
    since = actor.at - max(span for span, _, _ in SPANS)
    return windows(
        history.losses_since(connection, district.id, since),
        history.accounts_since(connection, district.id, since),
        actor.at,
    )


def _privileged(
    connection: Connection, actor: Actor, district: District, changes: Changes
) -> frozenset[str]:
    columns = changes.columns
    leaving = columns.places[Kind.USER, Verb.REMOVE]
    disabled = columns.has(Trait.DISABLES)
    loses_role = columns.shaped(
        shape.kind is Kind.USER
        and shape.verb is Verb.UPDATE
        and "primary_role" in (shape.before or ())
        for shape in columns.shapes
    )
    asked = set(changes.ids(places_of(disabled | loses_role)))
    roles = columns.has(Trait.OF_STAFF)
    # A removed person's roles leave in the same changeset and say what the person was.
    roles &= ~np.isin(columns.slots[2], columns.id[leaving])
    asked |= {role_parts(change)[0] for change in changes.at(places_of(roles))}
    found = set(district.protected_ids)
    if not len(leaving) and not asked:
        return frozenset(found)
    operators = {actor.who} | standing.known_operators(connection, district.id)
    found |= {
        change.id
        for change in changes.at(leaving)
        if standing.is_operator(
            text(change.before or {}, "username"), text(change.before or {}, "email"), operators
        )
    }
    found |= standing.administrators_among(
        connection, district.id, changes.ids(places_of(disabled))
    )
    found |= standing.operators_among(connection, district.id, sorted(asked), operators)
    return frozenset(found)


def _students(connection: Connection, district: District, changes: Changes) -> frozenset[str]:
    """The students among those who get a role of staff and were here before."""
    columns = changes.columns
    gives = places_of(columns.of(Kind.ROLE, Verb.ADD) & columns.has(Trait.STAFF))
    new = columns.id[columns.places[Kind.USER, Verb.ADD]]
    gives = gives[~np.isin(columns.slots[0][gives], new)]
    asked = {user for change in changes.at(gives) if (user := staff_role_for(change)) is not None}
    if not asked:
        return frozenset()
    was_student = set(changes.ids(places_of(columns.has(Trait.BECOMES_STAFF))))
    found = standing.students_among(connection, district.id, sorted(asked - was_student))
    return frozenset(found | (asked & was_student))


def _filled(
    connection: Connection, district: District, changes: Changes
) -> dict[tuple[Kind, str], int]:
    """Counted only for fields that go blank in many records and get a value in none."""
    columns = changes.columns
    numbers = np.bincount(columns.shape, minlength=len(columns.shapes)).tolist()
    blanked: Counter[tuple[Kind, str]] = Counter()
    given: set[tuple[Kind, str]] = set()
    for shape, number in zip(columns.shapes, numbers, strict=True):
        if shape.verb is Verb.UPDATE:
            for name in shape.blanked:
                blanked[shape.kind, name] += number
        if shape.verb is not Verb.REMOVE:
            given |= {(shape.kind, name) for name in shape.after or ()}
    suspected = {f for f, count in blanked.items() if count >= district.thresholds.update_floor}
    suspected -= given
    return {
        (kind, name): count
        for kind in {kind for kind, _ in suspected}
        for name, count in standing.filled(
            connection, district.id, kind, [name for of, name in suspected if of is kind]
        ).items()
    }
