"""Where an export is written to."""

from __future__ import annotations

from pathlib import Path

import pytest

from rollbook_tui.dialogs.save_as import SaveAs, free_path, typed_path


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    names = []
    for _ in range(3):
        path = free_path(tmp_path, "northfield.12-changes", ".csv")
        path.touch()
        names.append(path.name)
    assert names == [
        "northfield.12-changes.csv",
        "northfield.12-changes-2.csv",
        "northfield.12-changes-3.csv",
    ]


def test_a_tilde_is_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert typed_path("~/list.csv") == tmp_path / "list.csv"


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ("", "Give the name of a file."),
        ("list", "The name must end in .csv or .ndjson."),
        ("list.txt", "The name must end in .csv or .ndjson."),
        ("~/taken.csv", "There is a file of that name already; give another name."),
        ("~/free.csv", ""),
        ("~/free.ndjson", ""),
    ],
)
def test_what_is_wrong_with_a_name_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: str, wrong: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "taken.csv").touch()
    question = SaveAs("the list", tmp_path / "list.csv", (".csv", ".ndjson"))
    assert question._problem(answer) == wrong
