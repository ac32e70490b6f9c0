"""The inverse of a run: the changeset that puts back what the run found.

Records that somebody wrote after the run are conflicts: they are named, never overwritten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain

from rollbook.changes.changeset import Changeset
from rollbook.changes.plan import assemble
from rollbook.changes.rekeyed import linked
from rollbook.directory.journal import JournalRow, LaterWrite
from rollbook.directory.records import Directory, LiveRecord
from rollbook.errors import Stale
from rollbook.roster.changes import Verb
from rollbook.roster.first_few import first_few
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Values, owners

Key = tuple[Kind, str]
"""The kind and the id of a record."""


def _nobody(_: Iterable[Key]) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Later:
    """What became of the records of a run since: those ``as_left``, whose later writes were all
    undone again. ``writers`` names the runs that wrote some records later, oldest first."""

    as_left: Set[Key] = frozenset()
    writers: Callable[[Iterable[Key]], Sequence[str]] = _nobody


def still_standing(writes: Iterable[LaterWrite]) -> list[str]:
    """The runs among later writes of one record that were not undone, oldest first: a run and its
    undo right after it leave the record as it was."""
    standing: list[str] = []
    for write in writes:
        if standing and write.undo_of == standing[-1]:
            standing.pop()
        else:
            standing.append(write.run)
    return standing


def inverse(
    run: str,
    written: Sequence[JournalRow],
    directory: Directory,
    removed: Directory,
    later: Later | None = None,
) -> Changeset:
    """The changeset that undoes ``written``, newest first.

    ``directory`` holds what is live, ``removed`` those of the touched records that have left.
    Raises ``Stale`` naming the records that were written since, or on which later ones depend.
    """
    later = later or Later()
    target = _all_values(directory)
    leaving: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    conflicts: list[Key] = []
    for row in reversed(written):
        kind, verb = Kind(row.kind), Verb(row.verb)
        now = (removed if verb is Verb.REMOVE else directory)[kind].get(row.record_id)
        moved = now is not None and now.version != row.version
        if now is None or (moved and (kind, row.record_id) not in later.as_left):
            conflicts.append((kind, row.record_id))
        elif verb is Verb.ADD:
            del target[kind][row.record_id]
            leaving[kind].add(row.record_id)
        elif verb is Verb.REMOVE:
            target[kind][row.record_id] = row.before
        else:
            target[kind][row.record_id] = _without(now, row.before or {}, row.after or {})
    orphans = _orphans(target, directory)
    conflicts += orphans
    if conflicts:
        names = [f"{kind} {record_id}" for kind, record_id in conflicts]
        in_the_way = later.writers({*conflicts, *chain.from_iterable(orphans.values())})
        raise Stale(
            f"run {run} cannot be undone: {len(conflicts):,} records have changed since, or later "
            f"records depend on them: {first_few(names)}.",
            remedy=f"Undo the later runs first{_named(in_the_way)}.",
        )
    # What took the place of another record gives it back, and is known by it from then on.
    back = {
        (Kind(row.kind), row.merged_into): row.record_id
        for row in written
        if row.merged_into is not None
    }
    return linked(_to(directory, target, leaving), back)


def _named(ids: Sequence[str]) -> str:
    return f", the newest before the others: {first_few(ids[::-1])}" if ids else ""


def lenient_inverse(
    written: Sequence[JournalRow], directory: Directory, removed: Directory
) -> Changeset:
    """As ``inverse``, but what was written since stays as it is, field by field.

    This is how a merge is split after later syncs have gone over the same people: the next sync
    brings the rest, because the second record is its own again. What would belong to nobody by now
    does not come back.
    """
    target = _all_values(directory)
    leaving: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    for row in reversed(written):
        kind, verb = Kind(row.kind), Verb(row.verb)
        now = (removed if verb is Verb.REMOVE else directory)[kind].get(row.record_id)
        if now is None:
            continue
        before, after = row.before or {}, row.after or {}
        if verb is Verb.ADD and now.values == after:
            del target[kind][row.record_id]
            leaving[kind].add(row.record_id)
        elif verb is Verb.REMOVE:
            target[kind][row.record_id] = before
        elif verb is Verb.UPDATE:
            names = {n for n in before.keys() | after.keys() if now.values.get(n) == after.get(n)}
            target[kind][row.record_id] = _without(
                now,
                {n: v for n, v in before.items() if n in names},
                {n: v for n, v in after.items() if n in names},
            )
    _give_up_what_has_no_owner(target, directory, leaving)
    _keep_what_owns(target, directory, leaving)
    return _to(directory, target, leaving)


def _all_values(directory: Directory) -> dict[Kind, dict[str, Values]]:
    return {kind: {i: record.values for i, record in directory[kind].items()} for kind in Kind}


def _to(
    directory: Directory, target: dict[Kind, dict[str, Values]], leaving: dict[Kind, set[str]]
) -> Changeset:
    return assemble(directory, target, removed=leaving, unknown={kind: set() for kind in Kind})


def _without(now: LiveRecord, before: Values, after: Values) -> Values:
    values = {name: value for name, value in now.values.items() if name not in after}
    return values | before


def _orphans(target: dict[Kind, dict[str, Values]], directory: Directory) -> dict[Key, list[Key]]:
    """Records that the inverse would leave without what they belong to, or bring back to nobody,
    with that."""

    def changes(kind: Kind, record_id: str, values: Values) -> bool:
        live = directory[kind].get(record_id)
        return live is None or live.values != values

    found: dict[Key, list[Key]] = {}
    for kind in Kind:
        for record_id, values in target[kind].items():
            missing = [
                (owner_kind, owner)
                for owner_kind, owner in owners(kind, record_id, values)
                if owner not in target[owner_kind]
                and (owner in directory[owner_kind] or changes(kind, record_id, values))
            ]
            if missing:
                found[kind, record_id] = missing
    return found


def _give_up_what_has_no_owner(
    target: dict[Kind, dict[str, Values]],
    directory: Directory,
    leaving: Mapping[Kind, Set[str]],
) -> None:
    """Leave the records as they are, in place, that would go back to an owner who is not here."""
    for kind in Kind:
        for record_id, values in list(target[kind].items()):
            if all(
                owner in target[owner_kind] or owner in leaving[owner_kind]
                for owner_kind, owner in owners(kind, record_id, values)
            ):
                continue
            if (live := directory[kind].get(record_id)) is not None:
                target[kind][record_id] = live.values
            else:
                del target[kind][record_id]


def _keep_what_owns(
    target: dict[Kind, dict[str, Values]], directory: Directory, leaving: dict[Kind, set[str]]
) -> None:
    """Leave the records where they are, in place, to which something belongs by now."""
    for kind in reversed(Kind):
        for record_id, values in target[kind].items():
            for owner_kind, owner in owners(kind, record_id, values):
                if owner in leaving[owner_kind]:
                    leaving[owner_kind].discard(owner)
                    target[owner_kind][owner] = directory[owner_kind][owner].values
