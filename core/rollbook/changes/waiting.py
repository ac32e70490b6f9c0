"""Which changes cannot go because another one waits.

An added or changed record waits for what it refers to. A removal and the removals of what belongs
to the record go together or not at all: nobody loses their classes while their own removal is
held, and nothing is left behind that belongs to nobody. Who moves to another school keeps the old
role until the new one goes in. Who gets another primary role gets and loses roles with it, and sits
in no class as staff before.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from typing import TypeVar

from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import SHAPES, Kind, RoleGroup, role_group
from rollbook.roster.records import Values, owners, referred, text

Cause = TypeVar("Cause")


def dependents(changes: Sequence[Change]) -> dict[int, list[int]]:
    """For each position in ``changes``, the positions that must wait when it waits."""
    added = {c.key: i for i, c in enumerate(changes) if c.verb is Verb.ADD}
    removed = {c.key: i for i, c in enumerate(changes) if c.verb is Verb.REMOVE}
    edges: dict[int, list[int]] = defaultdict(list)
    for owner, owned in belongings(changes).items():
        for position in owned:
            edges[owner].append(position)
            edges[position].append(owner)
    for position, change in enumerate(changes):
        if change.verb is Verb.REMOVE:
            continue
        targets = [(k, i) for k, i, _ in referred(change.kind, change.after or {})]
        if change.kind is Kind.DEMOGRAPHICS:
            targets.append((Kind.USER, change.id))
        for target in targets:
            if (other := added.get(target)) is not None and other != position:
                edges[other].append(position)
        if change.verb is Verb.UPDATE:
            before = change.before or {}
            for reference in SHAPES[change.kind].references:
                left = before.get(reference.field)
                other = removed.get((reference.kind, left)) if isinstance(left, str) else None
                if reference.owner and other is not None:
                    edges[position].append(other)
    for old, new in role_moves(changes).items():
        edges[new].append(old)
    for update, others in _of_another_role(changes).items():
        edges[update] += others
    return edges


def _of_another_role(changes: Sequence[Change]) -> dict[int, list[int]]:
    """For each change of a primary role, the roles and the seats of staff that come or go with
    it."""
    updates = {
        change.id: position
        for position, change in enumerate(changes)
        if change.kind is Kind.USER
        and change.verb is Verb.UPDATE
        and ("primary_role" in (change.before or {}) or "primary_role" in (change.after or {}))
    }
    found: dict[int, list[int]] = defaultdict(list)
    for position, change in enumerate(changes if updates else ()):
        if change.kind not in (Kind.ROLE, Kind.ENROLLMENT) or change.verb is Verb.UPDATE:
            continue
        values = change.after or change.before or {}
        update = updates.get(text(values, "user_id") or "")
        seat = change.kind is Kind.ENROLLMENT
        staff = change.verb is Verb.ADD and role_group(text(values, "role")) is RoleGroup.STAFF
        if update is not None and (staff or not seat):
            found[update].append(position)
    return found


def belongings(changes: Sequence[Change]) -> dict[int, list[int]]:
    """For each removal, the removals of records that belong to the removed one."""
    removed = {c.key: i for i, c in enumerate(changes) if c.verb is Verb.REMOVE}
    found: dict[int, list[int]] = defaultdict(list)
    for position, change in enumerate(changes):
        if change.verb is Verb.REMOVE:
            for owner in owners(change.kind, change.id, change.before or {}):
                if (other := removed.get(owner)) is not None:
                    found[other].append(position)
    return found


def role_moves(changes: Sequence[Change]) -> dict[int, int]:
    """Removed roles whose person gets the same role elsewhere: a move, not a loss.

    Maps the position of the removal to that of the addition.
    """

    def holder(values: Values | None) -> tuple[object, object]:
        return (values or {}).get("user_id"), (values or {}).get("role")

    gained = {
        holder(change.after): position
        for position, change in enumerate(changes)
        if change.kind is Kind.ROLE and change.verb is Verb.ADD
    }
    return {
        position: gained[holder(change.before)]
        for position, change in enumerate(changes)
        if change.kind is Kind.ROLE
        and change.verb is Verb.REMOVE
        and holder(change.before) in gained
    }


def spread(
    edges: Mapping[int, Sequence[int]], direct: Mapping[int, Cause], among: int
) -> dict[int, Cause]:
    """Every position that waits, directly or because of another, with the cause it waits for.

    ``among`` is the number of positions. A direct cause stays what it is; a derived one is that of
    the first change in order that reaches it.
    """
    waiting = dict(direct)
    queue = deque(sorted(position for position in direct if position < among))
    while queue:
        position = queue.popleft()
        for other in edges.get(position, ()):
            if other not in waiting:
                waiting[other] = waiting[position]
                queue.append(other)
    return waiting
