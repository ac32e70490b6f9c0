"""Every item by the command line: its exit code, its document, and nothing that a name says."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from bad_inputs import csv_damage, csv_dialect, packing, roster_meaning
from bad_inputs.corpus import BadInput, Outcome
from bad_inputs.csv_dialect import CONSOLE, FORMULA
from bad_inputs.packing import ARCHIVE, packed
from cli.program import Program
from core.scene import NORTH, Scene, configure_quietly
from rollbook.cli import main

EXIT_CODES = {
    Outcome.REFUSED: {4},
    Outcome.SET_ASIDE: {0},
    Outcome.HELD: {3},
    Outcome.TAKEN: {0},
    Outcome.NOBODY_LOST: {0, 3},
}

_CASES = [*csv_damage.CASES, *csv_dialect.CASES, *roster_meaning.CASES, *packing.CASES]
FIRST_OF_EACH = {case.number: case for case in reversed(_CASES)}
APART = (1, 13, 21, 30, 33, 42, 45, 63, 72)
"""Items for which the program is started in a process of its own."""


def _deliver(scene: Scene, case: BadInput) -> None:
    if case in packing.CASES:
        scene.sis.write(scene.drop)
        packed()(scene.drop)
        configure_quietly(scene, source={"path": scene.drop / ARCHIVE})
    case.deliver(scene.sis, scene.drop)


@pytest.mark.parametrize("number", sorted(FIRST_OF_EACH))
def test_exit_code_and_document(
    number: int,
    scene: Scene,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = FIRST_OF_EACH[number]
    before = scene.users().keys()
    _deliver(scene, case)
    monkeypatch.setenv("ROLLBOOK_HOME", str(scene.desk.home.root))
    monkeypatch.delenv("ROLLBOOK_STORE", raising=False)
    capsys.readouterr()
    code = main(["sync", NORTH, "--json"])
    answer = capsys.readouterr()
    assert code in EXIT_CODES[case.outcome], answer.err
    _document_tells(json.loads(answer.out), case, code)
    assert scene.users().keys() >= before
    assert "Traceback" not in answer.out + answer.err


def _document_tells(run: dict[str, Any], case: BadInput, code: int) -> None:
    states = {0: ("APPLIED", "NOOP"), 3: ("HELD",), 4: ("INPUT_REFUSED",)}
    assert run["state"] in states[code]
    assert {item["code"] for item in run["findings"]["items"]} >= set(case.codes)
    assert all(item["remedy"] for item in run["findings"]["items"])
    if code == 3:
        assert run["holds"]
        assert all(hold["count"] and hold["why"] for hold in run["holds"])
    if code == 4:
        assert run["error"]["code"] in case.codes
        assert run["error"]["message"]
        assert run["error"]["remedy"]
        assert run["error"]["file"] == case.file
        assert run["changeset"]["digest"] is None
        assert not any(sum(verbs.values()) for verbs in run["applied"].values())


@pytest.mark.parametrize("number", APART)
def test_the_program_tells_it_in_words(number: int, scene: Scene) -> None:
    case = FIRST_OF_EACH[number]
    _deliver(scene, case)
    answer = Program(scene.desk.home.root)("sync", NORTH)
    assert answer.code in EXIT_CODES[case.outcome], answer.err
    said = answer.out + answer.err
    assert "Given" not in said
    assert "Family" not in said
    if case.outcome is Outcome.REFUSED and case.file:
        assert case.file in said


@pytest.mark.parametrize("name", [FORMULA, CONSOLE], ids=["37-formula", "38-escape-and-markup"])
def test_37_38_a_name_is_only_ever_text(name: str, scene: Scene) -> None:
    """On a terminal nothing in it is obeyed; a list for a spreadsheet never begins a formula."""
    scene.sis.users["s1-20"]["givenName"] = name
    run = scene.sync().summary.id
    program = Program(scene.desk.home.root)
    for command in (("student", NORTH, "s1-20"), ("changes", run), ("changes", run, "--json")):
        answer = program(*command)
        assert answer.code == 0
        assert not {"\x1b", "\x9b"} & set(answer.out + answer.err)
    listed = program("changes", run, "--format", "csv").out
    cells = [cell for row in csv.reader(io.StringIO(listed), strict=True) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]
    assert "\x1b" not in listed
    assert ("cmd" if name is FORMULA else "Zed") in listed
