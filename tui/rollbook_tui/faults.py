"""Faults: what the console writes down about them, which is never what it was showing.

A traceback goes to ``logs/console.log`` without messages and without values, because either
might hold a pupil's name.
"""

from __future__ import annotations

import os
import traceback
from datetime import datetime
from pathlib import Path

FILE = "console.log"
MOST_BYTES = 512_000


def note(folder: Path, error: BaseException, at: datetime) -> Path | None:
    """Write down what kind of error it was and where in the code; the file, if it was written."""
    path = folder / FILE
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    try:
        if path.exists() and path.stat().st_size > MOST_BYTES:
            os.replace(path, path.with_suffix(".old.log"))
        with path.open("a", encoding="utf-8") as log:
            log.write("\n".join([f"{at.isoformat()} {type(error).__name__}", *places]) + "\n")
    except OSError:
        return None
    return path


def fault_words(error: BaseException, path: Path | None) -> str:
    """What an operator is told."""
    where = f"Where in the code is in {path}." if path else "It could not be written down."
    return f"{type(error).__name__}. Nothing was half done. {where}"
