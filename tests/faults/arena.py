"""Where lives are lived: each act's beginning, kept, so that any act can be begun from it again."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from core.scene import NORTH, Scene
from core.scripted_clock import MORNING, Clock
from core.small_sis import SmallSis
from faults.acts import ACTS, Act, first_sis
from faults.invariants import check_all
from faults.points import DIED, Fault, Mode, Points
from postgres.server import Server
from rollbook.desk import auditing, decisions, history, pausing, people, syncing
from rollbook.desk.desk import Desk, open_desk
from rollbook.desk.views import HoldState, RunState, Verb
from rollbook.directory import journal, runs, tables
from rollbook.directory.apply import generation_of
from rollbook.directory.records import load_directory
from rollbook.directory.store import sqlite_url
from rollbook.errors import RollbookError
from rollbook.roster.accounts import Account
from rollbook.roster.kinds import Kind

PATIENCE = 120
"""Seconds without any work, or of work, after which a life is taken for one that hangs."""

HUNG = -1


@dataclass(frozen=True)
class Stage:
    """What there was before an act, and what there is to be after it.

    ``waiting`` has the holds that are open then, with their counts, ``newest`` the newest run.
    """

    act: Act
    files: Path
    database: str
    sis: SmallSis
    at: datetime
    waiting: tuple[tuple[str, int], ...]
    newest: str
    after: dict[str, Any]


@dataclass
class Told:
    """What a life told of itself: the act it came to, whether its fault happened, what it saw."""

    came_to: int
    code: int = 0
    fired: bool = False
    finished: bool = False
    points: list[str] = field(default_factory=list)
    error: str = ""
    problem: str = ""
    seen: Counter[str] = field(default_factory=Counter)


@dataclass
class Arena:
    """A home and a source in one place; ``server`` has the store, where it is not a file."""

    folder: Path
    server: Server | None
    database: str = ""
    stages: list[Stage] = field(default_factory=list)
    desk: Desk | None = None

    @property
    def home(self) -> Path:
        """The home folder."""
        return self.folder / "home"

    @property
    def drop(self) -> Path:
        """Where the source delivers."""
        return self.folder / "drop"

    @property
    def url(self) -> str:
        """The store's URL."""
        if self.server:
            return self.server.url(self.database)
        return sqlite_url(self.home / "store.db")

    def open(self, at: datetime) -> Scene:
        """A desk at a time, as a new process opens it."""
        clock = Clock(at)
        desk = open_desk(self.home, store_url=self.url, operator="sam", clock=clock)
        return Scene(desk, SmallSis({}), self.drop, clock)

    def deliver(self, stage: Stage) -> None:
        """What the source delivers for an act."""
        sis = stage.sis.copy()
        stage.act.edit(sis)
        sis.write(self.drop)
        if stage.act.breaks_input:
            users = (self.drop / "users.csv").read_text(encoding="utf-8")
            (self.drop / "users.csv").write_text(users[:-40], encoding="utf-8")

    def rewind(self, act: int) -> None:
        """Make the place what it was before an act."""
        stage = self.stages[act]
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(stage.files, self.home)
        if self.server:
            self.server.copy_over(stage.database, self.database)

    def keep(self, number: int) -> tuple[Path, str]:
        """Keep the place as it is now."""
        copy = self.folder / "kept" / str(number)
        self.home.mkdir(exist_ok=True)
        shutil.copytree(self.home, copy)
        return copy, self.server.new_database(self.database) if self.server else ""

    def others_are_gone(self) -> None:
        """Wait until the server has noticed that a process died."""
        if self.server:
            self.server.wait_until_left(self.database)


def prepared(folder: Path, server: Server | None) -> Arena:
    """An arena in which the undisturbed life has been lived once."""
    arena = Arena(folder, server, server.new_database() if server else "")
    sis = first_sis()
    for number, act in enumerate(ACTS):
        at = MORNING + timedelta(hours=number)
        files, database = arena.keep(number)
        before = sis.copy()
        act.edit(sis)
        stage = Stage(act, files, database, before, at, (), "", {})
        arena.deliver(stage)
        scene = arena.open(at)
        waiting = tuple((hold.id, hold.count) for hold in decisions.holds(scene.desk))
        newest = next((run.id for run in history.runs(scene.desk)), "")
        act.do(scene)
        after = standing(scene.desk)
        arena.stages.append(replace(stage, waiting=waiting, newest=newest, after=after))
        check_all(scene.desk)
        scene.close()
        arena.desk = scene.desk
    return arena


