"""What a directory must hold, kept in plain dicts beside the engine, and what it may do to it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, func, select

from core.changes.made_rosters import Held, applied, ownerless
from core.life.agreement import Agreement
from core.life.resting import covers, in_force, pauses_of
from core.scene import Scene
from faults.invariants import CHECKS, Seen
from rollbook.changes.plan import scopes
from rollbook.changes.rekeyed import taken_over
from rollbook.changes.resolve import group_of
from rollbook.config.district import Thresholds
from rollbook.desk import auditing, decisions
from rollbook.desk.views import HoldState, Kind, RunKind, RunState, Verb
from rollbook.directory import audit, tables
from rollbook.directory.changesets import change_of
from rollbook.roster.changes import Change
from rollbook.roster.records import schools_of

Base = Counter[tuple[Kind, str | None, object]]

OVER = {RunState.REJECTED, RunState.SUPERSEDED, RunState.CANCELLED, RunState.INPUT_REFUSED}

OF_ANY_LIFE = ("I1", "I3", "I4", "I5", "I6", "I7", "I10", "I11", "I15", "I20")
"""The invariants of ``faults.invariants`` that know nothing of the life that is told there."""


@dataclass
class Ghost:
    """The directory as it must be, and what was allowed on the way."""

    scene: Scene
    limits: Thresholds
    held: Held
    generation: int
    agreement: Agreement = field(default_factory=Agreement)
    bases: dict[str, Base] = field(default_factory=dict)
    limits_of: dict[str, Thresholds] = field(default_factory=dict)
    """By run, what the district's file said when it was made."""
    spoiled: dict[str, frozenset[str]] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    looked_at: int = 0
    """The number of the newest entry of the trail when everything was looked at last."""

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

    def _of_accounts_alone(self) -> bool:
        """Whether lanes went in since that hold nothing but what happens to accounts."""
        with self.scene.desk.store.read() as connection:
            newest = connection.execute(select(func.max(tables.lanes.c.applied_in))).scalar_one()
        return bool(newest == self.generation + 1)

    def follow(self) -> None:
        """Take in what was applied since, and hold everything against its rules."""
        new = self._newly_applied()
        generation = self.scene.generation()
        assert generation == self.generation + (bool(new) or self._of_accounts_alone())
        self.generation = generation
        if new:
            [run] = {row.run for row in new}
            changes = [change_of(row) for row in new]
            self._allowed(run, {row.lane for row in new}, changes)
            self.held = applied(self.held, changes)
            self._count(changes)
        assert self.scene.held() == self.held
        assert ownerless(self.held) == set()

    def look_at_everything(self) -> None:
        """The invariants of every life, over all that is stored, where anything was done."""
        with self.scene.desk.store.read() as connection:
            last = audit.last_seq(connection)
            if last == self.looked_at:
                return
            self.looked_at = last
            seen = Seen(self.scene.desk, connection)
            for name in OF_ANY_LIFE:
                try:
                    CHECKS[name](seen)
                except AssertionError as error:
                    raise AssertionError(f"{name}: {error}") from error
        self.seen["invariants"] += len(OF_ANY_LIFE)

    def at_the_end(self) -> None:
        """What is looked at once: the holds, and that their decisions are in the trail."""
        entries = auditing.audit(self.scene.desk, limit=100_000)
        events = {(entry.event, entry.subject) for entry in entries}
        for hold in decisions.holds(self.scene.desk, decided=True):
            run = self.scene.run(hold.run).summary.state
            if hold.state in (HoldState.APPROVED, HoldState.REJECTED, HoldState.SUPERSEDED):
                assert (f"hold.{hold.state.lower()}", hold.id) in events
            if run in OVER:
                assert hold.state not in (HoldState.OPEN, HoldState.SNOOZED)

    def _newly_applied(self) -> list[Row[Any]]:
        changes, lanes = tables.changes, tables.lanes
        query = (
            select(changes)
            .join(lanes, (lanes.c.run == changes.c.run) & (lanes.c.number == changes.c.lane))
            .where(lanes.c.applied_in > self.generation)
            .order_by(changes.c.seq)
        )
        with self.scene.desk.store.read() as connection:
            return list(connection.execute(query))

    def _allowed(self, run: str, going: set[int], changes: list[Change]) -> None:
        with self.scene.desk.store.read() as connection:
            seen = Seen(self.scene.desk, connection)
            row, holds = seen.runs[run], seen.holds
            waited = {hold for lane in going for hold in seen.lanes[run, lane].holds}
            waited |= {hold.id for hold in holds.values() if hold.run == run and hold.whole_run}
            planned = seen.changes[run]
            resting = {n for n, _ in planned if seen.lanes[run, n].pause is not None}
            merges = {m.run for m in seen.rows(tables.merges)}
        assert row.state in (RunState.APPLIED, RunState.HELD)
        pauses = pauses_of(self.scene)
        for hold in waited:
            assert self.agreement.enough(holds[hold], holds, row.applied_at, pauses), hold
        if row.kind == RunKind.SYNC:
            forced = [pause for pause in pauses if in_force(pause, row.applied_at)]
            assert not any(covers(pause, change) for pause in forced for change in changes)
            removed = {c.id for c in changes if c.kind is Kind.USER and c.verb is Verb.REMOVE}
            assert not removed & self.spoiled[run]
        if merges.isdisjoint({run, row.undo_of}):
            whole = {hold for hold in waited if holds[hold].rule == "R0" and holds[hold].whole_run}
            lanes = {n: {*seen.lanes[run, n].holds} | whole for n in going}
            self._losses_allowed(run, planned, resting, lanes)

    def _losses_allowed(
        self,
        run: str,
        planned: list[tuple[int, Change]],
        resting: set[int],
        going: dict[int, set[str]],
    ) -> None:
        """I2: what is over a limit went in by an approval, or not at all.

        ``going`` has the lanes that went in, with the approved holds that they waited for.
        """
        base, limits = self.bases[run], self.limits_of[run]
        followed = taken_over([change for _, change in planned])
        losses = [
            (lane, change)
            for position, (lane, change) in enumerate(planned)
            if _loses(change) and position not in followed and change.kind is not Kind.ROLE
        ]
        count: Base = Counter()
        for lane, change in losses:
            if lane not in resting:
                count.update(scopes(change.kind, change.school, change.role))
        for lane, change in losses:
            if lane not in going:
                continue
            for scope in scopes(change.kind, change.school, change.role):
                if count[scope] >= limits.removal_floor and (
                    count[scope] * 100 >= limits.removal_percent * base[scope]
                ):
                    self.seen["losses over a limit"] += 1
                    assert going[lane], (run, change.key, scope)

    def _count(self, changes: list[Change]) -> None:
        for change in changes:
            self.seen[f"{change.verb} applied"] += 1
            before = change.before or {}
            if (
                change.kind is Kind.USER
                and change.verb is Verb.UPDATE
                and "primary_org_id" in before
            ):
                self.seen["moves applied"] += 1
            if change.merged_into is not None:
                self.seen["re-links applied"] += change.kind is Kind.USER


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
