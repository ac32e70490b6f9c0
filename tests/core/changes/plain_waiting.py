"""Who waits for whom, written down change by change: what ``waiting`` has to find by columns."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence

from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import SHAPES, Kind, RoleGroup, role_group
from rollbook.roster.records import Values, owners, referred, text

Edges = dict[int, list[int]]


def dependents(changes: Sequence[Change]) -> Edges:
    """For each position, the positions that must wait when it waits."""
    added = {c.key: i for i, c in enumerate(changes) if c.verb is Verb.ADD}
    removed = {c.key: i for i, c in enumerate(changes) if c.verb is Verb.REMOVE}
    edges: Edges = defaultdict(list)
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
            for reference in SHAPES[change.kind].references:
                left = text(change.before or {}, reference.field)
                other = removed.get((reference.kind, left)) if left is not None else None
                if reference.owner and other is not None:
                    edges[position].append(other)
    for old, new in role_moves(changes).items():
        edges[new].append(old)
    _along_with_people(changes, edges)
    _along_with_classes(changes, edges)
    _with_children(changes, edges)
    return edges


def _along_with_people(changes: Sequence[Change], edges: Edges) -> None:
    updates = {
        change.id: (position, {*(change.before or {}), *(change.after or {})})
        for position, change in enumerate(changes)
        if change.kind is Kind.USER and change.verb is Verb.UPDATE
    }
    for position, change in enumerate(changes):
        values = change.after or change.before or {}
        person = "student_id" if change.kind is Kind.GUARDIAN else "user_id"
        update, touched = updates.get(text(values, person) or "", (None, set()))
        if update is None or change.verb is Verb.UPDATE:
            continue
        gone = change.verb is Verb.REMOVE
        staff = role_group(text(values, "role")) is RoleGroup.STAFF
        goes = {
            Kind.ROLE: True,
            Kind.ENROLLMENT: staff and not gone,
            Kind.GUARDIAN: gone,
        }.get(change.kind, False)
        moves = change.kind is Kind.ROLE and "primary_org_id" in touched
        if moves or (goes and "primary_role" in touched):
            edges[update].append(position)


def _along_with_classes(changes: Sequence[Change], edges: Edges) -> None:
    updates = {
        change.id: position
        for position, change in enumerate(changes)
        if change.kind is Kind.CLASS
        and change.verb is Verb.UPDATE
        and "course_id" in {*(change.before or {}), *(change.after or {})}
    }
    for position, change in enumerate(changes):
        seat = change.kind is Kind.ENROLLMENT and change.verb is not Verb.UPDATE
        of = text(change.after or change.before or {}, "class_id") or ""
        if seat and of in updates:
            edges[updates[of]].append(position)


def _with_children(changes: Sequence[Change], edges: Edges) -> None:
    """Roles of guardians that go, and their other schools, behind each link of theirs that goes."""
    behind: dict[str, list[int]] = defaultdict(list)
    for position, change in enumerate(changes):
        values = change.before or {}
        of_staff = role_group(text(values, "role")) is RoleGroup.STAFF
        if change.kind is Kind.ROLE and change.verb is Verb.REMOVE and not of_staff:
            behind[text(values, "user_id") or ""].append(position)
        touched = {*(change.before or {}), *(change.after or {})}
        moves = change.verb is Verb.UPDATE and "primary_org_id" in touched
        if change.kind is Kind.USER and moves:
            behind[change.id].append(position)
    for position, change in enumerate(changes):
        if change.kind is Kind.GUARDIAN and change.verb is Verb.REMOVE:
            edges[position] += behind[text(change.before or {}, "guardian_id") or ""]


def belongings(changes: Sequence[Change]) -> Edges:
    """For each removal, the removals of records that belong to the removed one."""
    removed = {c.key: i for i, c in enumerate(changes) if c.verb is Verb.REMOVE}
    found: Edges = defaultdict(list)
    for position, change in enumerate(changes):
        if change.verb is Verb.REMOVE:
            for owner in owners(change.kind, change.id, change.before or {}):
                if (other := removed.get(owner)) is not None:
                    found[other].append(position)
    return found


def role_moves(changes: Sequence[Change]) -> dict[int, int]:
    """Removed roles whose person gets the same role elsewhere, with its addition."""

    def holder(values: Values | None) -> tuple[object, object]:
        return (values or {}).get("user_id"), (values or {}).get("role")

    roles = [(i, c) for i, c in enumerate(changes) if c.kind is Kind.ROLE]
    gained = {holder(c.after): i for i, c in roles if c.verb is Verb.ADD}
    return {
        i: gained[holder(c.before)]
        for i, c in roles
        if c.verb is Verb.REMOVE and holder(c.before) in gained
    }


def spread(edges: Mapping[int, Sequence[int]], direct: Mapping[int, str]) -> dict[int, str]:
    """Every position that waits, with the cause of the first change in order that reaches it."""
    waiting = dict(direct)
    queue = deque(sorted(direct))
    while queue:
        position = queue.popleft()
        for other in edges.get(position, ()):
            if other not in waiting:
                waiting[other] = waiting[position]
                queue.append(other)
    return waiting