def standing(desk: Desk) -> dict[str, Any]:
    """What a district comes to, whatever the way: without ids, times and numbers of runs."""
    with desk.store.read() as connection:
        directory = load_directory(connection, NORTH)
        held = {
            kind: {i: [r.version, r.values] for i, r in records.items()}
            for kind, records in directory.items()
        }
        accounts = [
            [getattr(row, name) for name in Account._fields]
            for row in connection.execute(tables.accounts.select().order_by(tables.accounts.c.id))
        ]
        names = connection.execute(tables.account_names.select())
        ledger = sorted([row.namespace, row.name, row.account] for row in names)
        ticks = connection.execute(tables.checklist_ticks.select()).all()
        generation = generation_of(connection, NORTH)
    decided = Counter(
        f"{hold.rule} {hold.kind} {hold.verb} {hold.school} {hold.role} {hold.count} {hold.state}"
        for hold in decisions.holds(desk, NORTH, decided=True)
        if hold.state is not HoldState.SUPERSEDED
    )
    return json.loads(  # type: ignore[no-any-return]
        json.dumps(
            {
                "held": held,
                "accounts": accounts,
                "ledger": ledger,
                "generation": generation,
                "holds": dict(sorted(decided.items())),
                "merges": [(m.keep, m.lose, m.state) for m in people.merges(desk, NORTH)],
                "pauses": [
                    (p.school, p.resumed_at is None)
                    for p in pausing.pauses(desk, NORTH, ended=True)
                ],
                "ticks": [(row.step, row.done, row.who) for row in ticks],
            },
            default=str,
        )
    )


def differences(is_now: Any, should_be: Any, where: str = "") -> list[str]:
    """Where two standings differ, in words."""
    if is_now == should_be:
        return []
    if isinstance(is_now, dict) and isinstance(should_be, dict):
        names = sorted(is_now.keys() | should_be.keys())
        return [
            line
            for name in names
            for line in differences(is_now.get(name), should_be.get(name), f"{where}/{name}")
        ]
    return [f"{where}: {is_now!r} instead of {should_be!r}"]


def live(
    arena: Arena,
    act: int,
    fault: Fault | None,
    tell: Callable[[Told], None],
    *,
    until: int,
    late: int,
) -> Told:
    """Open a desk and go on from an act; with ``late`` lives before it, look around first.

    Without a fault the life is looked at after each act, and as a whole at its end.
    """
    points = Points(fault)
    points.put_in(arena.desk.store.engine if arena.desk else None)
    told = Told(act, points=points.names)
    scene: Scene | None = None
    while told.came_to < until:
        stage = arena.stages[told.came_to]
        arena.deliver(stage)
        at = stage.at + timedelta(minutes=2 * late)
        points.armed = True
        try:
            if scene is None:
                scene = arena.open(at)
                if late:
                    with points.off():
                        if points.fired:
                            # What a disk did not let go at this start goes with the next one.
                            scene.close()
                            scene = arena.open(at)
                        told.seen["invariants"] += check_all(scene.desk)
            else:
                scene.clock.now = at
            stage.act.do(scene)
        except (RollbookError, OSError, KeyboardInterrupt) as error:
            points.armed = False
            if not points.fired:
                raise
            told.fired = True
            tell(told)
            if isinstance(error, KeyboardInterrupt) or scene is None:
                if scene:
                    scene.close()
                return told
            # A console lives on after an error, at the same desk.
            told.seen["went on"] += 1
            late += 1
            points.fault, points.fired = None, False
            continue
        points.armed = False
        told.came_to += 1
        if fault is None and late:
            lines = differences(standing(scene.desk), stage.after)
            assert not lines, f"after {stage.act.name!r}: " + "; ".join(lines[:5])
        if not scene.desk.store.is_shared or fault is None:
            scene.close()
            scene = None
        tell(told)
    points.armed = False
    if scene is not None:
        scene.close()
    told.finished, told.fired = True, told.fired or points.fired
    if fault is None and late:
        _look_at_the_end(arena, told, late)
    return told


def _look_at_the_end(arena: Arena, told: Told, late: int) -> None:
    last = arena.stages[told.came_to - 1]
    scene = arena.open(last.at + timedelta(minutes=2 * late + 30))
    told.seen["invariants"] += check_all(scene.desk)
    with scene.desk.store.read() as connection:
        for run in runs.newest(connection, NORTH):
            for row in journal.of_run(connection, run.id):
                if row.verb == Verb.REMOVE and row.kind == Kind.USER:
                    told.seen["removals"] += 1
        counted = connection.execute(tables.account_counts.select())
        told.seen.update({f"accounts: {row.verb}": row.changes for row in counted})
    told.seen["holds"] += len(decisions.holds(scene.desk, NORTH, decided=True))
    told.seen["runs closed"] += sum(
        entry.event == "run.cancelled" for entry in auditing.audit(scene.desk, limit=100_000)
    )
    if told.came_to == len(arena.stages):
        assert syncing.sync(scene.desk, NORTH).summary.state is RunState.NOOP
    scene.close()


