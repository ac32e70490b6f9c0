"""Making one person of two records: the survivor's fields and everything that moves to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rollbook.changes.changeset import Changeset
from rollbook.changes.plan import assemble
from rollbook.changes.resolve import group_of, merged_values, rekeyed_link, rekeyed_role, seat
from rollbook.directory.records import Directory
from rollbook.errors import ConfigInvalid, NotFound
from rollbook.roster.kinds import SHAPES, Kind
from rollbook.roster.records import EXTENSIONS, Values, text

KEEP, LOSE = "keep", "lose"

NEVER_FROM_LOSE = frozenset({"primary_role", "primary_org_id"})
"""Fields that follow the survivor's own roles."""


@dataclass(frozen=True, slots=True)
class PlannedMerge:
    """A merge before it is made. ``sources`` says for each field whose value survives."""

    keep: str
    lose: str
    sources: dict[str, str]
    changeset: Changeset
    enrollments_moved: int
    enrollments_dropped: int
    guardians_moved: int
    roles_moved: int
    warnings: tuple[str, ...]

    @property
    def from_lose(self) -> tuple[str, ...]:
        """The fields that come from the record that is given up."""
        return tuple(sorted(name for name, source in self.sources.items() if source == LOSE))


def suggest_sources(keep: Values, lose: Values, choices: Mapping[str, str]) -> dict[str, str]:
    """Whose value survives, for each field in which the two differ.

    The operator's choice, else the survivor's value, else the only one that there is. Raises
    ``ConfigInvalid`` for a field or a side that does not exist.
    """
    names = [*SHAPES[Kind.USER].fields, EXTENSIONS]
    for name, side in choices.items():
        if name not in names or name in NEVER_FROM_LOSE or side not in (KEEP, LOSE):
            raise ConfigInvalid(f"no choice {name}={side} in a merge.", remedy="Use keep or lose.")
    return {
        name: choices.get(name, KEEP if name in keep or name in NEVER_FROM_LOSE else LOSE)
        for name in names
        if keep.get(name) != lose.get(name)
    }


def plan_merge(
    directory: Directory, keep: str, lose: str, choices: Mapping[str, str]
) -> PlannedMerge:
    """What merging ``lose`` into ``keep`` would do. Raises ``NotFound`` and ``ConfigInvalid``."""
    users = directory[Kind.USER]
    for user in (keep, lose):
        if user not in users:
            raise NotFound(f"no person {user!r} in the directory.")
    if keep == lose:
        raise ConfigInvalid("a person cannot be merged with themselves.")
    kept, lost = users[keep].values, users[lose].values
    sources = suggest_sources(kept, lost, choices)
    target = {kind: {i: r.values for i, r in directory[kind].items()} for kind in Kind}
    removed: dict[Kind, set[str]] = {kind: set() for kind in Kind}

    def take_out(kind: Kind, record_id: str) -> None:
        del target[kind][record_id]
        removed[kind].add(record_id)

    from_lose = tuple(name for name, source in sources.items() if source == LOSE)
    target[Kind.USER][keep] = merged_values(kept, lost, None, from_lose)
    take_out(Kind.USER, lose)

    roles_moved = 0
    for role_id, values in list(target[Kind.ROLE].items()):
        if values.get("user_id") == lose:
            take_out(Kind.ROLE, role_id)
            moved = rekeyed_role(values, keep)
            if moved.id not in target[Kind.ROLE]:
                target[Kind.ROLE][moved.id] = moved.values
                roles_moved += 1

    enrollments = target[Kind.ENROLLMENT]
    taken = {seat(values) for values in enrollments.values() if values.get("user_id") == keep}
    moved_count = dropped = 0
    for enrollment_id in sorted(i for i, v in enrollments.items() if v.get("user_id") == lose):
        values = enrollments[enrollment_id]
        if seat(values) in taken:
            take_out(Kind.ENROLLMENT, enrollment_id)
            dropped += 1
        else:
            taken.add(seat(values))
            enrollments[enrollment_id] = {**values, "user_id": keep}
            moved_count += 1

    guardians_moved = 0
    for link_id, values in list(target[Kind.GUARDIAN].items()):
        if lose not in (values.get("student_id"), values.get("guardian_id")):
            continue
        take_out(Kind.GUARDIAN, link_id)
        link = rekeyed_link(values, lose, keep)
        own = link.values["student_id"] == link.values["guardian_id"]
        if not own and link.id not in target[Kind.GUARDIAN]:
            target[Kind.GUARDIAN][link.id] = link.values
            guardians_moved += 1

    demographics = target[Kind.DEMOGRAPHICS]
    if lose in demographics:
        values = demographics[lose]
        take_out(Kind.DEMOGRAPHICS, lose)
        demographics.setdefault(keep, values)

    return PlannedMerge(
        keep=keep,
        lose=lose,
        sources=sources,
        changeset=assemble(
            directory,
            target,
            removed=removed,
            unknown={kind: set() for kind in Kind},
            merged_into={lose: keep},
        ),
        enrollments_moved=moved_count,
        enrollments_dropped=dropped,
        guardians_moved=guardians_moved,
        roles_moved=roles_moved,
        warnings=_warnings(directory, keep, lose),
    )


def _warnings(directory: Directory, keep: str, lose: str) -> tuple[str, ...]:
    kept, lost = directory[Kind.USER][keep].values, directory[Kind.USER][lose].values
    found: list[str] = []
    if group_of(kept) is not group_of(lost):
        found.append(f"One is {group_of(kept)}, the other is {group_of(lost)}.")
    numbers = {n for v in (kept, lost) if (n := text(v, "identifier"))}
    if len(numbers) == 2:
        found.append("Both have a number of their own: the SIS takes them for two people.")
    births = [
        record.values.get("birth_date")
        for user in (keep, lose)
        if (record := directory[Kind.DEMOGRAPHICS].get(user))
    ]
    if len(births) == 2 and None not in births and births[0] != births[1]:
        found.append("Their birth dates differ.")
    if kept.get("grades") and lost.get("grades") and kept["grades"] != lost["grades"]:
        found.append("They are in different grades.")
    return tuple(found)
