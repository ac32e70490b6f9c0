"""Runs made at the desk: undo, merge and split. One transaction from planning to applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection

from rollbook import collector
from rollbook.changes.changeset import Changeset
from rollbook.changes.inverse import Key, Later, inverse, lenient_inverse, still_standing
from rollbook.changes.rekeyed import linked
from rollbook.config.district import District
from rollbook.directory import (
    audit,
    changesets,
    history,
    holds,
    journal,
    merges,
    runs,
    student_facts,
)
from rollbook.directory.apply import generation_of
from rollbook.directory.audit import Actor
from rollbook.directory.journal import JournalRow
from rollbook.directory.records import Directory, load_directory, load_some
from rollbook.directory.runs import RunRow
from rollbook.errors import Stale
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.states import MergeState, RunKind, RunState
from rollbook.roster.student_facts import FactChange
from rollbook.runs.account_release import account_count
from rollbook.runs.no_changes import no_changes
from rollbook.runs.prepare import save_changeset
from rollbook.runs.release import release
from rollbook.runs.student_facts import digest_of, facts_to_undo, with_facts


def run_changes(
    connection: Connection,
    actor: Actor,
    district: District,
    kind: RunKind,
    changeset: Changeset,
    *,
    reason: str,
    undo_of: str | None = None,
    judged: bool,
    facts: Sequence[FactChange] = (),
) -> RunRow:
    """A run of ready-made changes: saved, judged if asked, and applied as far as it may go."""
    run = runs.get(
        connection,
        runs.create(connection, actor, district.id, kind, reason=reason, undo_of=undo_of),
    )
    saved = save_changeset(
        connection,
        actor,
        run,
        changeset,
        district,
        generation=generation_of(connection, district.id),
        inverse=True,
        judged=judged,
        about_students=facts,
    )
    if saved.state == RunState.NOOP or holds.keeps_whole_run(connection, run.id):
        return saved
    return release(connection, actor, saved, district)


def plan_undo(connection: Connection, run: str) -> Changeset:
    """What undoing a run would do; undoing a merge is its split, undoing a split merges again.

    Raises ``Stale`` where later runs are in the way, or where there is nothing to undo.
    """
    row = runs.get(connection, run)
    written = journal.of_run(connection, run)
    if not written:
        if not (
            student_facts.students(connection, run, applied=True) or accounts_alone(connection, row)
        ):
            raise Stale(f"run {run} has changed nothing that could be undone.")
        return no_changes(connection, row.district)
    touched: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    for entry in written:
        touched[Kind(entry.kind)].add(entry.record_id)
    removed: Directory = {
        kind: load_some(connection, row.district, kind, sorted(ids), removed=True)
        for kind, ids in touched.items()
    }
    directory = load_directory(connection, row.district)
    merge = merges.of_run(connection, run)
    if merge is None:
        _refuse_undone(connection, row)
        later = _later(connection, row, written, directory, removed)
        undone = inverse(run, written, directory, removed, later)
        split = merges.split_by(connection, run)
        return linked(undone, {(Kind.USER, split.lose): split.keep}) if split else undone
    if merge.state != MergeState.ACTIVE:
        raise Stale(
            f"merge {merge.id} has been split already, {audit.by_whom(connection, merge.id)}.",
            remedy="Look at the merges again.",
        )
    return lenient_inverse(written, directory, removed)


def _refuse_undone(connection: Connection, run: RunRow) -> None:
    by = history.undone(connection, run.district).get(run.id)
    if by is None or runs.get(connection, by).state != RunState.APPLIED:
        return
    told = f"{by}, {audit.by_whom(connection, by)}"
    if changesets.count(connection, by, changesets.lane_condition("rejected", False)):
        raise Stale(
            f"run {run.id} has been undone in part: {told}; the rest of that was turned down.",
            remedy=f"Undo {by} first, then {run.id} again.",
        )
    raise Stale(
        f"run {run.id} has been undone already: {told}.",
        remedy=f"Undo {by} to have it back.",
    )


def _later(
    connection: Connection,
    run: RunRow,
    written: Sequence[JournalRow],
    directory: Directory,
    removed: Directory,
) -> Later:
    """What later runs made of the records of a run that they have written."""
    generation = min((entry.generation for entry in written), default=0)

    def standing(keys: Iterable[Key]) -> Iterator[tuple[Key, int, list[str]]]:
        """Records that were written since: how often, and by which runs that stand."""
        ids: dict[Kind, set[str]] = {}
        for kind, record in keys:
            ids.setdefault(kind, set()).add(record)
        for kind, some in ids.items():
            found = journal.written_since(connection, run.district, generation, kind, some)
            for record, every in found.items():
                writes = [write for write in every if write.run != run.id]
                yield (kind, record), len(writes), still_standing(writes)

    def writers(keys: Iterable[Key]) -> list[str]:
        found = {by for _, _, every in standing(keys) for by in every}
        return sorted(found, key=lambda by: runs.get(connection, by).number)

    versions: dict[Key, int | None] = {}
    for entry in written:
        kind = Kind(entry.kind)
        now = (removed if entry.verb == Verb.REMOVE else directory)[kind].get(entry.record_id)
        if now is None or now.version != entry.version:
            since = None if now is None else now.version - entry.version
            versions[kind, entry.record_id] = since
    # A version that no run has written is a hand's, past rollbook: it is never undone.
    as_left = {key for key, number, by in standing(versions) if not by and number == versions[key]}
    return Later(as_left, writers)


def is_judged(connection: Connection, run: str) -> bool:
    """Whether the rules judge an undo of a run; they judge neither a merge nor its split."""
    return merges.of_run(connection, run) is None and merges.split_by(connection, run) is None


def accounts_alone(connection: Connection, run: RunRow) -> bool:
    """Whether a run changed accounts and no record, so that undoing it is about accounts."""
    if run.kind not in (RunKind.SYNC, RunKind.UNDO):
        return False
    if changesets.count(connection, run.id, changesets.lane_condition("applied", False)):
        return False
    return account_count(connection, run.id, "applied") > 0


@collector.paused()
def undo(
    connection: Connection, actor: Actor, district: District, run: str, *, reason: str
) -> RunRow:
    """Undo a run by a run of its own, which is held like any other for what it removes.

    Undoing a merge splits it, and undoing the split is a merge again, with an alias as before; no
    rule judges either. Raises ``Stale`` as ``plan_undo``.
    """
    changeset = plan_undo(connection, run)
    if district.accounts is None and accounts_alone(connection, runs.get(connection, run)):
        raise Stale(
            f"run {run} has changed accounts alone, and {district.id} has no account policy "
            "any more.",
            remedy="Without a policy rollbook leaves accounts as they are; put one back first.",
        )
    facts = facts_to_undo(connection, district.id, run)
    merge, split = merges.of_run(connection, run), merges.split_by(connection, run)
    row = run_changes(
        connection,
        actor,
        district,
        RunKind.UNDO,
        with_facts(changeset, digest_of(facts)),
        reason=reason,
        undo_of=run,
        judged=is_judged(connection, run),
        facts=facts,
    )
    if merge is not None:
        merges.mark_split(connection, actor, merge, row.id)
    if split is not None:
        merges.create(
            connection,
            actor,
            district.id,
            keep=split.keep,
            lose=split.lose,
            label=split.label,
            from_lose=split.from_lose,
            run=row.id,
            reason=reason,
        )
    return row
