"""What is wrong with a row or a file, said so that it can be mended where it came from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rollbook.roster.kinds import Kind


class Severity(StrEnum):
    """An error quarantines the row and protects its id; a warning is only said."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. ``line`` counts from 1, the header; ``message`` never holds a person's name.

    ``code`` is short and stable (``dangling-reference``), for filters and for scripts.
    ``count`` says how many rows a collected finding speaks for; ``line`` is then the first.
    """

    severity: Severity
    code: str
    message: str
    remedy: str = ""
    file: str | None = None
    line: int | None = None
    field: str | None = None
    kind: Kind | None = None
    record_id: str | None = None
    count: int = 1
