"""A changeset is judged and saved the same whether its changes are in memory or in a file."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import Connection, Table, select

from core.changes.made_days import changeset
from core.changes.made_rosters import Held
from rollbook.changes import spool
from rollbook.changes.changeset import Changeset
from rollbook.changes.sequence import Changes
from rollbook.config.district import District, Thresholds
from rollbook.config.sources import OneRosterCsv
from rollbook.directory import runs, tables
from rollbook.directory.audit import Actor
from rollbook.directory.changesets import Fingerprint
from rollbook.directory.pauses import PauseRow
from rollbook.directory.store import Store, open_store, sqlite_url
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.states import RunKind
from rollbook.runs.marks import Marks
from rollbook.runs.prepare import save_changeset

ACTOR = Actor("sam", datetime(2026, 3, 2, 12, 0, tzinfo=UTC))
SAVED = (
    tables.runs,
    tables.holds,
    tables.lanes,
    tables.lane_holds,
    tables.lane_counts,
    tables.changes,
    tables.confirmations,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(sqlite_url(tmp_path / "store.db"))
    yield store
    store.close()


def district(random: Random) -> District:
    limits = Thresholds(
        removal_floor=random.randint(1, 6),
        removal_percent=random.choice([1, 10, 50]),
        removal_cap_enrollment=random.choice([3, 2500]),
        removal_cap_user=random.choice([2, 250]),
        rekey_floor=random.randint(1, 5),
        update_floor=random.randint(1, 6),
        surge_floor=random.choice([3, 50]),
    )
    return District(id="d", name="D", source=OneRosterCsv(path=Path("/nowhere")), thresholds=limits)


def pauses(random: Random) -> list[PauseRow]:
    made = [
        SimpleNamespace(
            id=f"d.p{at}",
            school=random.choice([None, "s0", "s1"]),
            kinds=random.choice([[], [Kind.USER, Kind.ROLE], [Kind.ENROLLMENT]]),
            verbs=random.choice([[], [Verb.REMOVE], [Verb.ADD, Verb.UPDATE]]),
            roles=random.choice([[], ["student"], ["staff", "guardian"]]),
        )
        for at in range(random.choice([0, 0, 1, 2]))
    ]
    return cast(list[PauseRow], made)


def marks(random: Random, held: Held, changed: Changeset) -> Marks:
    keys = {change.key for change in changed.changes}
    keys |= {(kind, record_id) for kind in Kind for record_id in held[kind]}
    chosen = [key for key in sorted(keys) if random.random() < 0.5]
    return Marks({key: Fingerprint(at, random.choice([None, 3])) for at, key in enumerate(chosen)})


def saved(store: Store, found: Changeset, held: Held, seed: int, tell: Counter[str]) -> list[Any]:
    """Every row that a changeset leaves in a store that is empty before and after."""
    random = Random(seed)
    with store.write() as connection:
        part = connection.begin_nested()
        run = runs.create(connection, ACTOR, "d", RunKind.SYNC)
        row = save_changeset(
            connection,
            ACTOR,
            runs.get(connection, run),
            found,
            district(random),
            generation=0,
            pauses=pauses(random),
            first=seed % 10 == 0,
            review="Look." if seed % 5 == 0 else "",
            marks=marks(random, held, found),
        )
        tell[row.state] += 1
        rows = [_rows(connection, table) for table in SAVED]
        tell.update(f"{hold['rule']}" for hold in rows[1])
        tell["paused"] += sum(lane["pause"] is not None for lane in rows[2])
        part.rollback()
    return rows


def _rows(connection: Connection, table: Table) -> list[dict[str, Any]]:
    query = select(table).order_by(*table.primary_key.columns)
    return [dict(row._mapping) for row in connection.execute(query)]


def test_in_memory_and_in_a_file(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "BLOCK", 4)
    monkeypatch.setattr("rollbook.changes.sequence.BLOCK", 4)
    seen: Counter[str] = Counter()
    for seed in range(2_000, 2_080):
        found, held = changeset(seed)
        spooled = Changes.spooled(tmp_path / "changes", iter(found.changes))
        in_a_file = replace(found, changes=spooled, digest=spooled.digest)
        one = saved(store, found, held, seed, seen)
        assert one == saved(store, in_a_file, held, seed, seen)
        assert len(one[5]) == len(found.changes)
    rules = {f"R{number}" for number in (0, 1, 2, 4, 5, 6, 7, 9)}
    assert {what for what in seen if seen[what] > 1} >= {*rules, "READY", "HELD", "NOOP", "paused"}
