"""Whether this terminal can show the console, and whether it is still there."""

from __future__ import annotations

import os
import signal
import sys
import time
from threading import Thread

HINT = "Every act has a command as well: see rollbook --help, and --json for scripts."

BETWEEN_LOOKS = 2.0
"""Seconds between two looks whether the terminal is still there."""


def end_with_the_terminal() -> None:
    """End this process when its terminal is gone, as a hangup would.

    The hangup reaches only the first process of the terminal; where that one waits for the console
    (``make`` does), the console would go on, and Textual read from nothing as fast as it can. What
    is being done to the store is one transaction: it is there whole or not at all.
    """
    Thread(target=_watch, args=(sys.stdin.fileno(),), daemon=True).start()


def _watch(terminal: int) -> None:
    while os.isatty(terminal):
        time.sleep(BETWEEN_LOOKS)
    os._exit(128 + signal.SIGHUP)


def why_not() -> str | None:
    """The sentence that says why the console cannot be shown here, or ``None`` if it can."""
    # Textual draws on the error stream.
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        return f"The console needs a terminal. {HINT}"
    if os.environ.get("TERM", "dumb") == "dumb":
        return f"The console cannot be drawn on this terminal (TERM=dumb). {HINT}"
    return None
