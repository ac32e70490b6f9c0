"""Reading accounts and the ledger of names ever given, and what is known of their derivation."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Row,
    Select,
    and_,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)
from xxhash import xxh3_64_intdigest

from rollbook.directory.among import among
from rollbook.directory.records import batches
from rollbook.directory.tables import (
    RECORD_TABLES,
    account_bases,
    account_changes,
    account_names,
    accounts,
    runs,
)
from rollbook.directory.tables import account_waiting as waiting_table
from rollbook.roster.accounts import Account, AccountReason, AccountState, AccountVerb
from rollbook.roster.kinds import GUARDIAN_ROLES, Kind, RoleGroup
from rollbook.roster.records import Values

_COLUMNS = tuple(accounts.c[name] for name in Account._fields)
_USERS = RECORD_TABLES[Kind.USER]


def account_of(row: Row[Any]) -> Account:
    """A row of the table as an account."""
    return Account(
        row.id,
        row.person,
        RoleGroup(row.role),
        row.username,
        row.email,
        row.ou,
        tuple(row.groups),
        AccountState(row.state),
        AccountReason(row.reason) if row.reason else None,
        row.suspend_on,
        row.delete_on,
        row.password_due,
    )


def by_person(connection: Connection, district: str, people: Iterable[str]) -> dict[str, Account]:
    """The accounts of some people, by person."""
    found = _where_among(connection, district, accounts.c.person, people)
    return {account.person: account for account in found}


def by_id(connection: Connection, district: str, ids: Iterable[str]) -> dict[str, Account]:
    """The accounts of some ids."""
    found = _where_among(connection, district, accounts.c.id, ids)
    return {account.id: account for account in found}


def _where_among(
    connection: Connection, district: str, column: Column[Any], values: Iterable[str]
) -> Iterator[Account]:
    for batch in batches(values):
        query = select(*_COLUMNS).where(
            accounts.c.district == district, among(connection, column, batch)
        )
        yield from map(account_of, connection.execute(query))


def person_with(connection: Connection, district: str, account: str) -> str | None:
    """The person who has an account, by the account's id."""
    query = select(accounts.c.person).where(
        accounts.c.district == district, accounts.c.id == account
    )
    return connection.execute(query).scalar_one_or_none()


def ids_taken(connection: Connection, district: str, ids: Iterable[str]) -> set[str]:
    """Those of some ids that are ids of accounts."""
    found: set[str] = set()
    for batch in batches(ids):
        query = select(accounts.c.id).where(
            accounts.c.district == district, among(connection, accounts.c.id, batch)
        )
        found.update(connection.execute(query).scalars())
    return found


def owners(
    connection: Connection, district: str, namespace: str, names: Iterable[str]
) -> dict[str, str]:
    """The accounts to which those of some names were given that ever were."""
    found: dict[str, str] = {}
    for batch in batches(names):
        query = select(account_names.c.name, account_names.c.account).where(
            account_names.c.district == district,
            account_names.c.namespace == namespace,
            among(connection, account_names.c.name, batch),
        )
        found.update((row.name, row.account) for row in connection.execute(query))
    return found


def names_of(
    connection: Connection, district: str, ids: Iterable[str]
) -> set[tuple[str, str, str]]:
    """All names that were ever given to some accounts: namespace, name and account."""
    found: set[tuple[str, str, str]] = set()
    for batch in batches(ids):
        query = select(account_names.c.namespace, account_names.c.name, account_names.c.account)
        query = query.where(
            account_names.c.district == district, among(connection, account_names.c.account, batch)
        )
        found.update((row[0], row[1], row[2]) for row in connection.execute(query))
    return found


def hashes_of_names(connection: Connection, district: str, namespace: str) -> array[int]:
    """The hashes (XXH3) of all names that were ever given in a namespace, in order."""
    # Whoever asks for a few names, or for none, does without numpy.
    import numpy as np

    query = select(account_names.c.name).where(
        account_names.c.district == district, account_names.c.namespace == namespace
    )
    found = array("Q")
    rows = connection.execute(query, execution_options={"yield_per": 10_000}).scalars()
    for some in rows.partitions():
        found.extend(xxh3_64_intdigest(name.encode()) for name in some)
    return array("Q", np.sort(np.frombuffer(found, np.uint64)).tobytes())


def is_first(connection: Connection, district: str) -> bool:
    """Whether no name has been given in the district yet."""
    query = select(account_names.c.name).where(account_names.c.district == district).limit(1)
    return connection.execute(query).first() is None


def ever_created(connection: Connection, district: str, role: str) -> bool:
    """Whether an account was ever made for somebody of a role; who came to it later had one."""
    made = (
        select(account_changes.c.account)
        .join(runs, runs.c.id == account_changes.c.run)
        .where(
            account_changes.c.account == accounts.c.id,
            account_changes.c.verb == AccountVerb.CREATE,
            account_changes.c.role == role,
            runs.c.district == district,
        )
    )
    query = select(accounts.c.id).where(accounts.c.district == district, made.exists()).limit(1)
    return connection.execute(query).first() is not None


def count(connection: Connection, district: str) -> int:
    """Accounts that there are or were."""
    query = select(func.count()).select_from(accounts).where(accounts.c.district == district)
    return connection.execute(query).scalar_one()


def count_active(connection: Connection, district: str) -> int:
    """Accounts that are in use."""
    query = (
        select(func.count())
        .select_from(accounts)
        .where(accounts.c.district == district, accounts.c.state == AccountState.ACTIVE)
    )
    return connection.execute(query).scalar_one()


