"""How an error is told: one line or one JSON document, and an exit code."""

from __future__ import annotations

import json
import re
import traceback
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from rollbook.cli.plain import visible
from rollbook.errors import InputRefused, RollbookError

INTERRUPTED = 130
"""What shells give for a program that ``ctrl+c`` ended."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as ``--json`` prints it; ``code`` is short and stable."""

    code: str
    message: str
    remedy: str = ""
    file: str | None = None
    line: int | None = None
    field: str | None = None


class Fault(RollbookError):
    """Something that rollbook did not reckon with."""


def describe(error: Exception) -> tuple[Failure, int]:
    """The failure that an error is, and its exit code."""
    if isinstance(error, InputRefused):
        place = (error.file, error.line, error.field)
        return Failure(error.code, error.message, error.remedy, *place), error.exit_code
    if isinstance(error, RollbookError):
        return Failure(_kebab(type(error).__name__), error.message, error.remedy), error.exit_code
    if isinstance(error, click.UsageError):
        path = error.ctx.command_path if error.ctx is not None else "rollbook"
        return Failure("usage", error.format_message(), f"See {path} --help."), 2
    if isinstance(error, click.ClickException):
        return Failure("usage", error.format_message()), 2
    return Failure("interrupted", "Interrupted."), INTERRUPTED


def document_of(error: Exception) -> dict[str, object]:
    """The error as ``--json`` prints it."""
    return {"error": asdict(describe(error)[0])}


def tell(error: Exception) -> str:
    """The error in one line: where, what, and what to do."""
    failure, _ = describe(error)
    where = failure.file or ""
    if failure.line is not None:
        where += f", line {failure.line}"
    if failure.field is not None:
        where += f", field {failure.field}"
    parts = (f"{where}:" if where else "", failure.message, failure.remedy)
    return visible(" ".join(filter(None, parts)))


def report(error: Exception, *, as_json: bool) -> int:
    """Tell the error, on stdout as a document or on stderr in a line; return its exit code."""
    if as_json:
        click.echo(json.dumps(document_of(error), indent=2))
    else:
        click.echo(f"rollbook: {tell(error)}", err=True)
    return describe(error)[1]


def fault(error: Exception, home: Path) -> Fault:
    """The fault that an unforeseen error is; where it came from goes into a log file.

    The error's own text stays out of both: it may quote a record.
    """
    name = type(error).__name__
    try:
        log = _write_log(error, home / "logs")
    except OSError:
        return Fault(f"rollbook failed ({name}).", remedy="No log could be written.")
    return Fault(f"rollbook failed ({name}).", remedy=f"What happened is in {log}.")


def _write_log(error: BaseException, folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = datetime.now(UTC)
    path = folder / f"fault-{now:%Y%m%dT%H%M%S%fZ}.log"
    lines = [f"{now.isoformat()}\n"]
    seen: BaseException | None = error
    while seen is not None:
        lines += [f"{type(seen).__module__}.{type(seen).__qualname__}\n"]
        lines += traceback.format_tb(seen.__traceback__)
        seen = seen.__cause__ or seen.__context__
    path.write_text("".join(lines), encoding="utf-8")
    path.chmod(0o600)
    return path


def _kebab(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
