"""Rows of a source that become rows of one file of the normal set."""

from __future__ import annotations

from rollbook.roster.records import derived_id, role_id
from rollbook.sources.buckets import Buckets
from rollbook.sources.mapped_csv.cells import Cells, Row
from rollbook.sources.mapped_csv.mapping import Records
from rollbook.sources.mapped_csv.taking import Taking, makers
from rollbook.sources.normal_form import NormalSet, Origin
from rollbook.sources.normal_form.columns import FACT_FILES

_ID = "sourcedId"


class RecordWriter:
    """Writes the rows of one entry of ``records``; ``gathered`` takes those that must be
    distinct."""

    def __init__(self, rows: Records, cells: Cells, gathered: Buckets | None) -> None:
        self.to = rows.to
        self._taking = Taking(rows)
        self._makers = makers(rows, cells)
        self._gathered = gathered

    @property
    def columns(self) -> set[str]:
        """The columns that its rows have."""
        return set(self._makers)

    def take(self, row: Row, normal: NormalSet, origin: Origin, number: int) -> None:
        """Write what a row of the source says."""
        for one in self._taking.rows(row):
            made = {name: make(one) for name, make in self._makers.items()}
            if _ID not in made and self.to not in FACT_FILES:
                made[_ID] = _own_id(self.to, made)
            if self._gathered is None:
                normal.add(self.to, made, origin, number)
            else:
                self._gathered.add(made[_ID], made, origin.number, number)


def write_distinct(gathered: Buckets, file: str, normal: NormalSet) -> None:
    """Write the gathered rows of a file, the same ones once."""
    for _, rows in gathered.groups():
        seen: list[dict[str, str]] = []
        for made, origin, number in rows:
            if made not in seen:
                seen.append(made)
                normal.add(file, made, Origin(origin), number)


def _own_id(file: str, made: dict[str, str]) -> str:
    """The id of a record to which its source gives none; blank where what it needs is blank."""
    if file == "roles.csv":
        parts = [made.get(name, "") for name in ("userSourcedId", "role", "orgSourcedId")]
        return role_id(*parts) if all(parts) else ""
    if file == "enrollments.csv":
        parts = [made.get(name, "") for name in ("classSourcedId", "userSourcedId", "role")]
        return derived_id(*parts) if all(parts) else ""
    return ""
