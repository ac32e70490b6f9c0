"""Exports for people: CSV that a spreadsheet may open, and one JSON document a line."""

from __future__ import annotations

import csv
import io
import json
import os
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from rollbook.config.home import expanded
from rollbook.desk.change_lists import ChangeList, changes
from rollbook.desk.decisions import hold
from rollbook.desk.desk import Desk
from rollbook.desk.views import ChangeFilter, ChangeRow
from rollbook.errors import ConfigInvalid, RollbookError
from rollbook.roster.records import Value

FORMATS = ("csv", "ndjson")

_COLUMNS = ("kind", "verb", "id", "school", "school_name", "label", "before", "after")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def change_lines(change_list: ChangeList, format: str) -> Iterator[str]:  # noqa: A002
    """The rows of a change list as lines with their ends, header first where there is one.

    Nothing in them depends on the run: the same changes give the same lines, byte for byte.
    """
    if format == "ndjson":
        for row in change_list:
            yield json.dumps(_document(row), ensure_ascii=False, separators=(",", ":")) + "\n"
        return
    if format != "csv":
        raise ConfigInvalid(f"no format {format!r}.", remedy=f"Use {' or '.join(FORMATS)}.")
    yield _csv_line(_COLUMNS)
    for row in change_list:
        document = _document(row)
        yield _csv_line(_cell(document[column]) for column in _COLUMNS)


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
    shown = "".join(map(_harmless, shown))
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def _harmless(letter: str) -> str:
    """A letter as it is; a control character, which a terminal would obey, as its escape."""
    obeyed = unicodedata.category(letter) == "Cc" and letter not in "\t\r\n"
    return ascii(letter)[1:-1] if obeyed else letter


def _plain(value: Value) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _csv_line(cells: Iterable[str]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _write_atomically(path: Path, lines: Iterable[str]) -> None:
    target = expanded(path)
    temporary = target.with_name(f".{target.name}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
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
