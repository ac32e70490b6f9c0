"""Changes of a delta are the same in memory and on disk, where there is room for any number."""

from __future__ import annotations

import tracemalloc
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from core.deltas import write_delta
from core.small_sis import small_sis
from rollbook.sources.base import About, Base
from rollbook.sources.oneroster_csv import changes_by_id
from rollbook.sources.oneroster_csv.changes_by_id import ChangesById, DeltaRow
from rollbook.sources.oneroster_csv.delta import complete

NOW = datetime(2026, 9, 1, tzinfo=UTC)


def test_what_is_on_disk_is_what_was_put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes_by_id, "AT_ONCE", 20)
    chance, model = Random(4), dict[str, DeltaRow]()
    path = tmp_path / "changes.db"
    with closing(ChangesById(path)) as changes:
        assert not changes
        for line in range(2, 402):
            record = f"é-{chance.randrange(60)}"
            known = changes.get(record)
            assert known == model.get(record)
            if known is not None and line % 5 == 0:
                changes.drop(record)
                del model[record]
                continue
            cells = None if line % 7 == 0 else [record, 'a "b"', "", f"{line}"]
            model[record] = DeltaRow(line, cells, f"stamp {line}")
            changes.put(record, model[record], known)
        assert changes
        assert path.stat().st_mode & 0o777 == 0o600
        taken = [row for row in model.values() if row.line % 2]
        assert [changes.take(row) for row in taken] == [True] * len(taken)
        assert not changes.take(taken[0])
        rest = [row for row in model.values() if row not in taken]
        assert list(changes.left()) == sorted(rest, key=lambda row: row.line)
    assert not path.exists()


@pytest.mark.parametrize("at_once", [2, 20])
def test_those_that_take_away_can_be_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(changes_by_id, "AT_ONCE", at_once)
    with closing(ChangesById(tmp_path / "changes.db")) as changes:
        for line in range(2, 8):
            cells = None if line % 2 else [f"id-{line}"]
            changes.put(f"id-{line}", DeltaRow(line, cells, "stamp"), None)
        changes.keep_nobody_going()
        assert changes.get("id-3") is None
        assert [row.line for row in changes.left()] == [2, 4, 6]


def peak(students: int, folder: Path) -> tuple[int, bytes]:
    """The most bytes that were held while everybody of a set changed, and what came of them."""
    before = small_sis(2, students, classes=2)
    after = before.copy()
    for user in after.users.values():
        user["middleName"] = "X"
    base = Base(before.write(folder / "base"), "s1", About("oneroster-csv"))
    came = write_delta(before, after, folder / "came", NOW.isoformat())
    tracemalloc.start()
    complete(came, base, folder / "whole", None, NOW)
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert not (came / "changes.db").exists()
    return held, (folder / "whole" / "users.csv").read_bytes()


def test_memory_does_not_grow_with_a_delta(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_memory, plainly = peak(600, tmp_path / "memory")
    monkeypatch.setattr(changes_by_id, "AT_ONCE", 100)
    small, _ = peak(100, tmp_path / "small")
    large, whole = peak(600, tmp_path / "large")
    assert whole == plainly
    assert whole.count(b",X,") > 2_000
    assert large < small + 400_000 < in_memory


def test_a_disk_that_is_full_is_told_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = small_sis()
    after = before.copy()
    for user in after.users.values():
        user["middleName"] = "X"
    base = Base(before.write(tmp_path / "base"), "s1", About("oneroster-csv"))
    came = write_delta(before, after, tmp_path / "came", NOW.isoformat())
    monkeypatch.setattr(changes_by_id, "AT_ONCE", 1)
    full = (*changes_by_id._TABLES, "PRAGMA max_page_count = 3")
    monkeypatch.setattr(changes_by_id, "_TABLES", full)
    with pytest.raises(OSError, match="disk is full"):
        complete(came, base, tmp_path / "whole", None, NOW)
    assert not (came / "changes.db").exists()
