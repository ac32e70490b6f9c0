"""People who stand on one row or several: one user each, and a role at each of their orgs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rollbook.roster.kinds import role_group
from rollbook.sources.buckets import Buckets
from rollbook.sources.mapped_csv.cells import Cells, Row
from rollbook.sources.mapped_csv.mapping import People
from rollbook.sources.mapped_csv.taking import Taking, makers
from rollbook.sources.normal_form import NormalSet, Origin, listed

USERS, ROLES = "users.csv", "roles.csv"
LISTS = frozenset({"agentSourcedIds", "grades", "resourceSourcedIds", "userIds"})
"""Columns of a user whose values are joined where several rows speak of one person."""

_ID = "sourcedId"
_MOST_VERSIONS = 20
"""Versions of one person that are tried to be filled from another row: somebody with more is set
aside whatever comes, and an id such as ``0`` may stand on every row."""


class PeopleWriter:
    """Gathers the rows of one entry of ``people``."""

    def __init__(self, rows: People, cells: Cells, gathered: Buckets) -> None:
        self._taking = Taking(rows)
        self._makers = makers(rows, cells)
        self._role = cells.maker(rows.role) if rows.role else None
        self._orgs = cells.maker(rows.orgs) if rows.orgs else None
        self._gathered = gathered
        self.has_roles = rows.orgs is not None

    @property
    def columns(self) -> set[str]:
        """The columns of users.csv that its rows have."""
        return set(self._makers)

    def take(self, row: Row, normal: NormalSet, origin: Origin, number: int) -> None:
        """Gather what a row of the source says of a person."""
        for one in self._taking.rows(row):
            made = {name: make(one) for name, make in self._makers.items()}
            role = self._role(one) if self._role else ""
            orgs = self._orgs(one) if self._orgs else ""
            held = [role, orgs.split(",")] if self.has_roles else ["", []]
            self._gathered.add(made.get(_ID, ""), made, *held, origin.number, number)


@dataclass(slots=True)
class _Row:
    """What one row says: a user's cells, a role, the orgs where it is held (a blank one where none
    is named, none at all where roles have their own file), and whence."""

    user: dict[str, str]
    role: str
    orgs: list[str]
    origin: int
    number: int


def write_people(gathered: Buckets, normal: NormalSet, most: Mapping[str, int]) -> None:
    """Write everybody who was gathered. ``most`` is how many values a list of a user may have.

    The rows of one person are put into an order that hangs on what they say, not on where they
    stand, so that an export in another order says the same.
    """
    for user, kept in gathered.groups():
        rows = [_Row(*row) for row in kept]
        if not user:
            # There may be very many of nobody knows whom, and nothing to fill in.
            for row in rows:
                _write([row], [row], normal)
            continue
        if len(rows) == 1:
            _write_group(rows, normal, most)
            continue
        rows.sort(key=lambda row: (row.orgs, row.role, sorted(row.user.items())))
        groups: dict[str, list[_Row]] = {}
        for row in rows:
            groups.setdefault(role_group(row.role), []).append(row)
        for group in groups.values():
            _write_group(group, normal, most)


def _write_group(rows: list[_Row], normal: NormalSet, most: Mapping[str, int]) -> None:
    merged = _merged(rows)
    _write(merged, rows, normal)
    for column, limit in most.items():
        _warn_too_many(merged[0], column, limit, normal)


def _write(users: list[_Row], rows: list[_Row], normal: NormalSet) -> None:
    for row in users:
        normal.add(USERS, row.user, Origin(row.origin), row.number)
    user = rows[0].user.get(_ID, "")
    first = True
    for role, org, row in _roles(rows):
        origin = Origin(row.origin)
        if user:
            normal.add_role(user, role, org, origin, row.number, primary=first)
        else:
            # A role of nobody knows whom: its row is set aside, and no role counts as gone.
            normal.add(ROLES, {"role": role, "orgSourcedId": org}, origin, row.number)
        first = False


def _roles(rows: list[_Row]) -> Iterator[tuple[str, str, _Row]]:
    """Each role at each org once; a role at none is told only of those who have no other."""
    seen: set[tuple[str, str]] = set()
    somewhere = any(org for row in rows for org in row.orgs)
    for row in rows:
        for org in row.orgs:
            if (row.role, org) not in seen and (org or not somewhere):
                seen.add((row.role, org))
                yield row.role, org, row


def _merged(rows: list[_Row]) -> list[_Row]:
    """The rows joined as far as they do not contradict each other, blanks filled."""
    if len(rows) == 1:
        return rows
    merged: list[_Row] = []
    lists = {
        name: listed(sorted({i for row in rows for i in row.user.get(name, "").split(",")}))
        for name in LISTS
    }
    for row in rows:
        own = {n: c for n, c in row.user.items() if n not in LISTS}
        for known in merged[:_MOST_VERSIONS]:
            if all(not cell or known.user.get(n) in ("", None, cell) for n, cell in own.items()):
                known.user.update({n: cell for n, cell in own.items() if cell})
                known.number = _earlier(known, row)
                break
        else:
            merged.append(_Row(own, row.role, row.orgs, row.origin, row.number))
    for known in merged:
        known.user.update({name: cell for name, cell in lists.items() if cell})
    return merged


def _warn_too_many(user: _Row, column: str, limit: int, normal: NormalSet) -> None:
    count = sum(map(bool, user.user.get(column, "").split(",")))
    if count > limit:
        normal.findings.warn(
            "too-many",
            f"{count} values of {column}, where the format allows {limit}; all were read.",
            "Send no more than the format allows: other readers pass over the rest.",
            file=normal.name_of(Origin(user.origin)),
            line=user.number or None,
            field=column,
            record_id=user.user.get(_ID),
        )


def _earlier(known: _Row, row: _Row) -> int:
    return min(known.number, row.number) if known.origin == row.origin else known.number
