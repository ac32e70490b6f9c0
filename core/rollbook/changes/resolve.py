"""Merged people: what a source still sends as two is taken as one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

from rollbook.directory.records import Directory
from rollbook.roster.kinds import Kind, RoleGroup, role_group
from rollbook.roster.records import (
    Record,
    Values,
    derived_id,
    derived_parts,
    guardian_id,
    owners,
    role_id,
    text,
)

Records = dict[Kind, dict[str, Record]]


def _never(_: Values, __: str | None) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Merge:
    """A merge in force: ``lose`` is an alias of ``keep``, which has ``from_lose`` fields of it.

    ``is_another`` says of a user's fields and a birth date under the id of ``lose`` whether they
    are somebody else's than those of the person who was merged.
    """

    keep: str
    lose: str
    from_lose: tuple[str, ...]
    is_another: Callable[[Values, str | None], bool] = _never


def resolve(
    records: Records,
    protected: dict[Kind, set[str]],
    complete: Set[Kind],
    directory: Directory,
    merges: Sequence[Merge],
) -> None:
    """Apply the merges to the records of a snapshot, in place, oldest merge first.

    The survivor stays while either record is sent. Fields that the operator took from the other
    record keep following it, and keep their value once it is gone. A row of either that was set
    aside leaves the survivor as it is: the other's row does not stand in for it. Who is another
    person under the id that was given up is set aside: nothing of theirs is the survivor's.
    """

    def gone(kind: Kind, record_id: str) -> bool:
        return (
            kind in complete and record_id not in records[kind] and record_id not in protected[kind]
        )

    for merge in merges:
        _set_another_aside(records, protected, merge)
        _resolve_user(records, directory, merge, gone(Kind.USER, merge.keep))
        _protect_survivor(protected, directory, merge)
        _resolve_roles(records, protected, merge)
        _resolve_enrollments(records, protected, directory, merge)
        _resolve_guardians(records, merge)
        lost = records[Kind.DEMOGRAPHICS].pop(merge.lose, None)
        if lost is not None and gone(Kind.DEMOGRAPHICS, merge.keep):
            records[Kind.DEMOGRAPHICS][merge.keep] = Record(
                Kind.DEMOGRAPHICS, merge.keep, lost.values
            )


def _set_another_aside(records: Records, protected: dict[Kind, set[str]], merge: Merge) -> None:
    lost = records[Kind.USER].get(merge.lose)
    if lost is None:
        return
    known = records[Kind.DEMOGRAPHICS].get(merge.lose)
    if not merge.is_another(lost.values, text(known.values, "birth_date") if known else None):
        return
    person = Kind.USER, merge.lose
    for kind in Kind:
        for record in list(records[kind].values()):
            theirs = (kind, record.id) == person or person in owners(kind, record.id, record.values)
            if theirs:
                del records[kind][record.id]
                protected[kind].add(record.id)


def merged_values(
    keep: Values, lose: Values | None, current: Values | None, from_lose: tuple[str, ...]
) -> Values:
    """The survivor's fields: its own, but ``from_lose`` from the other, else as they stand."""
    values = dict(keep)
    for field in from_lose:
        source = lose if lose is not None else current
        value = (source or {}).get(field)
        if value is None:
            values.pop(field, None)
        else:
            values[field] = value
    return values


def _resolve_user(records: Records, directory: Directory, merge: Merge, keep_is_gone: bool) -> None:
    users = records[Kind.USER]
    lost, kept = users.pop(merge.lose, None), users.get(merge.keep)
    held = directory[Kind.USER].get(merge.keep)
    if kept is not None:
        values = merged_values(
            kept.values,
            lost.values if lost else None,
            held.values if held else None,
            merge.from_lose,
        )
        users[merge.keep] = Record(Kind.USER, merge.keep, values)
    elif lost is not None and keep_is_gone:
        users[merge.keep] = Record(Kind.USER, merge.keep, lost.values)


