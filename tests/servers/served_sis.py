"""The small student information system, as tables for a server."""

from __future__ import annotations

from pathlib import Path

from core.small_sis import SmallSis, Version

from .roster_tables import Tables, tables_of


def tables(sis: SmallSis, folder: Path, version: Version = "1.2") -> Tables:
    """What the system exports; ``folder`` is written into."""
    return tables_of(sis.write(folder, version))