def count_active_at(
    connection: Connection, district: str, schools: Iterable[str]
) -> dict[str, int]:
    """Accounts in use of the people of some schools."""
    same = and_(_USERS.c.district == accounts.c.district, _USERS.c.id == accounts.c.person)
    query = (
        select(_USERS.c.primary_org_id, func.count())
        .select_from(accounts)
        .join(_USERS, same)
        .where(
            accounts.c.district == district,
            accounts.c.state == AccountState.ACTIVE,
            among(connection, _USERS.c.primary_org_id, sorted(schools)),
        )
        .group_by(_USERS.c.primary_org_id)
    )
    return {school: int(number) for school, number in connection.execute(query)}


def to_suspend(connection: Connection, district: str, today: date) -> list[str]:
    """The people whose accounts are due to be suspended."""
    query = select(accounts.c.person).where(
        accounts.c.district == district,
        accounts.c.suspend_on.is_not(None),
        accounts.c.suspend_on <= today.isoformat(),
    )
    return list(connection.execute(query).scalars())


def _deletable(
    connection: Connection, district: str, today: date, excluded: Collection[str], *columns: Any
) -> Select[Any]:
    here = (
        select(_USERS.c.id)
        .where(
            _USERS.c.district == district,
            _USERS.c.id == accounts.c.person,
            _USERS.c.removed_in.is_(None),
            _USERS.c.enabled.is_not(False),
        )
        .exists()
    )
    return (
        select(*columns)
        .select_from(accounts)
        .where(
            not_(here),
            not_(among(connection, accounts.c.person, sorted(excluded))),
            accounts.c.district == district,
            accounts.c.delete_on.is_not(None),
            accounts.c.delete_on <= today.isoformat(),
            accounts.c.state == AccountState.SUSPENDED,
        )
    )


def count_deletable(
    connection: Connection, district: str, today: date, excluded: Collection[str]
) -> int:
    """Accounts that are due to be deleted, but those of ``excluded`` people."""
    query = _deletable(connection, district, today, excluded, func.count())
    return int(connection.execute(query).scalar_one())


def deletable(
    connection: Connection, district: str, today: date, excluded: Collection[str]
) -> list[Account]:
    """The accounts that are due to be deleted, in order of their ids: of people who are gone or
    disabled, and not ``excluded``."""
    query = _deletable(connection, district, today, excluded, *_COLUMNS).order_by(accounts.c.id)
    return [account_of(row) for row in connection.execute(query)]


def waiting(connection: Connection, district: str) -> list[str]:
    """The people whose account is not known to be as it should be: a change of it was not let in,
    or nobody can say what it is to be called."""
    query = select(waiting_table.c.person).where(waiting_table.c.district == district)
    return list(connection.execute(query).scalars())


def basis_of(connection: Connection, district: str) -> str | None:
    """What all accounts of a district were derived from last; ``None`` before the first time."""
    query = select(account_bases.c.basis).where(account_bases.c.district == district)
    return connection.execute(query).scalar_one_or_none()


def set_basis(connection: Connection, district: str, basis: str) -> None:
    """Note what all accounts have been derived from."""
    connection.execute(
        update(account_bases).where(account_bases.c.district == district).values(basis=basis)
    )


def seed_of(connection: Connection, district: str) -> str | None:
    """What a district's random digits are made of; ``None`` before the first time."""
    query = select(account_bases.c.seed).where(account_bases.c.district == district)
    return connection.execute(query).scalar_one_or_none()


def set_seed(connection: Connection, district: str, seed: str) -> None:
    """Keep what a district's random digits are made of, for good."""
    connection.execute(insert(account_bases).values(district=district, seed=seed))


def people_of_schools(connection: Connection, district: str, schools: Sequence[str]) -> list[str]:
    """The live people who are counted under some orgs."""
    query = select(_USERS.c.id).where(
        _USERS.c.district == district,
        _USERS.c.removed_in.is_(None),
        among(connection, _USERS.c.primary_org_id, schools),
    )
    return list(connection.execute(query).scalars())


def people_by_role(connection: Connection, district: str) -> list[tuple[str, str | None]]:
    """Every live person with their primary role."""
    query = select(_USERS.c.id, _USERS.c.primary_role).where(
        _USERS.c.district == district, _USERS.c.removed_in.is_(None)
    )
    return [(row.id, row.primary_role) for row in connection.execute(query)]


def people_left_with_one(connection: Connection, district: str) -> list[str]:
    """Guardians who have an account, and those who have left and still have one in use."""
    same = and_(_USERS.c.district == accounts.c.district, _USERS.c.id == accounts.c.person)
    gone = and_(_USERS.c.removed_in.is_not(None), accounts.c.state == AccountState.ACTIVE)
    guardian = and_(
        _USERS.c.primary_role.in_(sorted(GUARDIAN_ROLES)),
        accounts.c.state != AccountState.DELETED,
    )
    query = select(accounts.c.person).join(_USERS, same)
    query = query.where(accounts.c.district == district, or_(gone, guardian))
    return list(connection.execute(query).scalars())


def users(
    connection: Connection, district: str, ids: Iterable[str], fields: Sequence[str]
) -> dict[str, tuple[Values, bool, str | None]]:
    """Some fields of some people, by id: also of those who have left, which the second value says,
    with the id to which their own leads."""
    found: dict[str, tuple[Values, bool, str | None]] = {}
    columns = [_USERS.c[name] for name in fields]
    for batch in batches(ids):
        query = select(_USERS.c.id, _USERS.c.removed_in, _USERS.c.merged_into, *columns).where(
            _USERS.c.district == district, among(connection, _USERS.c.id, batch)
        )
        for row in connection.execute(query):
            values: Values = {
                name: value
                for name, value in zip(fields, row[3:], strict=True)
                if value is not None
            }
            found[row[0]] = (values, row[1] is not None, row[2])
    return found
