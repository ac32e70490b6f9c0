"""What must be true of a store whatever happened to those who wrote it.

The numbers are those of ``docs/faults.md``; it says what is not looked at here, and why.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from core.accounts.saved_digest import digest_with_accounts
from core.changes.made_rosters import Held, applied, ownerless
from core.scene import NORTH
from faults.acts import LIMITS, SECRET, SPOILED
from rollbook.changes.access import takes_away
from rollbook.changes.changeset import digest_of
from rollbook.changes.plan import scopes
from rollbook.changes.rekeyed import taken_over
from rollbook.changes.resolve import group_of
from rollbook.desk import auditing
from rollbook.desk.desk import Desk
from rollbook.directory import changesets, grade_memory, tables, tallies
from rollbook.directory.apply import generation_of
from rollbook.directory.records import load_directory
from rollbook.roster.accounts import SETS, AccountVerb, name_key
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.records import schools_of
from rollbook.roster.states import (
    UNDECIDED,
    UNDER_WAY,
    WAITING,
    HoldState,
    RunKind,
    RunState,
)


@dataclass
class Seen:
    """A store as it is now, read once."""

    desk: Desk
    connection: Connection

    def rows(self, table: Table) -> list[Row[Any]]:
        """All rows of a table."""
        return list(self.connection.execute(select(table)))

    @cached_property
    def runs(self) -> dict[str, Row[Any]]:
        return {row.id: row for row in self.rows(tables.runs)}

    @cached_property
    def holds(self) -> dict[str, Row[Any]]:
        return {row.id: row for row in self.rows(tables.holds)}

    @cached_property
    def lanes(self) -> dict[tuple[str, int], changesets.SavedLane]:
        waiting: dict[tuple[str, int], list[str]] = defaultdict(list)
        query = select(tables.lane_holds).order_by(tables.lane_holds.c.position)
        for row in self.connection.execute(query):
            waiting[row.run, row.lane].append(row.hold)
        return {
            (row.run, row.number): changesets.SavedLane(
                row.number, row.pause, row.applied_in, tuple(waiting[row.run, row.number])
            )
            for row in self.rows(tables.lanes)
        }

    @cached_property
    def changes(self) -> dict[str, list[tuple[int, Change]]]:
        """The saved changes of each run in order, each with its lane."""
        found: dict[str, list[tuple[int, Change]]] = defaultdict(list)
        for row in self.connection.execute(
            select(tables.changes).order_by(tables.changes.c.run, tables.changes.c.seq)
        ):
            found[row.run].append((row.lane, changesets.change_of(row)))
        return found

    @cached_property
    def account_changes(self) -> list[Row[Any]]:
        """What runs make happen to accounts, in order."""
        table = tables.account_changes
        return list(self.connection.execute(select(table).order_by(table.c.run, table.c.seq)))

    @cached_property
    def written(self) -> dict[int, list[tuple[str, int, Change]]]:
        """What went in, by generation: run, lane and change; nothing where it was of accounts."""
        found: dict[int, list[tuple[str, int, Change]]] = defaultdict(list)
        for generation in self.runs_by_generation:
            found[generation] = []
        for run, planned in self.changes.items():
            for lane, change in planned:
                applied_in = self.lanes[run, lane].applied_in
                if applied_in is not None:
                    found[applied_in].append((run, lane, change))
        return dict(sorted(found.items()))

    @cached_property
    def runs_by_generation(self) -> dict[int, set[str]]:
        """The runs whose lanes went in with each generation."""
        found: dict[int, set[str]] = defaultdict(set)
        for (run, _), lane in self.lanes.items():
            if lane.applied_in is not None:
                found[lane.applied_in].add(run)
        return found

    @cached_property
    def past(self) -> list[Held]:
        """What the directory held at each generation, as the journal tells it."""
        held: Held = {kind: {} for kind in Kind}
        found = [held]
        for generation in self.written:
            held = applied(held, [change for _, _, change in self.written[generation]])
            found.append(held)
        return found

    @cached_property
    def generation(self) -> int:
        return generation_of(self.connection, NORTH)

    @cached_property
    def trail(self) -> list[tuple[str, str | None, dict[str, Any]]]:
        entries = auditing.audit(self.desk, limit=100_000)
        return [(e.event, e.subject, e.body) for e in reversed(entries)]

    def approved(self, run: str, lane: int) -> list[str]:
        """The approved holds that a lane waited for, those on the whole run included."""
        whole = [h.id for h in self.holds.values() if h.run == run and h.whole_run]
        ids = [*self.lanes[run, lane].holds, *whole]
        return [hold for hold in ids if self.holds[hold].state == HoldState.APPROVED]


def nothing_is_lost(seen: Seen) -> None:
    """I1: whatever went in is there, live, left or merged; a merged one is in one that is there."""
    there = {
        kind: {row.id: row for row in seen.rows(table)}
        for kind, table in tables.RECORD_TABLES.items()
    }
    for writes in seen.written.values():
        for _, _, change in writes:
            assert change.id in there[change.kind], change.key
    for rows in there.values():
        for row in rows.values():
            assert row.merged_into is None or row.merged_into in rows


def no_loss_without_approval(seen: Seen) -> None:
    """I2: what is over a limit went in by an approval of that very changeset, now used up."""
    approvals = seen.rows(tables.approvals)
    for (run, number), lane in seen.lanes.items():
        if lane.applied_in is None:
            continue
        row = seen.runs[run]
        whole = [h.id for h in seen.holds.values() if h.run == run and h.whole_run]
        for hold in (*lane.holds, *whole):
            assert seen.holds[hold].state == HoldState.APPROVED, (run, number, hold)
            used = [a for a in approvals if a.hold == hold and a.digest == row.digest]
            carried = seen.holds[hold].carried_from is not None
            assert used or carried, (run, number, hold)
            people = sum(a.consumed_in is not None for a in used)
            assert carried or people >= seen.holds[hold].approvers, (run, number, hold)
        if row.kind != RunKind.MERGE and not _is_split(seen, run):
            _under_the_limits(seen, run, number)


def _under_the_limits(seen: Seen, run: str, number: int) -> None:
    planned = seen.changes[run]
    followed = taken_over([change for _, change in planned])
    live = _live(seen.past[seen.runs[run].base_generation])
    losses = [
        (lane, change)
        for position, (lane, change) in enumerate(planned)
        if takes_away(change) and position not in followed and change.kind is not Kind.ROLE
    ]
    unpaused = [(n, change) for n, change in losses if seen.lanes[run, n].pause is None]
    counted = Counter(s for _, c in unpaused for s in scopes(c.kind, c.school, c.role))
    for lane, change in losses:
        for scope in scopes(change.kind, change.school, change.role):
            count = counted[scope]
            if (
                lane == number
                and count >= LIMITS["removal_floor"]
                and count * 100 >= LIMITS["removal_percent"] * live[scope]
            ):
                assert seen.approved(run, lane), (run, change.key, scope)


def _live(held: Held) -> Counter[object]:
    schools = {
        user: str(values["primary_org_id"])
        for user, values in held[Kind.USER].items()
        if "primary_org_id" in values
    }
    found: Counter[object] = Counter()
    for kind, records in held.items():
        for record_id, values in records.items():
            school = schools_of(kind, schools)(record_id, values)
            found.update(scopes(kind, school, group_of(values) if kind is Kind.USER else None))
    return found


def _is_split(seen: Seen, run: str) -> bool:
    """Whether a run splits a merge, or merges again by undoing a split."""
    return any(run in (row.split_run, row.run) for row in seen.rows(tables.merges))


def what_went_in_was_planned_and_went_in_once(seen: Seen) -> None:
    """I3: the digest is that of what is saved; the directory is the journal told once."""
    for run, planned in seen.changes.items():
        digest = digest_of(change for _, change in planned)
        assert seen.runs[run].digest == digest_with_accounts(seen.connection, run, digest), run
        assert len({change.key for _, change in planned}) == len(planned)
    directory = load_directory(seen.connection, NORTH)
    for kind, records in directory.items():
        assert {i: r.values for i, r in records.items()} == seen.past[-1][kind], kind
    writes = Counter(change.key for w in seen.written.values() for _, _, change in w)
    for kind, table in tables.RECORD_TABLES.items():
        for row in seen.rows(table):
            assert row.version == writes[kind, row.id], (kind, row.id)
    assert ownerless(seen.past[-1]) == set()


def the_preview_was_honest(seen: Seen) -> None:
    """I4: what was shown adds up to what is saved, and each change is in one lane's state."""
    for run, row in seen.runs.items():
        planned = seen.changes.get(run, [])
        counted = Counter((change.kind, change.verb) for _, change in planned)
        shown = {
            (Kind(kind), verb): tally[verb]
            for kind, tally in (row.counts or {}).items()
            for verb in Verb
        }
        assert {key: n for key, n in shown.items() if n} == counted, run
        with_changes = {lane for lane, _ in planned} | {
            change.lane for change in seen.account_changes if change.run == run
        }
        assert with_changes == {lane for of, lane in seen.lanes if of == run}, run
    in_lanes = Counter((run, lane) for run, of in seen.changes.items() for lane, _ in of)
    counted_by_lane: Counter[tuple[str, int]] = Counter()
    for row in seen.rows(tables.lane_counts):
        counted_by_lane[row.run, row.lane] += row.changes
    assert counted_by_lane == in_lanes
    of_accounts = Counter((row.run, row.lane, row.verb) for row in seen.account_changes)
    assert of_accounts == {
        (row.run, row.lane, row.verb): row.changes for row in seen.rows(tables.account_counts)
    }
    for run in [run for run, row in seen.runs.items() if row.state in WAITING]:
        by_state = sum(
            changesets.count(seen.connection, run, changesets.lane_condition(state, False))
            for state in ("applied", "paused", "held", "rejected", "ready")
        )
        assert by_state == len(seen.changes.get(run, [])), run


