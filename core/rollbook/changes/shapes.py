"""What changes have in common: kind, verb and the fields that they name. There are few of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from rollbook.changes.access import disables, unenrolls
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import ADMINISTRATORS, SHAPES, Kind, RoleGroup, role_group
from rollbook.roster.records import EXTENSIONS, derived_parts, text

SLOTS = 3
"""References that a record makes at most, lists of them aside."""

_PLACES = ("primary_org_id", "school_id", "org_id")


class Trait:
    """What the rules ask of single changes. The traits only narrow the search: the rule itself
    looks at what they find.

    ``LINKED`` removals have a successor. ``STAFF`` gives a role or a seat of staff, ``OF_STAFF``
    updates or ends such a role, ``ADMINISTERS`` is about a role of an administrator,
    ``BECOMES_STAFF`` a student who is made staff. ``MOVES_ON`` was in another place before than
    the one under which the change is counted.
    """

    DISABLES: Final = 1
    UNENROLLS: Final = 2
    LINKED: Final = 4
    STAFF: Final = 8
    OF_STAFF: Final = 16
    ADMINISTERS: Final = 32
    BECOMES_STAFF: Final = 64
    MOVES_ON: Final = 128


@dataclass(frozen=True)
class Shape:
    """Kind, verb, and the names of the fields before and after, where there is such a record."""

    kind: Kind
    verb: Verb
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None

    @classmethod
    def of(cls, change: Change) -> Shape:
        """The shape of a change."""
        before, after = change.before, change.after
        return cls(
            change.kind,
            change.verb,
            None if before is None else tuple(before),
            None if after is None else tuple(after),
        )

    @cached_property
    def touched(self) -> frozenset[str]:
        """The fields that are named before or after."""
        return frozenset((*(self.before or ()), *(self.after or ())))

    @cached_property
    def blanked(self) -> frozenset[str]:
        """The fields that an update leaves without a value."""
        return frozenset(self.before or ()) - frozenset(self.after or ()) - {EXTENSIONS}

    @cached_property
    def slots(self) -> tuple[str | None, ...]:
        """The fields with references as the change leaves them, a removal as it finds them."""
        names = (self.before if self.verb is Verb.REMOVE else self.after) or ()
        found = [r.field if r.field in names else None for r in SHAPES[self.kind].references]
        return (*found, *[None] * (SLOTS - len(found)))

    @cached_property
    def given_up(self) -> tuple[tuple[str, Kind], ...]:
        """The fields of an update that named an owner before."""
        if self.verb is not Verb.UPDATE:
            return ()
        references = SHAPES[self.kind].references
        named = self.before or ()
        return tuple((r.field, r.kind) for r in references if r.owner and r.field in named)

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The fields that say where a record was before."""
        return tuple(name for name in _PLACES if name in (self.before or ()))


def traits(change: Change, shape: Shape) -> int:
    """The traits of a change."""
    found = 0
    before, after = change.before or {}, change.after or {}
    verb = change.verb
    for name in shape.places:
        if isinstance(before[name], str) and before[name] != change.school:
            found |= Trait.MOVES_ON
    match change.kind:
        case Kind.ENROLLMENT:
            if verb is Verb.ADD and role_group(text(after, "role")) is RoleGroup.STAFF:
                found |= Trait.STAFF
            elif unenrolls(change):
                found |= Trait.UNENROLLS
        case Kind.USER if verb is not Verb.ADD:
            if disables(change):
                found |= Trait.DISABLES
            if "primary_role" in shape.touched:
                was, will_be = text(before, "primary_role"), text(after, "primary_role")
                if was in ADMINISTRATORS or will_be in ADMINISTRATORS:
                    found |= Trait.ADMINISTERS
                if makes_staff(was, will_be):
                    found |= Trait.BECOMES_STAFF
        case Kind.ROLE:
            _, role = role_parts(change)
            if role in ADMINISTRATORS:
                found |= Trait.ADMINISTERS
            if verb is not Verb.ADD:
                found |= Trait.OF_STAFF * _is_staff(role)
            elif _is_staff(text(after, "role")):
                found |= Trait.STAFF
    if verb is Verb.REMOVE and change.merged_into is not None:
        found |= Trait.LINKED
    return found


def traits_of(changes: Sequence[Change], shape: Shape) -> bytes:
    """The traits of some changes of a shape."""
    if shape.verb is not Verb.ADD or shape.kind is Kind.ROLE:
        return bytes([traits(change, shape) for change in changes])
    if shape.kind is not Kind.ENROLLMENT:
        return bytes(len(changes))
    roles = [text(change.after or {}, "role") for change in changes]
    by_role = dict(zip(roles, changes, strict=True))
    known = {role: traits(change, shape) for role, change in by_role.items()}
    return bytes(map(known.__getitem__, roles))


def _is_staff(role: str | None) -> bool:
    return role is not None and role_group(role) is RoleGroup.STAFF


def makes_staff(was: str | None, will_be: str | None) -> bool:
    """Whether these two primary roles, one after the other, make staff of a student."""
    return (
        was is not None
        and will_be is not None
        and role_group(was) is RoleGroup.STUDENT
        and role_group(will_be) is RoleGroup.STAFF
    )


def role_parts(change: Change) -> tuple[str, str]:
    """The person and the word of a role that a change is about, also where it only updates it."""
    parts = derived_parts(change.id)
    return (parts[0], parts[1]) if len(parts) == 3 else ("", "")
