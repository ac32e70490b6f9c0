"""The result of checks, as the doctor and a district's check print it."""

from __future__ import annotations

from collections.abc import Sequence

import click

from rollbook.cli.documents import emit, plain
from rollbook.cli.settings import settings
from rollbook.cli.tables import Column, Styled, print_table
from rollbook.desk.views import Check


def print_checks(ctx: click.Context, checks: Sequence[Check], *, failed: int) -> int:
    """Print the checks; the exit code is ``failed`` when one of them is not ok."""
    ok = all(check.ok for check in checks)
    if settings(ctx).json:
        emit({"ok": ok, "checks": plain(checks)})
    else:
        columns = [Column("check"), Column("result"), Column("detail", wraps=True)]
        print_table(
            columns,
            [
                (
                    check.name,
                    Styled("ok", "cyan") if check.ok else Styled("failed", "bold dark_orange"),
                    _detail(check),
                )
                for check in checks
            ],
        )
    return 0 if ok else failed


def _detail(check: Check) -> str:
    if check.ok or not check.hint:
        return check.detail
    return f"{check.detail.removesuffix('.')}. {check.hint}"