def what_is_over_did_nothing(seen: Seen) -> None:
    """I5: nothing behind a hold that was not approved, and nothing of a run that broke off. Of one
    that waited too long, or was overtaken, a part may have gone in before."""
    for (run, number), lane in seen.lanes.items():
        if lane.applied_in is None:
            continue
        assert seen.runs[run].state not in (
            *(RunState.NOOP, RunState.REJECTED, RunState.CANCELLED),
            *(RunState.INPUT_REFUSED, RunState.FETCH_FAILED),
        ), (run, number)
    for hold in seen.holds.values():
        state = seen.runs[hold.run].state
        assert (hold.state not in UNDECIDED) or state in WAITING, (hold.id, state)


def every_write_is_a_generation(seen: Seen) -> None:
    """I6: generations follow each other without a gap, each by one run on the one before it."""
    assert list(seen.written) == list(range(1, seen.generation + 1))
    by_run: dict[str, list[int]] = defaultdict(list)
    for generation, runs in sorted(seen.runs_by_generation.items()):
        [run] = runs
        by_run[run].append(generation)
    for run, generations in by_run.items():
        base = seen.runs[run].base_generation
        assert generations == list(range(base + 1, base + 1 + len(generations)))
        assert seen.runs[run].expected_generation == generations[-1]
        assert seen.runs[run].applied_at is not None
    for run, row in seen.runs.items():
        if run not in by_run:
            assert row.expected_generation == row.base_generation
            assert row.applied_at is None


