"""A folder of CSV files, and somebody who writes there meanwhile."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from rollbook.errors import InputRefused, SourceUnreachable
from rollbook.sources import folder
from rollbook.sources.oneroster_csv import read

from .small_set import SmallSet


def test_the_csv_files_are_copied_and_nothing_else(tmp_path: Path) -> None:
    source = SmallSet().write(tmp_path / "source")
    (source / "notes.txt").write_text("x")
    (source / "old").mkdir()
    (source / "old" / "rooms.csv").write_text("x")
    (source / "folder.csv").mkdir()
    (source / "EXTRA.CSV").write_text("x")
    folder.fetch(source, tmp_path / "into")
    names = {entry.name for entry in (tmp_path / "into").iterdir()}
    assert names == {f"{file}.csv" for file in SmallSet().rows} | {"EXTRA.CSV"}
    for name in names:
        assert (tmp_path / "into" / name).read_bytes() == (source / name).read_bytes()


def test_only_the_owner_may_read_the_copy(tmp_path: Path) -> None:
    into = tmp_path / "into"
    folder.fetch(SmallSet().write(tmp_path / "source"), into)
    assert stat.S_IMODE(into.stat().st_mode) == 0o700
    assert {stat.S_IMODE(entry.stat().st_mode) for entry in into.iterdir()} == {0o600}
    assert read(into) == SmallSet().read(tmp_path / "sound")


def _grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"x\n")


def _touch(path: Path) -> None:
    os.utime(path, ns=(1, 1))


def _come(path: Path) -> None:
    (path.parent / "alate.csv").write_text("x")


@pytest.mark.parametrize(
    ("change", "file"),
    [(_grow, "users.csv"), (_touch, "users.csv"), (Path.unlink, "users.csv"), (_come, "alate.csv")],
    ids=["40-size", "40-time", "40-gone", "40-new"],
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_file_that_changes_while_it_is_copied_is_refused(
    change: Callable[[Path], None],
    file: str,
    when: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = SmallSet().write(tmp_path / "source")
    copy = folder._copy

    def meddling(path: Path, target: Path) -> None:
        if when == "before" and path.name == "orgs.csv":
            change(source / "users.csv")
        copy(path, target)
        if when == "after" and path.name == "users.csv":
            change(source / "users.csv")

    monkeypatch.setattr(folder, "_copy", meddling)
    with pytest.raises(InputRefused) as refused:
        folder.fetch(source, tmp_path / "into")
    assert (refused.value.code, refused.value.file) == ("moved", file)
    assert refused.value.remedy


def test_40_a_copy_of_another_size_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "_copy", lambda _, target: target.write_bytes(b"x"))
    with pytest.raises(InputRefused) as refused:
        folder.fetch(SmallSet().write(tmp_path / "source"), tmp_path / "into")
    assert refused.value.code == "moved"


def test_a_folder_without_csv_files_is_unreachable(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    with pytest.raises(SourceUnreachable) as unreachable:
        folder.fetch(source, tmp_path / "into")
    assert unreachable.value.remedy
    (source / "a-file.txt").write_text("x")
    (source / "another").mkdir()
    (source / "export").mkdir()
    (source / "export" / "users.csv").write_text("x")
    with pytest.raises(SourceUnreachable, match="in export: name that folder"):
        folder.fetch(source, tmp_path / "into")
    (source / "archive").mkdir()
    (source / "set.zip").write_bytes(b"")
    with pytest.raises(SourceUnreachable, match=r"archive set\.zip in it"):
        folder.fetch(source, tmp_path / "into")


def test_a_file_that_cannot_be_copied_is_unreachable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device", str(target))

    source = SmallSet().write(tmp_path / "source")
    monkeypatch.setattr(folder, "_copy", full)
    with pytest.raises(SourceUnreachable, match="No space left") as unreachable:
        folder.fetch(source, tmp_path / "into")
    assert unreachable.value.remedy
