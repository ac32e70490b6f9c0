"""How old the newest files of a source may be before it is said, and before nobody leaves by them.

So it is with Remind, whose number this is; a file that nobody has looked after for a season says
little about who is still there.
"""

from __future__ import annotations

from datetime import datetime

from rollbook.config.sources import FileSource, RemindCsv, Source
from rollbook.roster.findings import Finding, Severity
from rollbook.sources.base import About

CODE = "upload-clock"

NO_REMOVALS_AFTER = 90
"""Days without a complete set after which nobody is taken out by changes only (C6)."""

WARN_BEFORE = 15
"""Days before that from which on it is said."""


def expects_uploads(source: Source) -> bool:
    """Whether a source is files that somebody has to send."""
    return isinstance(source, FileSource)


def overdue(source: Source, days: int) -> Finding | None:
    """What to say of a source whose newest complete set is as old as ``days``; mostly nothing."""
    if not expects_uploads(source) or days < NO_REMOVALS_AFTER - WARN_BEFORE:
        return None
    consequence = (
        f"Remind takes nobody out any more when none came for {NO_REMOVALS_AFTER} days."
        if isinstance(source, RemindCsv)
        else f"From {NO_REMOVALS_AFTER} days on, nobody is taken out by changes only (C6)."
    )
    return Finding(
        Severity.WARNING,
        CODE,
        f"The newest complete set of this source is {days:,} days old. {consequence}",
        "Have the whole export run again, even if nothing changed.",
    )


def days_since_whole(about: About, now: datetime) -> int | None:
    """How many days ago a complete set came last; ``None`` where nobody knows, and for an API,
    which is asked for everything every so often."""
    if about.complete_at is None:
        return None
    return (now - datetime.fromisoformat(about.complete_at)).days
