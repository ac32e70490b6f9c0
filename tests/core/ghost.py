"""What a directory must hold, kept in plain dicts beside the engine, and what it may do to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, select

from core.changes.made_rosters import Held, applied, ownerless
from core.scene import NORTH, Scene
from rollbook.changes.plan import scopes
from rollbook.changes.resolve import group_of
from rollbook.config.district import Thresholds
from rollbook.desk import auditing, decisions, people
from rollbook.desk.pausing import pauses
from rollbook.desk.views import HoldState, Kind, PauseView, RunKind, RunState, Verb
from rollbook.directory import journal, tallies
from rollbook.directory.changesets import change_of, lanes_of
from rollbook.directory.tables import changes as changes_table
from rollbook.directory.tables import lanes as lanes_table
from rollbook.roster.changes import Change
from rollbook.roster.records import schools_of

Base = Counter[tuple[Kind, str | None, object]]

OVER = {RunState.REJECTED, RunState.SUPERSEDED, RunState.CANCELLED, RunState.INPUT_REFUSED}


@dataclass
class Ghost:
    """The directory as it must be, and what was allowed on the way."""

    scene: Scene
    limits: Thresholds
    held: Held
    generation: int
    bases: dict[str, Base] = field(default_factory=dict)
    approved: set[str] = field(default_factory=set)
    spoiled: dict[str, frozenset[str]] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)

    def base(self) -> Base:
        """Live records by scope: the base of every percentage."""
        schools = {
            user: str(values["primary_org_id"])
            for user, values in self.held[Kind.USER].items()
            if "primary_org_id" in values
        }
        found: Base = Counter()
        for kind, records in self.held.items():
            for record_id, values in records.items():
                school = schools_of(kind, schools)(record_id, values)
                found.update(scopes(kind, school, group_of(values) if kind is Kind.USER else None))
        return found

    def follow(self) -> None:
        """Take in what was applied since, and hold everything against its rules."""
        new = self._newly_applied()
        generation = self.scene.generation()
        assert generation == self.generation + bool(new)
        self.generation = generation
        if new:
            [run] = {row.run for row in new}
            changes = [change_of(row) for row in new]
            self._allowed(run, new, changes)
            self.held = applied(self.held, changes)
            self._counted(changes)
        assert self.scene.held() == self.held
        with self.scene.desk.store.read() as connection:
            kept = tallies.of_district(connection, NORTH)
            assert kept == tallies.recount(connection, NORTH)
        assert ownerless(self.held) == set()

    def at_the_end(self) -> None:
        """What is looked at once: the trail, the journal, the runs and their holds."""
        assert auditing.verify(self.scene.desk).ok
        assert self._replayed() == self.held
        entries = auditing.audit(self.scene.desk, limit=100_000)
        events = {(entry.event, entry.subject) for entry in entries}
        for hold in decisions.holds(self.scene.desk, decided=True):
            run = self.scene.run(hold.run).summary.state
            if hold.state in (HoldState.APPROVED, HoldState.REJECTED, HoldState.SUPERSEDED):
                assert (f"hold.{hold.state.lower()}", hold.id) in events
            if run in OVER:
                assert hold.state not in (HoldState.OPEN, HoldState.SNOOZED)

    def _newly_applied(self) -> list[Row[Any]]:
        query = (
            select(changes_table)
            .join(
                lanes_table,
                (lanes_table.c.run == changes_table.c.run)
                & (lanes_table.c.number == changes_table.c.lane),
            )
            .where(lanes_table.c.applied_in > self.generation)
            .order_by(changes_table.c.seq)
        )
        with self.scene.desk.store.read() as connection:
            return list(connection.execute(query))

    def _allowed(self, run: str, rows: list[Row[Any]], changes: list[Change]) -> None:
        view = self.scene.run(run)
        kind = view.summary.kind
        assert view.summary.state in (RunState.APPLIED, RunState.HELD)
        if kind is RunKind.SYNC:
            for pause in pauses(self.scene.desk, NORTH):
                assert not any(pause.active and _rests(pause, change) for change in changes)
            removed = {c.id for c in changes if c.kind is Kind.USER and c.verb is Verb.REMOVE}
            assert not removed & self.spoiled.get(run, frozenset())
        if kind is not RunKind.MERGE and view.undo_of not in self._merge_runs():
            self._removals_allowed(run, rows)

    def _removals_allowed(self, run: str, rows: list[Row[Any]]) -> None:
        """I2: what is over a limit went in by an approval, or not at all."""
        base = self.bases[run]
        with self.scene.desk.store.read() as connection:
            all_rows = connection.execute(
                select(changes_table).where(
                    changes_table.c.run == run,
                    changes_table.c.kind != Kind.ROLE,
                )
            ).all()
            lanes = lanes_of(connection, run)
        planned: Counter[tuple[Kind, str | None, object]] = Counter()
        for row in all_rows:
            change = change_of(row)
            if _loses(change) and lanes[row.lane].pause is None:
                planned.update(scopes(change.kind, change.school, change.role))
        whole = {h.id for h in self.scene.run(run).holds if h.rule == "R0"}
        approved = self._approved()
        for row in rows:
            change = change_of(row)
            if not _loses(change) or change.kind is Kind.ROLE:
                continue
            for scope in scopes(change.kind, change.school, change.role):
                count, live = planned[scope], base[scope]
                over = count >= self.limits.removal_floor and (
                    count * 100 >= self.limits.removal_percent * live
                )
                if over:
                    self.seen["losses over a limit"] += 1
                    waited = set(lanes[row.lane].holds)
                    assert waited & approved or whole & approved

    def _approved(self) -> set[str]:
        """What was approved, by itself or as the hold that it was carried over from."""
        found = set(self.approved)
        for hold in decisions.holds(self.scene.desk, decided=True):
            if hold.carried_from in found and hold.state is HoldState.APPROVED:
                found.add(hold.id)
        return found

    def _merge_runs(self) -> set[str | None]:
        return {merge.run for merge in people.merges(self.scene.desk)}

    def _counted(self, changes: Iterable[Change]) -> None:
        for change in changes:
            self.seen[f"{change.verb} applied"] += 1

    def _replayed(self) -> Held:
        """The directory as the journal tells it from its first line on."""
        with self.scene.desk.store.read() as connection:
            every = connection.execute(select(lanes_table.c.run).distinct()).scalars().all()
            lines = [line for run in every for line in journal.of_run(connection, run)]
        held: Held = {kind: {} for kind in Kind}
        by_generation: dict[int, list[Change]] = {}
        for line in lines:
            change = Change(
                Kind(line.kind), Verb(line.verb), line.record_id, line.before, line.after
            )
            by_generation.setdefault(line.generation, []).append(change)
        for generation in sorted(by_generation):
            held = applied(held, by_generation[generation])
        return held


def _loses(change: Change) -> bool:
    """Whether somebody loses a record, the way in, or a seat in a class."""
    before, after = change.before or {}, change.after or {}
    return (
        change.verb is Verb.REMOVE
        or (change.kind is Kind.USER and after.get("enabled") is False and bool(before))
        or (
            change.kind is Kind.ENROLLMENT
            and change.verb is Verb.UPDATE
            and bool(before.keys() & {"user_id", "class_id"})
        )
    )


def _rests(pause: PauseView, change: Change) -> bool:
    """Whether a pause without presets covers a change."""
    before = change.before or {}
    left = {before.get(name) for name in ("primary_org_id", "school_id", "org_id")}
    return (
        (pause.school is None or pause.school in {change.school, *left})
        and (not pause.kinds or change.kind in pause.kinds)
        and (not pause.verbs or change.verb in pause.verbs)
    )
