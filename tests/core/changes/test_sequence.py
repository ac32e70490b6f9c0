"""Changes in a file are the changes that were written, with the same columns and digest."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollbook.changes import spool
from rollbook.changes.columns import Columns
from rollbook.changes.consequences import consequences
from rollbook.changes.nothing import NO_CONSEQUENCES, NO_DIGEST
from rollbook.changes.positions import Positions
from rollbook.changes.sequence import Changes
from rollbook.changes.sorting import Sorter
from rollbook.changes.texts import writer_of
from rollbook.directory.audit import canonical
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Values

from .made_days import changeset

SEEDS = range(0, 60)


def spooled(folder: Path, changes: Iterator[Change]) -> Changes:
    """The changes in a file whose folder is gone already, as after a sync."""
    path = folder / "changes"
    made = Changes.spooled(path, changes)
    path.unlink()
    return made


@pytest.mark.parametrize("block", [1, 3, 256])
def test_a_file_gives_back_what_went_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(spool, "BLOCK", block)
    monkeypatch.setattr("rollbook.changes.sequence.BLOCK", block)
    seen = 0
    for seed in SEEDS:
        held = changeset(seed)[0].changes
        found = spooled(tmp_path, iter(held))
        assert (list(found), len(found), found.digest) == (list(held), len(held), held.digest)
        assert list(found.lines()) == list(held.lines())
        assert [found[at] for at in range(-len(held), 0)] == list(held)
        some = np.arange(0, len(held), 2, dtype=np.int32)
        assert list(found.at(some)) == list(held.at(some)) == list(held)[::2]
        assert list(found.ids(some)) == [change.id for change in held[::2]]
        seen += len(held)
        with pytest.raises(IndexError):
            found[len(held)]
    assert seen > 1_000


def the_same_columns(one: Columns, two: Columns) -> bool:
    same = [(one.shapes, one.schools) == (two.shapes, two.schools)]
    for name in ("shape", "school", "group", "traits", "id"):
        same.append(np.array_equal(getattr(one, name), getattr(two, name)))
    same += map(np.array_equal, one.slots, two.slots)
    for name in ("more", "given_up", "folded"):
        for part in ("places", "kinds", "hashes"):
            named = (getattr(getattr(of, name), part) for of in (one, two))
            same.append(np.array_equal(*named))
    return all(same)


def test_it_has_the_columns_of_what_went_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in SEEDS:
        held = changeset(seed)[0].changes
        monkeypatch.setattr("rollbook.changes.grouping.AT_ONCE", 10_000)
        one = Changes.of(tuple(held)).columns
        monkeypatch.setattr("rollbook.changes.grouping.AT_ONCE", 1 + seed % 5)
        assert the_same_columns(one, spooled(tmp_path, iter(held)).columns)


@pytest.mark.parametrize("block", [1, 2, 200])
def test_what_was_sorted_is_what_it_is_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr("rollbook.changes.sorting._BLOCK", block)
    for seed in SEEDS[:20]:
        held = changeset(seed)[0].changes
        mixed = list(held)
        Random(seed).shuffle(mixed)
        sorter = Sorter(tmp_path)
        for start in range(0, len(mixed), 7):
            sorter.add(mixed[start : start + 7])
        found = sorter.in_order(tmp_path / "changes")
        assert (list(found), found.digest) == (list(held), held.digest)
        assert list(found.lines()) == list(held.lines())
        assert the_same_columns(found.columns, held.columns)


def test_nothing_at_all_can_be_spooled(tmp_path: Path) -> None:
    found = spooled(tmp_path, iter(()))
    assert (list(found), len(found), found.digest) == ([], 0, Changes.of(()).digest)
    assert found == ()


def test_only_equal_changes_are_equal(tmp_path: Path) -> None:
    one, two = (Change(Kind.USER, Verb.ADD, name, None, {}) for name in ("a", "b"))
    assert Changes.of([one]) == spooled(tmp_path, iter([one]))
    assert Changes.of([one]) != Changes.of([two])
    assert Changes.of([one]) != Changes.of([one, two])


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def test_a_full_disk_is_told_and_leaves_no_file_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: int, data: memoryview) -> int:
        raise OSError(errno.ENOSPC, "no room")

    before = open_files()
    monkeypatch.setattr("rollbook.changes.spool.os.write", full)
    with pytest.raises(OSError, match="no room"):
        Changes.spooled(tmp_path / "changes", [Change(Kind.USER, Verb.ADD, "a", None, {})])
    assert open_files() == before


def test_the_file_is_closed_with_the_last_who_reads_it(tmp_path: Path) -> None:
    before = open_files()
    found = spooled(tmp_path, iter([Change(Kind.USER, Verb.ADD, "a", None, {})]))
    assert open_files() == before + 1
    del found
    assert open_files() == before


def test_what_is_written_in_parts_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr("rollbook.changes.spool.os.write", lambda f, data: write(f, data[:7]))
    changes = [Change(Kind.USER, Verb.ADD, f"u{at}", None, {"sms": "1"}) for at in range(40)]
    assert spooled(tmp_path, iter(changes)) == changes


def test_an_interrupted_file_keeps_nothing_open(tmp_path: Path) -> None:
    def broken() -> Iterator[Change]:
        yield Change(Kind.USER, Verb.ADD, "a", None, {})
        raise RuntimeError("the comparison broke")

    before = open_files()
    with pytest.raises(RuntimeError, match="broke"):
        Changes.spooled(tmp_path / "changes", broken())
    assert open_files() == before


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values: st.SearchStrategy[Values] = st.dictionaries(
    texts,
    st.one_of(texts, st.booleans(), st.lists(texts), st.dictionaries(texts, texts)),
)


@given(values)
def test_a_record_has_one_spelling_everywhere(record: Values) -> None:
    assert writer_of(tuple(record))([record, record]) == [canonical(record)] * 2


@given(st.sets(st.integers(0, 300)), st.sets(st.integers(0, 300)))
def test_positions_are_a_set(one: set[int], two: set[int]) -> None:
    first, second = Positions.of(one), Positions.of(two)
    assert (set(first), len(first)) == (one, len(one))
    assert [p in first for p in range(301)] == [p in one for p in range(301)]
    assert set(first | second) == one | two == set(first.with_these(second.places))
    assert set(first & second) == one & two
    assert (first == second) == (one == two)
    assert np.flatnonzero(first.mask(301)).tolist() == sorted(one)
    assert Positions.where(first.mask(301)) == first


def test_nothing_is_what_no_changes_come_to() -> None:
    assert Changes.of(()).digest == NO_DIGEST
    assert consequences(()) == NO_CONSEQUENCES
