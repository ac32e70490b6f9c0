"""Lists of accounts and of what runs make happen to them: windows, however long they are."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select

from rollbook.changes.labels import person_name
from rollbook.config.home import find_district
from rollbook.desk.account_views import (
    AccountChangeFilter,
    AccountChangeRow,
    AccountFilter,
    AccountRow,
)
from rollbook.desk.change_lists import PAGE, Told, lanes_told
from rollbook.desk.desk import Desk
from rollbook.directory import account_changes as saved
from rollbook.directory import changesets, holds, runs
from rollbook.directory.accounts import account_of
from rollbook.directory.among import among
from rollbook.directory.run_schools import names_around
from rollbook.directory.tables import RECORD_TABLES
from rollbook.directory.tables import account_changes as changes_table
from rollbook.directory.tables import accounts as accounts_table
from rollbook.roster.accounts import AccountVerb
from rollbook.roster.kinds import Kind, RoleGroup

_USERS = RECORD_TABLES[Kind.USER]
_NAMES = (
    *("given_name", "family_name", "preferred_given_name", "preferred_family_name"),
    "primary_org_id",
)


@dataclass(frozen=True, slots=True)
class AccountList:
    """The accounts of a district that fit a filter, by person. No rows are held, only ids."""

    desk: Desk
    district: str
    _ids: Sequence[str] = field(repr=False)

    def __len__(self) -> int:
        return len(self._ids)

    def rows(self, start: int, stop: int) -> list[AccountRow]:
        """The rows from ``start`` up to, not including, ``stop``; fewer at the end."""
        wanted = list(self._ids[max(start, 0) : max(stop, 0)])
        if not wanted:
            return []
        with self.desk.store.read() as connection:
            found = account_rows(connection, self.district, wanted)
        return [found[person] for person in wanted if person in found]

    def __iter__(self) -> Iterator[AccountRow]:
        for start in range(0, len(self), PAGE):
            yield from self.rows(start, start + PAGE)


def accounts(desk: Desk, district_id: str, filter: AccountFilter = AccountFilter()) -> AccountList:  # noqa: A002, B008
    """The accounts of a district that fit a filter. Raises ``NotFound``."""
    find_district(desk.home, district_id)
    query = (
        select(accounts_table.c.person)
        .where(accounts_table.c.district == district_id)
        .order_by(accounts_table.c.person)
    )
    if filter.state is not None:
        query = query.where(accounts_table.c.state == filter.state)
    if filter.role is not None:
        query = query.where(accounts_table.c.role == filter.role)
    if filter.password_due:
        query = query.where(accounts_table.c.password_due)
    if filter.search:
        query = query.outerjoin(_USERS, _same_person()).where(
            or_(
                *(
                    column.icontains(filter.search, autoescape=True)
                    for column in (
                        *(accounts_table.c[name] for name in ("person", "username", "email")),
                        *(_USERS.c[name] for name in _NAMES[:4]),
                    )
                )
            )
        )
    with desk.store.read() as connection:
        return AccountList(desk, district_id, list(connection.execute(query).scalars()))


def _same_person() -> Any:
    return and_(
        _USERS.c.district == accounts_table.c.district, _USERS.c.id == accounts_table.c.person
    )


def account_rows(
    connection: Connection, district: str, people: Sequence[str]
) -> dict[str, AccountRow]:
    """The accounts of some people with what these are called, by person."""
    query = (
        select(accounts_table, *(_USERS.c[name].label(f"of_{name}") for name in _NAMES))
        .outerjoin(_USERS, _same_person())
        .where(
            accounts_table.c.district == district,
            among(connection, accounts_table.c.person, people),
        )
    )
    return {row.person: _account_row(row) for row in connection.execute(query)}


def _account_row(row: Row[Any]) -> AccountRow:
    account = account_of(row)
    values = {name: getattr(row, f"of_{name}") for name in _NAMES}
    return AccountRow(
        id=account.id,
        person=account.person,
        label=person_name(values) or account.person,
        role=account.role,
        school=values["primary_org_id"],
        username=account.username,
        email=account.email,
        ou=account.ou,
        groups=account.groups,
        state=account.state,
        reason=account.reason,
        suspend_on=_day(account.suspend_on),
        delete_on=_day(account.delete_on),
        password_due=account.password_due,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@dataclass(frozen=True, slots=True)
class AccountChangeList:
    """The account changes of a run that fit a filter, in order. No rows are held."""

    desk: Desk
    run: str
    filter: AccountChangeFilter
    digest: str | None
    _numbers: array[int] = field(repr=False)
    _lanes: Told = field(repr=False)
    _names: dict[str, str] = field(repr=False)

    def __len__(self) -> int:
        return len(self._numbers)

    def rows(self, start: int, stop: int) -> list[AccountChangeRow]:
        """The rows from ``start`` up to, not including, ``stop``; fewer at the end."""
        wanted = self._numbers[max(start, 0) : max(stop, 0)]
        if not len(wanted):
            return []
        with self.desk.store.read() as connection:
            query = select(changes_table).where(
                changes_table.c.run == self.run,
                among(connection, changes_table.c.seq, list(wanted)),
            )
            rows = connection.execute(query.order_by(changes_table.c.seq))
            return [self._row(row) for row in rows]

    def __iter__(self) -> Iterator[AccountChangeRow]:
        for start in range(0, len(self), PAGE):
            yield from self.rows(start, start + PAGE)

    def _row(self, row: Row[Any]) -> AccountChangeRow:
        lane, hold = self._lanes[row.lane]
        return AccountChangeRow(
            seq=row.seq,
            verb=AccountVerb(row.verb),
            account=row.account,
            person=row.person,
            label=row.label,
            role=RoleGroup(row.role),
            school=row.school,
            school_name=self._names.get(row.school or "", row.school or ""),
            before=row.before,
            after=row.after,
            lane=lane,
            hold=hold,
        )


def account_changes(
    desk: Desk,
    run_id: str,
    filter: AccountChangeFilter = AccountChangeFilter(),  # noqa: A002, B008
) -> AccountChangeList:
    """The account changes of a run that fit a filter. Raises ``NotFound``."""
    with desk.store.read() as connection:
        row = runs.get(connection, run_id)
        query = saved.matching(
            run_id,
            verb=filter.verb,
            school=filter.school,
            search=filter.search,
            numbers=_behind(connection, run_id, filter.hold),
        ).with_only_columns(changes_table.c.seq)
        return AccountChangeList(
            desk=desk,
            run=run_id,
            filter=filter,
            digest=row.digest,
            _numbers=array("q", connection.execute(query).scalars()),
            _lanes=lanes_told(connection, row),
            _names=names_around(connection, row),
        )


def _behind(connection: Connection, run: str, hold: str | None) -> list[int] | None:
    """The lanes that wait for a hold: all, where it keeps the whole run back."""
    if hold is None or holds.get(connection, hold).whole_run:
        return None
    lanes = changesets.lanes_of(connection, run)
    return [number for number, lane in lanes.items() if hold in lane.holds]
