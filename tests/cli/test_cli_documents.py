import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from rollbook.cli.documents import emit, emit_stream, plain
from rollbook.desk.views import Counts, Kind, Verb


@dataclass(frozen=True)
class View:
    at: datetime
    day: date
    kind: Kind
    numbers: dict[Kind, Counts]
    pairs: tuple[tuple[str, Path], ...]
    nothing: None = None


def test_a_view_becomes_a_document_in_snake_case_with_iso_times() -> None:
    east = timezone(timedelta(hours=2))
    view = View(
        at=datetime(2026, 8, 10, 12, 30, tzinfo=east),
        day=date(2026, 8, 10),
        kind=Kind.USER,
        numbers={Kind.CLASS: Counts(add=3)},
        pairs=(("a", Path("/srv/x")),),
    )
    document = plain(view)
    assert document == {
        "at": "2026-08-10T10:30:00Z",
        "day": "2026-08-10",
        "kind": "user",
        "numbers": {"class": {**dict.fromkeys(Counts.__slots__, 0), "add": 3}},
        "pairs": [["a", "/srv/x"]],
        "nothing": None,
    }
    assert json.loads(json.dumps(document)) == document


def test_a_document_has_no_character_that_a_terminal_obeys(
    capsys: pytest.CaptureFixture[str],
) -> None:
    emit({"label": "\x1b[2J\x9b31m\u202eZoë"})
    printed = capsys.readouterr().out
    assert printed.isascii()
    assert "\x1b" not in printed
    assert json.loads(printed) == {"label": "\x1b[2J\x9b31m\u202eZoë"}


@pytest.mark.parametrize("rows", [[], [{"a": 1}], [{"a": 1}, {"a": "two"}]])
def test_a_streamed_document_is_one_document(
    rows: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    head = {"run": "x.1", "count": len(rows)}
    emit_stream(head, "changes", iter(rows))
    assert json.loads(capsys.readouterr().out) == {**head, "changes": rows}


def test_a_datetime_is_not_taken_for_its_date() -> None:
    assert plain(datetime(2026, 1, 2, tzinfo=UTC)) == "2026-01-02T00:00:00Z"
    assert plain(Verb.ADD) == "add"


def test_a_document_is_indented_for_who_looks_at_it_and_for_nobody_else(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    document = {"runs": [{"id": "north.1"}]}
    emit(document)
    plainly = capsys.readouterr().out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    emit(document)
    shown = capsys.readouterr().out
    assert len(plainly.splitlines()) == 1
    assert len(shown.splitlines()) > 3
    assert json.loads(plainly) == json.loads(shown) == document