def _protect_survivor(protected: dict[Kind, set[str]], directory: Directory, merge: Merge) -> None:
    """What is unknown of the one who was given up is unknown of the survivor."""
    for kind in (Kind.ROLE, Kind.GUARDIAN):
        protected[kind] |= {
            derived_id(*(merge.keep if part == merge.lose else part for part in parts))
            for parts in map(derived_parts, protected[kind])
            if merge.lose in parts
        }
        if merge.lose in protected[Kind.USER]:
            protected[kind] |= {
                record_id
                for record_id, live in directory[kind].items()
                if (Kind.USER, merge.keep) in owners(kind, record_id, live.values)
            }
    for kind in (Kind.USER, Kind.DEMOGRAPHICS):
        if merge.lose in protected[kind]:
            protected[kind].add(merge.keep)


def _resolve_roles(records: Records, protected: dict[Kind, set[str]], merge: Merge) -> None:
    roles = records[Kind.ROLE]
    for role in [r for r in roles.values() if r.values.get("user_id") == merge.lose]:
        del roles[role.id]
        moved = rekeyed_role(role.values, merge.keep)
        if moved.id not in protected[Kind.ROLE]:
            roles.setdefault(moved.id, moved)


def rekeyed_role(values: Values, user: str) -> Record:
    """The same role, of another person; never a second primary one."""
    moved = {**values, "user_id": user, "role_type": "secondary"}
    identity = role_id(user, text(values, "role") or "", text(values, "org_id") or "")
    return Record(Kind.ROLE, identity, moved)


def _resolve_enrollments(
    records: Records, protected: dict[Kind, set[str]], directory: Directory, merge: Merge
) -> None:
    enrollments = records[Kind.ENROLLMENT]
    unknown = protected[Kind.ENROLLMENT] & directory[Kind.ENROLLMENT].keys()
    sitting = [e.values for e in enrollments.values()]
    sitting += [directory[Kind.ENROLLMENT][enrollment].values for enrollment in unknown]
    taken = {seat(values) for values in sitting if values.get("user_id") == merge.keep}
    moving = sorted(
        (e for e in enrollments.values() if e.values.get("user_id") == merge.lose),
        key=lambda e: (e.id not in directory[Kind.ENROLLMENT], e.id),
    )
    for enrollment in moving:
        if seat(enrollment.values) in taken:
            del enrollments[enrollment.id]
            continue
        taken.add(seat(enrollment.values))
        moved = {**enrollment.values, "user_id": merge.keep}
        enrollments[enrollment.id] = Record(Kind.ENROLLMENT, enrollment.id, moved)


def seat(values: Mapping[str, object]) -> tuple[object, object]:
    """What two enrollments of one person must not share: class and role."""
    return values.get("class_id"), values.get("role")


def _resolve_guardians(records: Records, merge: Merge) -> None:
    links = records[Kind.GUARDIAN]
    for link in list(links.values()):
        if merge.lose not in (link.values.get("student_id"), link.values.get("guardian_id")):
            continue
        del links[link.id]
        moved = rekeyed_link(link.values, merge.lose, merge.keep)
        if moved.values["student_id"] != moved.values["guardian_id"]:
            links.setdefault(moved.id, moved)


def rekeyed_link(values: Values, lose: str, keep: str) -> Record:
    """The same guardian link with ``keep`` in the place of ``lose``."""
    student = text(values, "student_id") or ""
    guardian = text(values, "guardian_id") or ""
    student, guardian = (keep if side == lose else side for side in (student, guardian))
    moved: Values = {**values, "student_id": student, "guardian_id": guardian}
    return Record(Kind.GUARDIAN, guardian_id(student, guardian), moved)


def group_of(values: Mapping[str, object]) -> RoleGroup:
    """The role group of a user's fields."""
    role = values.get("primary_role")
    return role_group(role if isinstance(role, str) else None)
