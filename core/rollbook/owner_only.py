"""Files that their owner alone may read: they hold pupils' data, or say where secrets are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO, TextIO


def owner_only(path: Path, *, buffering: int = -1) -> BinaryIO:
    """A file to write bytes into, new or emptied. Raises ``OSError``."""
    return os.fdopen(_opened(path), "wb", buffering=buffering)


def owner_only_text(path: Path) -> TextIO:
    """A file to write text into, UTF-8 with line ends as given, new or emptied.

    Raises ``OSError``.
    """
    return os.fdopen(_opened(path), "w", encoding="utf-8", newline="")


def _opened(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