def tallies_and_marks_follow(seen: Seen) -> None:
    """I7: the numbers kept beside the records are those that a count gives."""
    kept = tallies.of_district(seen.connection, NORTH)
    assert kept == tallies.recount(seen.connection, NORTH)
    moves = grade_memory.moves_of(seen.connection, NORTH)
    assert moves == grade_memory.recount(seen.connection, NORTH)


def the_unknown_stays(seen: Seen) -> None:
    """I9: whom a spoiled row is about is not removed."""
    for writes in seen.written.values():
        for _, _, change in writes:
            assert (change.id, change.verb) != (SPOILED, Verb.REMOVE)


def the_trail_is_whole(seen: Seen) -> None:
    """I10: the chain holds; each change of a state, and each write, has its one entry."""
    assert auditing.verify(seen.desk).ok
    events = Counter((event, subject) for event, subject, _ in seen.trail)
    states: dict[str | None, str] = {}
    applied_changes: Counter[str | None] = Counter()
    for event, subject, body in seen.trail:
        kind, _, state = event.partition(".")
        if kind == "run":
            assert state == "started" or body["from"] == states[subject], (event, subject)
            states[subject] = "FETCHING" if state == "started" else state.upper()
            applied_changes[subject] += body.get("applied", 0)
    assert states == {run: row.state for run, row in seen.runs.items()}
    for run in seen.runs:
        went_in = sum(r == run for w in seen.written.values() for r, _, _ in w)
        assert applied_changes[run] == went_in, run
        applyings = events["run.applying", run]
        assert applyings >= sum(run in runs for runs in seen.runs_by_generation.values())
    for hold in seen.holds.values():
        over = hold.state not in UNDECIDED
        # Who approved in vain, because it lapsed, may approve again.
        lapsed = events["approval.expired", hold.id] if hold.state == HoldState.APPROVED else 0
        assert not over or events[f"hold.{hold.state.lower()}", hold.id] == 1 + lapsed, hold.id
    raised = Counter(hold.run for hold in seen.holds.values())
    assert raised == Counter(s for event, s, _ in seen.trail if event == "hold.raised")
    added = seen.desk.home.district_file(NORTH).exists()
    assert sum(event == "district.added" for event, _, _ in seen.trail) == added
    assert not list(seen.desk.home.districts.glob("*.begun"))
    for row in seen.rows(tables.pauses):
        ended = row.resumed_at is not None
        assert events["pause.created", row.id] == 1
        assert events["pause.ended", row.id] == ended


