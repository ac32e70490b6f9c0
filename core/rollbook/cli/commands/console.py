"""Open the console."""

from __future__ import annotations

import importlib
import os
import sys

import click

from rollbook import collector
from rollbook.cli.groups import Command
from rollbook.cli.settings import Settings, settings

TWINS = "rollbook districts, rollbook holds, rollbook sync ID, rollbook hold approve HOLD"


@click.command(cls=Command, examples=("rollbook", "rollbook console --read-only"))
@click.pass_context
def console(ctx: click.Context) -> int:
    """Open the console: every district, what is held, and keys to decide.

    Needs a terminal. Everything the console does is a command, too.
    """
    chosen = settings(ctx)
    if chosen.json:
        raise click.UsageError(f"The console prints no JSON. Its twins do: {TWINS}.", ctx)
    require_terminal()
    return open_console(chosen)


def open_console(chosen: Settings) -> int:
    """Open the console and return its exit code."""
    app = importlib.import_module("rollbook_tui.app")
    with collector.running():
        result = app.run_console(chosen.home, chosen.store, chosen.read_only)
    return result if isinstance(result, int) else 0


def require_terminal() -> None:
    """Refuse where no screen can be drawn. Raises ``click.UsageError`` with what to use instead."""
    if os.environ.get("TERM") == "dumb":
        reason = "TERM is dumb"
    elif not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        reason = "input, output or the error stream is none"
    else:
        return
    raise click.UsageError(
        f"The console needs a terminal, and {reason}. "
        f"Everything it does is a command, too: {TWINS}."
    )
