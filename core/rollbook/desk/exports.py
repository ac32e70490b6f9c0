"""Exports for people: CSV that a spreadsheet may open, and one JSON document a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rollbook.desk.account_exports import account_change_lines
from rollbook.desk.account_lists import account_changes
from rollbook.desk.account_views import AccountChangeFilter
from rollbook.desk.change_lists import ChangeList, changes
from rollbook.desk.decisions import hold
from rollbook.desk.desk import Desk
from rollbook.desk.export_forms import FORMATS, csv_lines, lines_in, write_atomically
from rollbook.desk.views import ChangeFilter, ChangeRow, Finding

__all__ = ["FORMATS", "change_lines", "export_changes", "export_findings", "export_hold"]

_COLUMNS = ("kind", "verb", "id", "school", "school_name", "label", "before", "after")
_FINDING_COLUMNS = (
    *("severity", "code", "file", "line", "field", "kind", "record", "rows"),
    *("message", "remedy"),
)


def change_lines(change_list: ChangeList, format: str) -> Iterator[str]:  # noqa: A002
    """The rows of a change list as lines with their ends, header first where there is one.

    Nothing in them depends on the run: the same changes give the same lines, byte for byte.
    """
    return lines_in(format, _COLUMNS, map(_document, change_list))


def export_changes(
    desk: Desk,
    change_list: ChangeList,
    path: Path,
    format: str = "csv",  # noqa: A002
) -> int:
    """Write a change list to a file, whole or not at all; returns the rows written."""
    write_atomically(path, change_lines(change_list, format))
    return len(change_list)


def export_hold(desk: Desk, hold_id: str, path: Path) -> int:
    """Write the changes that a hold keeps back to a CSV file; returns the rows written."""
    view = hold(desk, hold_id)
    if view.of_accounts:
        kept = account_changes(desk, view.run, AccountChangeFilter(hold=hold_id))
        write_atomically(path, account_change_lines(kept, "csv"))
        return len(kept)
    return export_changes(desk, changes(desk, view.run, ChangeFilter(hold=hold_id)), path)


def export_findings(findings: Sequence[Finding], path: Path) -> int:
    """Write findings to a CSV file, whole or not at all; returns the rows written."""
    write_atomically(path, csv_lines(_FINDING_COLUMNS, _finding_documents(findings)))
    return len(findings)


def _finding_documents(findings: Iterable[Finding]) -> Iterator[dict[str, object]]:
    for f in findings:
        place = (f.file, f.line, f.field, f.kind, f.record_id, f.count)
        yield dict(
            zip(_FINDING_COLUMNS, (f.severity, f.code, *place, f.message, f.remedy), strict=True)
        )


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