def nothing_is_under_way(seen: Seen) -> None:
    """I11: nobody works, so no run is under way, and at most one waits."""
    states = Counter(row.state for row in seen.runs.values())
    assert not [state for state in UNDER_WAY if states[state]], states
    assert sum(states[state] for state in WAITING) <= 1, states


def a_pause_keeps_still(seen: Seen) -> None:
    """I13: while the second school is paused, no sync touches it."""
    for pause in seen.rows(tables.pauses):
        for (run, number), lane in seen.lanes.items():
            row = seen.runs[run]
            if lane.applied_in is None or row.kind != RunKind.SYNC:
                continue
            at = row.applied_at
            if pause.created_at <= at and (pause.resumed_at is None or at < pause.resumed_at):
                schools = {c.school for n, c in seen.changes[run] if n == number}
                assert pause.school not in schools, (run, number)


def an_undo_takes_back(seen: Seen) -> None:
    """I15: whatever a run wrote is as it was before, once its undo has gone in as a whole."""
    waiting = {run for (run, _), lane in seen.lanes.items() if lane.applied_in is None}
    merges = {row.run for row in seen.rows(tables.merges)}
    for run, row in seen.runs.items():
        if row.undo_of is not None and row.undo_of not in merges and run not in waiting:
            _is_taken_back(seen, row.undo_of, run)


def _is_taken_back(seen: Seen, first: str, second: str) -> None:
    before = seen.past[seen.runs[first].base_generation]
    after = seen.past[seen.runs[second].expected_generation]
    for lane, change in seen.changes[first]:
        kind, record = change.key
        if seen.lanes[first, lane].applied_in is not None:
            assert before[kind].get(record) == after[kind].get(record), change.key


def a_split_takes_back(seen: Seen) -> None:
    """I16: people who were merged and split are as they were, where nothing came in between."""
    newest = {}
    for row in sorted(seen.rows(tables.merges), key=lambda row: row.number):
        if row.split_run:
            _is_taken_back(seen, row.run, row.split_run)
        assert row.run in seen.runs
        newest[row.lose] = row
    live = seen.past[-1][Kind.USER]
    for lose, row in newest.items():
        assert (lose in live) is (row.split_run is not None)


