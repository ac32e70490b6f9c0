"""Whether this terminal can show the console."""

from __future__ import annotations

import os
import sys

HINT = "Every act has a command as well: see rollbook --help, and --json for scripts."


def why_not() -> str | None:
    """The sentence that says why the console cannot be shown here, or ``None`` if it can."""
    # Textual draws on the error stream.
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        return f"The console needs a terminal. {HINT}"
    if os.environ.get("TERM", "dumb") == "dumb":
        return f"The console cannot be drawn on this terminal (TERM=dumb). {HINT}"
    return None
