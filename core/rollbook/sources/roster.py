"""What a source delivers, whatever its dialect: records, and what may be concluded from them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

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
class Place:
    """Where a field of some records stands: file, column by its header, lines by record id."""

    file: str | None
    header: str
    lines: dict[str, int]


Places = Callable[[Kind, str, Collection[str]], Place]
"""Finds a field (second) of records (by id) of a kind again; what is not known is left out."""


def nowhere(kind: Kind, field_name: str, ids: Collection[str]) -> Place:
    """The place of a field of records that came from no file."""
    return Place(None, field_name, {})


@dataclass(frozen=True, slots=True)
class Roster:
    """One complete reading of a source.

    ``version`` is OneRoster's, ``1.1`` or ``1.2``. Every kind is a key of ``records`` and of
    ``protected``. Absence from ``records`` means gone only for the kinds in ``complete``, and
    never for an id in ``protected``: a quarantined row named it, so it is unknown. What belongs
    to a protected record (a user's roles and guardian links) is unknown with it, for the row may
    have been about to name others than those listed here. ``places`` finds a record again.
    """

    version: str
    records: dict[Kind, dict[str, Record]]
    complete: frozenset[Kind]
    protected: dict[Kind, frozenset[str]]
    findings: tuple[Finding, ...]
    files: tuple[FileFacts, ...]
    places: Places = field(default=nowhere, compare=False, repr=False)