def names_belong_for_good(seen: Seen) -> None:
    """I21: the ledger has what went in and nothing else, each name once; what an account is called
    is its own."""
    gave: dict[tuple[str, str], str] = {}
    for row in seen.account_changes:
        if seen.lanes[row.run, row.lane].applied_in is None:
            continue
        for namespace in ("username", "email"):
            if row.verb in ("create", "rename") and row.after.get(namespace) is not None:
                key = namespace, name_key(row.after[namespace])
                assert gave.setdefault(key, row.account) == row.account, row.run
    ledger = {(row.namespace, row.name): row.account for row in seen.rows(tables.account_names)}
    assert ledger == gave
    for row in seen.rows(tables.accounts):
        assert ledger["username", name_key(row.username)] == row.id
        assert row.email is None or ledger["email", name_key(row.email)] == row.id


def accounts_are_what_was_done_to_them(seen: Seen) -> None:
    """I22: each account is what the changes that went in make of it, told once and in order."""
    held: dict[str, dict[str, Any]] = {}
    order = {verb: place for place, verb in enumerate(AccountVerb)}
    went_in = [
        (seen.lanes[row.run, row.lane].applied_in, order[AccountVerb(row.verb)], row.seq, row)
        for row in seen.account_changes
        if seen.lanes[row.run, row.lane].applied_in is not None
    ]
    for _, _, _, row in sorted(went_in, key=lambda one: one[:3]):
        fields = SETS[AccountVerb(row.verb)]
        if row.verb == AccountVerb.CREATE:
            assert row.account not in held, row.account
            held[row.account] = {"person": row.person}
        else:
            was = {name: held[row.account].get(name) for name in fields}
            assert was == {name: row.before.get(name) for name in fields}, (row.run, row.account)
        held[row.account] |= {name: row.after.get(name) for name in fields}
    for row in seen.rows(tables.accounts):
        told = held.pop(row.id)
        assert {name: getattr(row, name) for name in told} == told, row.id
    assert not held


def nothing_goes_to_nothing(seen: Seen) -> None:
    """I18: no kind of record of a school goes to none unless somebody approved it."""
    for before, after, generation in zip(seen.past, seen.past[1:], seen.written, strict=False):
        was, now = _live(before), _live(after)
        if any(count and not now[scope] for scope, count in was.items()):
            assert any(seen.approved(run, lane) for run, lane, _ in seen.written[generation])


def secrets_are_gone(seen: Seen) -> None:
    """I19: no password of the source, nor what a broken run staged, is left in the home folder."""
    secret = SECRET.encode()
    for file in _files(seen.desk.home.root):
        assert secret not in file.read_bytes(), file
    assert not list(seen.desk.home.snapshots.glob("*/staging-*"))


def operators_are_told_in_words(seen: Seen) -> None:
    """I20: no trace of the engine's inside is in what operators are told."""
    told = [row.message for row in seen.runs.values()]
    told += [row.message for row in seen.rows(tables.findings)]
    told += [json.dumps(body) for _, _, body in seen.trail]
    assert not [text for text in told if "Traceback" in text or "sqlalchemy" in text]


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.is_file())


CHECKS: dict[str, Callable[[Seen], None]] = {
    "I1": nothing_is_lost,
    "I2": no_loss_without_approval,
    "I3": what_went_in_was_planned_and_went_in_once,
    "I4": the_preview_was_honest,
    "I5": what_is_over_did_nothing,
    "I6": every_write_is_a_generation,
    "I7": tallies_and_marks_follow,
    "I9": the_unknown_stays,
    "I10": the_trail_is_whole,
    "I11": nothing_is_under_way,
    "I13": a_pause_keeps_still,
    "I15": an_undo_takes_back,
    "I16": a_split_takes_back,
    "I18": nothing_goes_to_nothing,
    "I19": secrets_are_gone,
    "I20": operators_are_told_in_words,
    "I21": names_belong_for_good,
    "I22": accounts_are_what_was_done_to_them,
}


def check_all(desk: Desk) -> int:
    """Hold a store against everything; how many invariants that was."""
    with desk.store.read() as connection:
        seen = Seen(desk, connection)
        for name, check in CHECKS.items():
            try:
                check(seen)
            except AssertionError as error:
                raise AssertionError(f"{name}: {error}") from error
    return len(CHECKS)
