"""Accounts and their changes as CSV for people, or as one JSON document a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from rollbook.desk.account_lists import AccountChangeList, AccountList
from rollbook.desk.account_views import AccountChangeRow, AccountRow
from rollbook.desk.export_forms import lines_in, write_atomically

_CHANGE_COLUMNS = (
    *("verb", "person", "label", "role", "school", "school_name", "before", "after", "lane"),
)
_COLUMNS = (
    *("person", "label", "role", "school", "username", "email", "ou", "groups", "state"),
    *("reason", "suspend_on", "delete_on", "password_due"),
)


def account_change_lines(rows: AccountChangeList, format: str) -> Iterator[str]:  # noqa: A002
    """A list of account changes as lines with their ends. Raises ``ConfigInvalid``."""
    return lines_in(format, _CHANGE_COLUMNS, map(_change, rows))


def account_lines(rows: Iterable[AccountRow], format: str) -> Iterator[str]:  # noqa: A002
    """Accounts as lines with their ends. Raises ``ConfigInvalid``."""
    return lines_in(format, _COLUMNS, map(_account, rows))


def export_accounts(rows: AccountList, path: Path, format: str = "csv") -> int:  # noqa: A002
    """Write accounts to a file, whole or not at all; returns the rows written."""
    write_atomically(path, account_lines(rows, format))
    return len(rows)


def export_account_changes(
    rows: AccountChangeList,
    path: Path,
    format: str = "csv",  # noqa: A002
) -> int:
    """Write account changes to a file, whole or not at all; returns the rows written."""
    write_atomically(path, account_change_lines(rows, format))
    return len(rows)


def _change(row: AccountChangeRow) -> dict[str, object]:
    return {
        "verb": row.verb.value,
        "person": row.person,
        "label": row.label,
        "role": row.role.value,
        "school": row.school,
        "school_name": row.school_name,
        "before": row.before,
        "after": row.after,
        "lane": row.lane.value,
    }


def _account(row: AccountRow) -> dict[str, object]:
    return {
        "person": row.person,
        "label": row.label,
        "role": row.role.value,
        "school": row.school,
        "username": row.username,
        "email": row.email,
        "ou": row.ou,
        "groups": "; ".join(row.groups),
        "state": row.state.value,
        "reason": row.reason.value if row.reason else None,
        "suspend_on": row.suspend_on.isoformat() if row.suspend_on else None,
        "delete_on": row.delete_on.isoformat() if row.delete_on else None,
        "password_due": "yes" if row.password_due else "no",
    }
