import json
from pathlib import Path

import click
import pytest

from rollbook import errors
from rollbook.cli.failures import INTERRUPTED, describe, fault, report

NAME = "Ada Lovelace"
REFUSED = errors.InputRefused(
    "The header has no sourcedId.",
    code="missing-header",
    file="users.csv",
    line=1,
    field="sourcedId",
    remedy="Export again.",
)


@pytest.mark.parametrize(
    ("error", "code", "exit_code"),
    [
        (errors.SourceUnreachable("x"), "source-unreachable", 1),
        (errors.Busy("x"), "busy", 1),
        (errors.ConfigInvalid("x"), "config-invalid", 2),
        (errors.NotFound("x"), "not-found", 2),
        (click.UsageError("x"), "usage", 2),
        (REFUSED, "missing-header", 4),
        (errors.NotPermitted("x"), "not-permitted", 5),
        (errors.Stale("x"), "stale", 6),
        (click.Abort(), "interrupted", INTERRUPTED),
    ],
)
def test_every_error_has_a_code_and_the_exit_code_of_the_contract(
    error: Exception, code: str, exit_code: int
) -> None:
    failure, ended = describe(error)
    assert (failure.code, ended) == (code, exit_code)


def test_an_error_is_one_document_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(REFUSED, as_json=True) == 4
    out, err = capsys.readouterr()
    assert err == ""
    assert json.loads(out) == {
        "error": {
            "code": "missing-header",
            "message": "The header has no sourcedId.",
            "remedy": "Export again.",
            "file": "users.csv",
            "line": 1,
            "field": "sourcedId",
        }
    }


def test_an_error_is_one_line_on_stderr_that_a_terminal_does_not_obey(
    capsys: pytest.CaptureFixture[str],
) -> None:
    error = errors.InputRefused("\x1b[2Jbad\nheader", code="x", file="a.csv", line=2, field="\x07f")
    assert report(error, as_json=False) == 4
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "rollbook: a.csv, line 2, field f: [2Jbad header\n"


def test_a_fault_is_logged_without_what_it_quotes(tmp_path: Path) -> None:
    def quote(name: str) -> None:
        raise KeyError(name)

    try:
        try:
            quote(NAME)
        except KeyError as cause:
            raise RuntimeError(f"row of {NAME}") from cause
    except RuntimeError as error:
        told = fault(error, tmp_path)
    logs = list((tmp_path / "logs").iterdir())
    text = logs[0].read_text(encoding="utf-8")
    assert told.exit_code == 1
    assert str(logs[0]) in told.remedy
    assert "RuntimeError" in told.message
    assert "RuntimeError" in text
    assert "KeyError" in text
    assert "in quote" in text
    assert NAME not in text + str(told)
    assert logs[0].stat().st_mode & 0o077 == 0


def test_a_fault_is_told_also_where_no_log_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("in the way", encoding="utf-8")
    assert "No log could be written" in fault(ValueError("secret"), tmp_path).remedy
