"""A check of a large set says what one of a small set does, in memory that hardly grows with it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from core.small_sis import small_sis
from core.sources.small_set import SmallSet
from rollbook.config.sources import OneRosterCsv
from rollbook.errors import InputRefused, RollbookError, SourceUnreachable
from rollbook.roster.findings import Finding
from rollbook.runs import read_through as reader
from rollbook.runs import slices
from rollbook.runs.read_through import ReadThrough, read_through

_ROW = 400
"""Bytes that a row may take beside the slice that is read: numbers, while the set is cut."""


def nothing(small: SmallSet) -> None:
    pass


def a_bad_row(small: SmallSet) -> None:
    small.set("enrollments", small.rows["enrollments"][1][0], "role", "wizard")


def a_row_of_nobody(small: SmallSet) -> None:
    small.rows["enrollments"].append(["", *small.rows["enrollments"][1][1:]])


def a_row_twice(small: SmallSet) -> None:
    small.rows["users"].append(list(small.rows["users"][1]))


def a_carriage_return(small: SmallSet) -> None:
    small.overwrite("users", small.text("users", "\r"))


def read_so(folder: Path, large: int, monkeypatch: pytest.MonkeyPatch) -> ReadThrough:
    monkeypatch.setattr(reader, "LARGE", large)
    monkeypatch.setattr(slices, "SLICE_ROWS", 2)
    return read_through(OneRosterCsv(path=folder), folder, folder / "pieces")


def told(findings: tuple[Finding, ...]) -> list[str]:
    return sorted(map(repr, findings))


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize(
    "edit", [nothing, a_bad_row, a_row_of_nobody, a_row_twice, a_carriage_return]
)
def test_in_slices_it_says_the_same(
    edit: Callable[[SmallSet], None],
    version: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = SmallSet(version)
    edit(small)
    folder = small.write(tmp_path)
    whole = read_so(folder, 1 << 20, monkeypatch)
    sliced = read_so(folder, 0, monkeypatch)
    assert (sliced.version, sliced.people, sliced.files) == (
        whole.version,
        whole.people,
        whole.files,
    )
    assert told(sliced.findings) == told(whole.findings)
    assert whole.people == 4


def test_in_slices_it_refuses_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = SmallSet("1.1")
    small.set("users", small.rows["users"][1][0], "status", "tobedeleted")
    folder = small.write(tmp_path)
    for large in (1 << 20, 0):
        with pytest.raises(InputRefused) as refused:
            read_so(folder, large, monkeypatch)
        assert (refused.value.code, refused.value.line) == ("status-in-bulk", 2)


def test_pieces_that_cannot_be_written_are_no_fault_of_the_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = SmallSet("1.1").write(tmp_path)
    (folder / "pieces" / "users-0.part").mkdir(parents=True)
    with pytest.raises(RollbookError) as broken:
        read_so(folder, 0, monkeypatch)
    assert not isinstance(broken.value, SourceUnreachable)
    assert f"could not be written into {folder}: Is a directory" in broken.value.message
    assert "Make room" in broken.value.remedy


def peak(students: int, folder: Path) -> tuple[int, int]:
    """The most bytes that were held, and the rows that were read."""
    set_ = small_sis(2, students, classes=2).write(folder)
    tracemalloc.start()
    came = read_through(OneRosterCsv(path=set_), set_, folder / "pieces")
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return held, sum(file.rows for file in came.files)


def test_memory_hardly_grows_with_the_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "SLICE_ROWS", 200)
    in_memory, _ = peak(600, tmp_path / "whole")
    monkeypatch.setattr(reader, "LARGE", 0)
    peak(60, tmp_path / "first")  # what is imported only now stays
    small, few = peak(60, tmp_path / "small")
    large, many = peak(600, tmp_path / "large")
    assert large - small < (many - few) * _ROW < in_memory / 2
