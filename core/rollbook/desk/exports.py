"""Exports for people: CSV that a spreadsheet may open, and one JSON document a line."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import cast

from rollbook.config.home import expanded
from rollbook.desk.change_lists import ChangeList, changes
from rollbook.desk.decisions import hold
from rollbook.desk.desk import Desk
from rollbook.desk.views import ChangeFilter, ChangeRow, Finding
from rollbook.errors import ConfigInvalid, RollbookError
from rollbook.owner_only import owner_only_text
from rollbook.roster.records import Value

FORMATS = ("csv", "ndjson")

_COLUMNS = ("kind", "verb", "id", "school", "school_name", "label", "before", "after")
_FINDING_COLUMNS = (
    *("severity", "code", "file", "line", "field", "kind", "record", "rows"),
    *("message", "remedy"),
)
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_OBEYED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Control characters, which a terminal would obey, less tabs and ends of lines."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def change_lines(change_list: ChangeList, format: str) -> Iterator[str]:  # noqa: A002
    """The rows of a change list as lines with their ends, header first where there is one.

    Nothing in them depends on the run: the same changes give the same lines, byte for byte.
    """
    if format == "ndjson":
        for row in change_list:
            yield _json(_document(row)) + "\n"
        return
    if format != "csv":
        raise ConfigInvalid(f"no format {format!r}.", remedy=f"Use {' or '.join(FORMATS)}.")
    writer = csv.writer(_Line(), lineterminator="\n")
    yield cast(str, writer.writerow(_COLUMNS))
    for row in change_list:
        document = _document(row)
        yield cast(str, writer.writerow([_cell(document[column]) for column in _COLUMNS]))


def export_changes(
    desk: Desk,
    change_list: ChangeList,
    path: Path,
    format: str = "csv",  # noqa: A002
) -> int:
    """Write a change list to a file, whole or not at all; returns the rows written."""
    _write_atomically(path, change_lines(change_list, format))
    return len(change_list)


def export_hold(desk: Desk, hold_id: str, path: Path) -> int:
    """Write the changes that a hold keeps back to a CSV file; returns the rows written."""
    view = hold(desk, hold_id)
    return export_changes(desk, changes(desk, view.run, ChangeFilter(hold=hold_id)), path)


def export_findings(findings: Sequence[Finding], path: Path) -> int:
    """Write findings to a CSV file, whole or not at all; returns the rows written."""
    _write_atomically(path, _finding_lines(findings))
    return len(findings)


def _finding_lines(findings: Iterable[Finding]) -> Iterator[str]:
    writer = csv.writer(_Line(), lineterminator="\n")
    yield cast(str, writer.writerow(_FINDING_COLUMNS))
    for f in findings:
        place = (f.file, f.line, f.field, f.kind, f.record_id, f.count)
        cells = (f.severity, f.code, *place, f.message, f.remedy)
        yield cast(str, writer.writerow(map(_cell, cells)))


def _document(row: ChangeRow) -> dict[str, object]:
    return {
        "kind": row.kind,
        "verb": row.verb,
        "id": row.id,
        "school": row.school,
        "school_name": row.school_name,
        "label": row.label,
        "before": dict(sorted(row.before.items())) if row.before is not None else None,
        "after": dict(sorted(row.after.items())) if row.after is not None else None,
    }


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    if isinstance(value, dict):
        shown = "; ".join(f"{name}: {_plain(item)}" for name, item in value.items())
    else:
        shown = "" if value is None else str(value)
    shown = _OBEYED.sub(_escape, shown)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def _escape(found: re.Match[str]) -> str:
    return ascii(found[0])[1:-1]


def _plain(value: Value) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class _Line:
    """What a CSV writer writes to: it gives the line back."""

    def write(self, line: str) -> str:
        return line


def _write_atomically(path: Path, lines: Iterable[str]) -> None:
    target = expanded(path)
    temporary = target.with_name(f".{target.name}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with owner_only_text(temporary) as stream:
                stream.writelines(lines)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary, target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise RollbookError(
            f"cannot write {target}: {error.strerror}.", remedy="Choose another place."
        ) from None
