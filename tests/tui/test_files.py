"""Files that the console writes are whole, private and safe in a spreadsheet."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from rollbook.errors import RollbookError
from rollbook_tui.files import csv_lines, write_lines


def test_lines_are_written_and_counted_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "list.txt"
    assert write_lines(path, ["a\n", "b\n"]) == 2
    assert path.read_text() == "a\nb\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_place_that_cannot_be_written_is_told_without_leftovers(tmp_path: Path) -> None:
    taken = tmp_path / "folder"
    taken.mkdir()
    with pytest.raises(RollbookError, match="cannot write") as caught:
        write_lines(taken, ["a"])
    assert caught.value.remedy == "Choose another place."
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_file_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"

    def broken() -> Iterator[str]:
        yield "a\n"
        assert not path.exists()
        raise OSError(28, "No space left on device")

    with pytest.raises(RollbookError, match="No space left"):
        write_lines(path, broken())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_is_a_formula(value: str) -> None:
    assert list(csv_lines(("head",), [(value,)]))[1] in {f"'{value}\n", f'"\'{value}"\n'}


def test_nothing_is_an_empty_cell_and_commas_are_quoted() -> None:
    assert list(csv_lines(("a", "b", "c"), [(None, "x,y", 3)])) == ["a,b,c\n", ',"x,y",3\n']
