"""What a run makes happen to accounts: saved as it was shown, and written just so.

Account changes stand in the lanes of their run, with the records that they follow from or in lanes
of their own. The saved rows themselves are what is applied, by the database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, insert, or_, select, text
from sqlalchemy.exc import IntegrityError

from rollbook.directory import accounts as accounts_store
from rollbook.directory.among import among
from rollbook.directory.bulk import insert_rows
from rollbook.directory.records import batches
from rollbook.directory.runs import RunRow
from rollbook.directory.sqlite import give_room
from rollbook.directory.tables import (
    account_changes,
    account_counts,
    account_waiting,
    changes,
    lanes,
)
from rollbook.errors import Stale
from rollbook.roster.accounts import EMAIL, SETS, USERNAME, AccountState, AccountVerb
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Values
from rollbook.roster.states import RunKind

SavedAccountChange = tuple[int, int, str, str, str, str, str | None, str, str | None, str]
"""Number, lane, verb, account, person, role, school, label, before and after as JSON."""

_MOVED_ON = "Sync again and look at the new preview."


def save_rows(connection: Connection, run: str, rows: Iterable[SavedAccountChange]) -> None:
    """Keep the account changes of a run."""
    names = [column.name for column in account_changes.columns]
    with_run = ((run, *row) for row in rows)
    insert_rows(connection, account_changes, names, with_run, as_they_are={"before", "after"})


def save_counts(
    connection: Connection,
    run: str,
    counts: Mapping[tuple[int, AccountVerb], int],
    adding_up: Mapping[tuple[int, AccountVerb], int],
) -> None:
    """Keep the numbers of a run's account changes by lane and verb; the lanes are there already.
    Those ``adding_up`` are the ones that count once they are in: see ``went_in_unseen``."""
    if counts:
        connection.execute(
            insert(account_counts),
            [
                {
                    "run": run,
                    "lane": lane,
                    "verb": verb,
                    "changes": number,
                    "adding_up": adding_up.get((lane, verb), 0),
                }
                for (lane, verb), number in counts.items()
            ],
        )


def count_by(connection: Connection, run: str, condition: Any) -> dict[AccountVerb, int]:
    """Account changes of a run by verb, under a condition on its lanes."""
    query = (
        select(account_counts.c.verb, func.sum(account_counts.c.changes))
        .join(
            lanes,
            and_(lanes.c.run == account_counts.c.run, lanes.c.number == account_counts.c.lane),
        )
        .where(account_counts.c.run == run, condition)
        .group_by(account_counts.c.verb)
    )
    found = {AccountVerb(verb): int(number) for verb, number in connection.execute(query)}
    return {verb: found[verb] for verb in AccountVerb if verb in found}


def count(connection: Connection, run: str, condition: Any) -> int:
    """Account changes of a run under a condition on its lanes."""
    return sum(count_by(connection, run, condition).values())


def matching(
    run: str,
    *,
    verb: AccountVerb | None = None,
    school: str | None = None,
    search: str | None = None,
    numbers: Collection[int] | None = None,
) -> Select[Any]:
    """The query for the account changes of a run that fit all that is given, in order; ``numbers``
    are those of lanes."""
    query = select(account_changes).where(account_changes.c.run == run)
    query = query.order_by(account_changes.c.seq)
    if verb is not None:
        query = query.where(account_changes.c.verb == verb)
    if school is not None:
        query = query.where(account_changes.c.school == school)
    if numbers is not None:
        query = query.where(account_changes.c.lane.in_(sorted(numbers)))
    if search:
        query = query.where(
            or_(
                account_changes.c.label.icontains(search, autoescape=True),
                account_changes.c.person.icontains(search, autoescape=True),
            )
        )
    return query


def without_records(
    connection: Connection, run: str, numbers: Collection[int]
) -> Iterator[Row[Any]]:
    """The account changes of some lanes whose people's records the run leaves as they are, in
    order, streamed."""
    changed = select(changes.c.record_id).where(changes.c.run == run, changes.c.kind == Kind.USER)
    query = matching(run, numbers=numbers).where(account_changes.c.person.not_in(changed))
    yield from connection.execute(query, execution_options={"yield_per": 2000})


def applied_by_account(
    connection: Connection, run: str
) -> dict[tuple[str, str], tuple[Values, Values]]:
    """What a run changed of accounts that there were, before and after, by verb and account."""
    return {
        (row.verb, row.account): (row.before, row.after)
        for row in applied(connection, run)
        if row.verb != AccountVerb.CREATE
    }


def applied(connection: Connection, run: str) -> Iterator[Row[Any]]:
    """The account changes of a run that have gone in, in order, streamed."""
    query = matching(run).join(
        lanes,
        and_(lanes.c.run == account_changes.c.run, lanes.c.number == account_changes.c.lane),
    )
    query = query.where(lanes.c.applied_in.is_not(None))
    yield from connection.execute(query, execution_options={"yield_per": 2000})


def is_about(connection: Connection, run: str, people: Collection[str]) -> bool:
    """Whether an account change of a run is about one of some people."""
    query = select(account_changes.c.seq).where(
        account_changes.c.run == run, among(connection, account_changes.c.person, sorted(people))
    )
    return connection.execute(query.limit(1)).first() is not None


def apply_lanes(connection: Connection, district: str, run: str, numbers: Collection[int]) -> None:
    """Write the account changes of some lanes.

    Raises ``Stale`` when an account is not as its change found it, or when a name belongs to
    somebody else by now.
    """
    counted = select(account_counts.c.verb, func.sum(account_counts.c.changes)).where(
        account_counts.c.run == run, account_counts.c.lane.in_(sorted(numbers))
    )
    rows = connection.execute(counted.group_by(account_counts.c.verb))
    wanted = {AccountVerb(verb): int(number) for verb, number in rows}
    if not wanted:
        return
    give_room(connection, sum(wanted.values()))
    listed = ", ".join(str(int(lane)) for lane in sorted(numbers))
    values = {"district": district, "run": run}
    sql = _Sql(connection.dialect.name, f"c.run = :run AND c.lane IN ({listed})")
    try:
        for namespace in (USERNAME, EMAIL):
            connection.execute(text(sql.give(namespace)), values | {"namespace": namespace})
        for verb in AccountVerb:
            if verb not in wanted:
                continue
            statement = sql.create() if verb is AccountVerb.CREATE else sql.change(verb)
            written = connection.execute(text(statement), values | {"verb": verb.value}).rowcount
            if written != wanted[verb]:
                raise Stale(
                    f"{wanted[verb] - written} of {wanted[verb]} accounts are no longer as the "
                    "changeset found them.",
                    remedy=_MOVED_ON,
                )
    except IntegrityError:
        raise Stale(
            "a username or an address of the changeset was given to somebody else meanwhile.",
            remedy=_MOVED_ON,
        ) from None


_NOT_HERE = """
              AND NOT EXISTS (
                SELECT 1 FROM users AS u
                WHERE u.district = accounts.district AND u.id = accounts.person
                  AND u.removed_in IS NULL AND u.enabled IS NOT FALSE)"""
"""Of whom no account is ever deleted: people who are here, and may use it."""


class _Sql:
    """The statements that write account changes, in the SQL of a dialect."""

    def __init__(self, dialect: str, chosen: str) -> None:
        self._sqlite = dialect == "sqlite"
        self._chosen = chosen

    def _field(self, side: str, name: str) -> str:
        if self._sqlite:
            return f"json_extract(c.{side}, '$.{name}')"
        match name:
            case "groups":
                return f"(c.{side} -> '{name}')"
            case "password_due":
                return f"(c.{side} ->> '{name}')::boolean"
        return f"c.{side} ->> '{name}'"

    def _same(self, name: str) -> str:
        if name == "groups":
            # Both were written as the same text, or they are two lists.
            held = 'json(accounts."groups")' if self._sqlite else 'accounts."groups"::jsonb'
            found = self._field("before", name)
            return f"{held} = {found}" if self._sqlite else f"{held} = {found}::jsonb"
        same = "IS" if self._sqlite else "IS NOT DISTINCT FROM"
        return f'accounts."{name}" {same} {self._field("before", name)}'

    def give(self, namespace: str) -> str:
        """Names that are new in the ledger. One that another account has breaks its key."""
        name = self._field("after", namespace)
        key = f"lower({name})"
        if not self._sqlite:
            # Its ``lower`` may know more letters than A to Z, by the locale: see ``name_key``.
            key = f"translate({name}, '{ascii_uppercase}', '{ascii_lowercase}')"
        return f"""
            INSERT INTO account_names (district, namespace, name, account, run)
            SELECT DISTINCT :district, :namespace, {key}, c.account, c.run
            FROM account_changes AS c
            WHERE {self._chosen} AND c.verb IN ('create', 'rename') AND {name} IS NOT NULL
              AND NOT EXISTS (
                SELECT 1 FROM account_names AS n
                WHERE n.district = :district AND n.namespace = :namespace
                  AND n.name = {key} AND n.account = c.account)"""

    def create(self) -> str:
        """New accounts."""
        fields = SETS[AccountVerb.CREATE]
        names = ", ".join(f'"{name}"' for name in fields)
        values = ", ".join(self._field("after", name) for name in fields)
        return f"""
            INSERT INTO accounts (district, id, person, {names}, changed_in)
            SELECT :district, c.account, c.person, {values}, c.run
            FROM account_changes AS c WHERE {self._chosen} AND c.verb = :verb ORDER BY c.seq"""

    def change(self, verb: AccountVerb) -> str:
        """Accounts that are as the change found them; only a suspended one of
        somebody who is gone or disabled is ever deleted."""
        fields = SETS[verb]
        values = ", ".join(f'"{name}" = {self._field("after", name)}' for name in fields)
        same = " AND ".join(map(self._same, fields))
        if verb is AccountVerb.DELETE:
            same += f" AND accounts.state = '{AccountState.SUSPENDED.value}'" + _NOT_HERE
        return f"""
            UPDATE accounts SET {values}, changed_in = c.run
            FROM account_changes AS c
            WHERE {self._chosen} AND c.verb = :verb
              AND accounts.district = :district AND accounts.id = c.account AND {same}"""


def settle(connection: Connection, district: str, run: RunRow) -> None:
    """Remember whose accounts are not as this run has them, now that it was released as far as it
    may go: these are looked at again in the next one."""
    if run.account_basis is None:
        return
    unapplied = _people(run.id)
    if run.kind != RunKind.UNDO:
        # What was taken back by hand is not what the policy wants.
        unapplied = unapplied.where(lanes.c.applied_in.is_(None))
    people = set(connection.execute(unapplied).scalars())
    if accounts_store.basis_of(connection, district) != run.account_basis:
        # They were derived as they are to be, and the next run may leave them as they are.
        kept_back = (
            select(changes.c.record_id)
            .join(lanes, and_(lanes.c.run == changes.c.run, lanes.c.number == changes.c.lane))
            .where(
                changes.c.run == run.id, changes.c.kind == Kind.USER, lanes.c.applied_in.is_(None)
            )
        )
        people.update(connection.execute(kept_back).scalars())
        accounts_store.set_basis(connection, district, run.account_basis)
    done: set[str] = set()
    for batch in batches(set(accounts_store.waiting(connection, district)) - people):
        done.update(
            connection.execute(
                _people(run.id).where(among(connection, account_changes.c.person, batch))
            ).scalars()
        )
    stop_waiting(connection, district, done)
    wait(connection, district, people)


def _people(run: str) -> Select[Any]:
    return (
        select(account_changes.c.person)
        .join(
            lanes,
            and_(lanes.c.run == account_changes.c.run, lanes.c.number == account_changes.c.lane),
        )
        .where(account_changes.c.run == run)
    )


def wait(connection: Connection, district: str, people: Iterable[str]) -> None:
    """Remember that the accounts of some people have to be looked at again."""
    for batch in batches(set(people)):
        known = select(account_waiting.c.person).where(
            account_waiting.c.district == district,
            among(connection, account_waiting.c.person, batch),
        )
        there = set(connection.execute(known).scalars())
        rows = [(district, person) for person in batch if person not in there]
        insert_rows(connection, account_waiting, ["district", "person"], rows)


def stop_waiting(connection: Connection, district: str, people: Iterable[str]) -> None:
    """The accounts of some people are as they should be."""
    for batch in batches(people):
        connection.execute(
            account_waiting.delete().where(
                account_waiting.c.district == district,
                among(connection, account_waiting.c.person, batch),
            )
        )