def in_a_child(arena: Arena, life: Callable[[Callable[[Told], None]], Told], begun: int) -> Told:
    """Live a life in a process of its own; what it told before it ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        code = 1
        try:
            os.close(reading)
            _end_with(writing, life)
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    lines = _lines(reading, child)
    _, status = os.waitpid(child, 0)
    arena.others_are_gone()
    told = Told(begun)
    for line in lines:
        told = Told(**json.loads(line))
        told.seen = Counter(told.seen)
    told.code = os.waitstatus_to_exitcode(status)
    if told.code == DIED:
        told.fired = True
    elif told.code == -signal.SIGKILL:
        told.problem = f"hung: {PATIENCE} seconds of work, or without any"
    elif told.code and not told.problem:
        told.problem = f"ended with {told.code}"
    return told


def _end_with(writing: int, life: Callable[[Callable[[Told], None]], Told]) -> None:
    write = os.write

    def tell(told: Told) -> None:
        write(writing, (json.dumps(vars(told) | {"points": []}) + "\n").encode())

    try:
        told = life(tell)
        text = json.dumps(vars(told)) + "\n"
    except BaseException:
        text = json.dumps({"came_to": -1, "problem": traceback.format_exc()}) + "\n"
    with open(writing, "w", encoding="utf-8") as stream:
        stream.write(text)


def _lines(reading: int, child: int) -> list[str]:
    """What a child writes until it ends; it is killed when it does not."""
    import select

    found = b""
    spent, until = 0.0, time.monotonic() + PATIENCE
    while True:
        ready, _, _ = select.select([reading], [], [], PATIENCE / 20)
        if not ready:
            if (now := _processor_seconds(child)) > spent:
                spent, until = now, time.monotonic() + PATIENCE
            if spent > PATIENCE or time.monotonic() > until:
                os.kill(child, signal.SIGKILL)
                break
            continue
        part = os.read(reading, 1 << 16)
        if not part:
            break
        found += part
    os.close(reading)
    return [line for line in found.decode().split("\n") if line]


def _processor_seconds(process: int) -> float:
    """How long a process has been at work; where others are, that is less than it lives."""
    _, fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)
    user, system = fields.split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Case:
    """A life from an act on, with faults that come one after another."""

    act: int
    faults: Sequence[Fault]
    until: int

    def __str__(self) -> str:
        what = ", ".join(f"{fault.mode} at {fault.at}" for fault in self.faults)
        return f"{ACTS[self.act].name!r}: {what}"


def count_points(arena: Arena) -> list[list[str]]:
    """The names of the points of each act, opening the desk included."""
    found = []
    for act in range(len(ACTS)):
        arena.rewind(act)
        told = one_life(arena, act, None, until=act + 1, late=0)
        assert not told.problem, told.problem
        found.append(told.points)
    return found


def suffer(arena: Arena, case: Case) -> tuple[str, Counter[str]]:
    """Live a case through to its end; what was wrong, if anything, and what was seen."""
    arena.rewind(case.act)
    seen: Counter[str] = Counter()
    at = case.act
    for late, fault in enumerate(case.faults):
        told = one_life(arena, at, fault, until=case.until, late=late)
        seen += told.seen
        if told.problem:
            return f"{case}: {told.problem}", seen
        if told.fired:
            seen["faults"] += 1
            seen[f"faults: {fault.mode}"] += 1
        at = min(told.came_to, case.until - 1)  # who comes next does not know how far it came
    problem, more = recover(arena, at, until=case.until, late=len(case.faults))
    return f"{case}: {problem}" if problem else "", seen + more


def recover(arena: Arena, act: int, *, until: int, late: int) -> tuple[str, Counter[str]]:
    """Go on from an act as the next process would, and look at everything."""
    arena.others_are_gone()
    told = one_life(arena, act, None, until=until, late=late)
    return told.problem, told.seen


def one_life(arena: Arena, act: int, fault: Fault | None, *, until: int, late: int) -> Told:
    """One life in a process of its own."""
    return in_a_child(
        arena, lambda tell: live(arena, act, fault, tell, until=until, late=late), act
    )


MODES = tuple(Mode)
