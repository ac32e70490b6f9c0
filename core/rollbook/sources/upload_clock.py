"""Formats whose receiver expects files every so often."""

from __future__ import annotations

from rollbook.config.sources import RemindCsv, Source
from rollbook.roster.findings import Finding, Severity

CODE = "upload-clock"

REMIND_DAYS = 90
"""Remind stops taking people out by itself when no files came for so many days."""

WARN_BEFORE = 15
"""Days before that from which on it is said."""


def expects_uploads(source: Source) -> bool:
    """Whether a source's receiver counts the days since the last files."""
    return isinstance(source, RemindCsv)


def overdue(source: Source, days: int) -> Finding | None:
    """What to say of a source whose newest files are as old as ``days``; mostly nothing."""
    if not expects_uploads(source) or days < REMIND_DAYS - WARN_BEFORE:
        return None
    return Finding(
        Severity.WARNING,
        CODE,
        f"The newest files of this source are {days:,} days old. Remind takes nobody out any more "
        f"when none came for {REMIND_DAYS} days.",
        "Have the export run again, even if nothing changed.",
    )
