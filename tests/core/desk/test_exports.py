"""Exports: exact for machines, harmless for spreadsheets, whole or not at all."""

import csv
import io
import json
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.scene import Scene
from rollbook.desk import export_forms, exports
from rollbook.desk.change_lists import ChangeList, changes
from rollbook.desk.views import ChangeFilter, ChangeRow, Finding, Kind, Severity, Verb
from rollbook.errors import ConfigInvalid, RollbookError

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)"]


def test_what_a_terminal_would_obey_is_escaped_and_nothing_else() -> None:
    for letter in map(chr, [*range(0x3000), 0x1F600]):
        obeyed = unicodedata.category(letter) == "Cc" and letter not in "\t\r\n"
        assert export_forms.cell(f"a{letter}") == "a" + (ascii(letter)[1:-1] if obeyed else letter)


@pytest.fixture
def listed(scene: Scene) -> ChangeList:
    """People whose names are formulas, lines, markup and emoji."""
    names = [*FORMULAS, "Ann\u2028Lee", "[bold]Bo[/bold]", 'O"Neil, Al', "😀", "\u202eevil"]
    for number, name in enumerate(names):
        scene.sis.add_student("s1", f"new-{number}", familyName=name, givenName="")
    scene.sis.users["s1-01"]["email"] = ""
    view = scene.sync(preview=True)
    return changes(scene.desk, view.summary.id)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_csv_has_a_line_for_each_change_in_order(scene: Scene, listed: ChangeList) -> None:
    rows = rows_of("".join(exports.change_lines(listed, "csv")))
    assert [(row["kind"], row["verb"], row["id"]) for row in rows] == [
        (row.kind, row.verb, row.id) for row in listed
    ]
    update = next(row for row in rows if row["verb"] == "update")
    assert update["before"] == "email: s1-01@north.example.org"
    assert update["after"] == ""
    assert update["school_name"] == "School 1"


def test_no_cell_of_the_csv_is_a_formula(listed: ChangeList) -> None:
    text = "".join(exports.change_lines(listed, "csv"))
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    labels = {row["label"] for row in rows_of(text) if row["kind"] == "user"}
    assert {f"'{formula}" for formula in FORMULAS} <= labels


def test_ndjson_is_exact(listed: ChangeList) -> None:
    documents = [json.loads(line) for line in exports.change_lines(listed, "ndjson")]
    for document, row in zip(documents, listed, strict=True):
        assert document == {
            "kind": row.kind,
            "verb": row.verb,
            "id": row.id,
            "school": row.school,
            "school_name": row.school_name,
            "label": row.label,
            "before": row.before,
            "after": row.after,
        }
    assert {d["label"] for d in documents if d["kind"] == "user"} >= {*FORMULAS, "😀"}
    assert all(line.count("\n") == 1 for line in exports.change_lines(listed, "ndjson"))


def test_a_file_has_what_the_lines_have_and_is_for_its_owner_alone(
    scene: Scene, listed: ChangeList, tmp_path: Path
) -> None:
    for form in exports.FORMATS:
        path = tmp_path / "new" / f"list.{form}"
        assert exports.export_changes(scene.desk, listed, path, form) == len(listed)
        assert path.read_bytes().decode() == "".join(exports.change_lines(listed, form))
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(file.name for file in (tmp_path / "new").iterdir()) == ["list.csv", "list.ndjson"]


def test_a_filter_filters_the_file_too(scene: Scene, listed: ChangeList, tmp_path: Path) -> None:
    some = changes(scene.desk, listed.run, ChangeFilter(kind=Kind.USER, verb=Verb.UPDATE))
    assert exports.export_changes(scene.desk, some, tmp_path / "x.csv") == 1
    assert len(rows_of((tmp_path / "x.csv").read_text(encoding="utf-8"))) == 1


class Interrupted(ChangeList):
    """A list that breaks off."""

    def __iter__(self) -> Iterator[ChangeRow]:
        yield from self.rows(0, 3)
        raise KeyboardInterrupt


def test_a_file_is_written_whole_or_not_at_all(
    scene: Scene, listed: ChangeList, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("yesterday's", encoding="utf-8")
    broken = Interrupted(*(getattr(listed, name) for name in ChangeList.__dataclass_fields__))
    with pytest.raises(KeyboardInterrupt):
        exports.export_changes(scene.desk, broken, path)
    assert path.read_text(encoding="utf-8") == "yesterday's"
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_said(
    scene: Scene, listed: ChangeList, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RollbookError, match="cannot write"):
        exports.export_changes(scene.desk, listed, tmp_path / "file" / "list.csv")
    (tmp_path / "folder").mkdir()
    with pytest.raises(RollbookError, match="cannot write"):
        exports.export_changes(scene.desk, listed, tmp_path / "folder")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["file", "folder"]


def test_a_format_that_there_is_not_is_said_before_anything_is_written(
    scene: Scene, listed: ChangeList, tmp_path: Path
) -> None:
    with pytest.raises(ConfigInvalid, match="xml"):
        exports.export_changes(scene.desk, listed, tmp_path / "x", "xml")
    assert list(tmp_path.iterdir()) == []


def test_a_long_list_is_read_page_by_page(
    scene: Scene, listed: ChangeList, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = list(listed)
    monkeypatch.setattr("rollbook.desk.change_lists.PAGE", 7)
    assert list(listed) == whole
    for start, stop in ((0, 3), (5, 9), (len(whole) - 2, len(whole) + 5), (-3, 2), (9, 9)):
        assert listed.rows(start, stop) == whole[max(start, 0) : max(stop, 0)]
    some = changes(scene.desk, listed.run, ChangeFilter(search="new-"))
    assert some.rows(2, 6) == [row for row in whole if "new-" in f"{row.label}{row.id}"][2:6]


def test_a_search_takes_its_signs_for_signs(scene: Scene, listed: ChangeList) -> None:
    assert len(changes(scene.desk, listed.run, ChangeFilter(search="%"))) == 0
    assert len(changes(scene.desk, listed.run, ChangeFilter(search="EMO"))) == 0
    assert {r.id for r in changes(scene.desk, listed.run, ChangeFilter(search="[BOLD]"))} >= {
        "new-5"
    }


def test_a_csv_for_people_commands_no_terminal(scene: Scene) -> None:
    scene.sis.add_student("s1", "evil")
    scene.sis.users["evil"]["givenName"] = "E\x1b[31mvil"
    run = scene.sync()
    text = "".join(exports.change_lines(changes(scene.desk, run.summary.id), "csv"))
    assert "\x1b" not in text
    assert r"E\x1b[31mvil" in text


def test_findings_are_written_as_no_formulas_and_without_what_a_terminal_obeys(
    tmp_path: Path,
) -> None:
    found = Finding(
        *(Severity.ERROR, "bad-date", "Not a date: \x1b[31m.", "Mend it."),
        file="GET /users, page 2",
        line=7,
        record_id="=1+1",
    )
    assert exports.export_findings((found,), tmp_path / "f.csv") == 1
    [row] = csv.DictReader((tmp_path / "f.csv").read_text().splitlines())
    assert row["record"] == "'=1+1"
    assert row["message"] == "Not a date: \\x1b[31m."
    assert (row["file"], row["line"], row["rows"]) == ("GET /users, page 2", "7", "1")
