"""What a source delivers, whatever its dialect: records, and what may be concluded from them."""

from __future__ import annotations

from dataclasses import dataclass

from rollbook.roster.findings import Finding
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Record


@dataclass(frozen=True, slots=True)
class FileFacts:
    """One file that was read: its data rows, and how many of them were set aside for an error."""

    name: str
    rows: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Roster:
    """One complete reading of a source.

    ``version`` is OneRoster's, ``1.1`` or ``1.2``. Every kind is a key of ``records`` and of
    ``protected``. Absence from ``records`` means gone only for the kinds in ``complete``, and
    never for an id in ``protected``: a quarantined row named it, so it is unknown. What belongs
    to a protected record (a user's roles and guardian links) is unknown with it, for the row may
    have been about to name others than those listed here.
    """

    version: str
    records: dict[Kind, dict[str, Record]]
    complete: frozenset[Kind]
    protected: dict[Kind, frozenset[str]]
    findings: tuple[Finding, ...]
    files: tuple[FileFacts, ...]
