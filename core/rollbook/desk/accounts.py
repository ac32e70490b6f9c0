"""Accounts at the desk: a policy tried on people, the history of one account, and the purge."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import Connection, select

from rollbook.accounts.person import FIELDS, Person, person_of
from rollbook.accounts.rules import Rules
from rollbook.accounts.wanted import Unnamed, wanted
from rollbook.changes.labels import person_name
from rollbook.config.accounts import Accounts
from rollbook.config.district import District
from rollbook.config.home import expanded, find_district
from rollbook.config.problems import problems
from rollbook.desk.account_lists import account_rows
from rollbook.desk.account_views import (
    AccountEvent,
    AccountHistory,
    GivenName,
    PurgePreview,
    Sample,
    SamplePreview,
)
from rollbook.desk.change_lists import Told, lanes_told
from rollbook.desk.desk import Desk
from rollbook.desk.presenting import run_view
from rollbook.desk.views import RunView
from rollbook.directory import accounts as accounts_store
from rollbook.directory import runs as run_rows
from rollbook.directory.tables import account_changes, account_names, runs
from rollbook.errors import ConfigInvalid, NotFound
from rollbook.roster.accounts import EMAIL, USERNAME, AccountVerb, name_key
from rollbook.roster.kinds import RoleGroup, role_group
from rollbook.runs.account_basis import basis_now
from rollbook.runs.account_classes import seats_now
from rollbook.runs.account_rules import excluded_people, lists_of, rules_of
from rollbook.runs.account_year import Years, place_of
from rollbook.runs.given_names import GivenNames
from rollbook.runs.pauses import local_date

SHOWN = 100
"""Accounts that a preview of a purge shows; ``accounts`` lists them all."""

_PROBLEMS = {
    "no-username": "No username can be made of what the SIS says of this person.",
    "override-taken": "The override belongs to another account.",
    "address-taken": "The address in the SIS belongs to another account: none would be given.",
}
_EXEMPT = "This person is exempt from the policy."
_GONE = "This person has left, or is disabled: there would be no account."


def sample(
    desk: Desk,
    district_id: str,
    *,
    policy: Path | None = None,
    people: Sequence[str] = (),
    number: int = 10,
) -> SamplePreview:
    """What a policy makes of some people: of those named, else of ``number`` spread over all.

    ``policy`` is a TOML file with ``[accounts]``, to be tried before it stands in the district's
    own. Nothing is saved and no name is given. Raises ``NotFound`` for a person who is not there,
    and ``ConfigInvalid`` for a policy that is none, or where there is none.
    """
    district = find_district(desk.home, district_id)
    accounts = _policy_in(policy) if policy is not None else district.accounts
    if accounts is None:
        raise ConfigInvalid(
            f"{district_id} has no account policy.",
            remedy="Write [accounts.student] into its file, or try one with --policy FILE.",
        )
    with desk.store.read() as connection:
        today = local_date(desk.clock(), district.timezone)
        years = basis_now(connection, district, accounts, today).years
        seed = accounts_store.seed_of(connection, district_id) or ""
        lists = lists_of(accounts)
        rules = rules_of(connection, district, accounts, None, today, seed, lists)
        chosen = list(dict.fromkeys(people)) or _spread(connection, district, rules, number)
        samples = _samples(connection, district, rules, chosen, years)
        return SamplePreview(district_id, years.grades.everywhere if years else None, samples)


def _policy_in(path: Path) -> Accounts:
    """The policy in a file: a district's, or one with ``[accounts]`` alone."""
    try:
        document = tomllib.loads(expanded(path).read_text(encoding="utf-8"))
        return Accounts.model_validate(document.get("accounts", {}))
    except OSError as error:
        raise ConfigInvalid(f"{path}: cannot be read: {error.strerror}.") from None
    except ValidationError as error:
        raise ConfigInvalid(f"{path}: {problems(error)}.", remedy="Mend the file.") from None
    except ValueError as error:
        raise ConfigInvalid(f"{path}: not TOML: {error}.", remedy="Mend the file.") from None


def _spread(connection: Connection, district: District, rules: Rules, number: int) -> list[str]:
    """Some people of each role that has a policy, evenly spread over their ids."""
    everybody = accounts_store.people_by_role(connection, district.id)
    chosen: list[str] = []
    for role in rules.roles:
        ids = sorted(person for person, word in everybody if word and role_group(word) is role)
        wanted_number = max(1, number // len(rules.roles))
        chosen += ids[:: max(1, len(ids) // wanted_number)][:wanted_number]
    return chosen


def _samples(
    connection: Connection,
    district: District,
    rules: Rules,
    people: Sequence[str],
    years: Years | None,
) -> tuple[Sample, ...]:
    users = accounts_store.users(connection, district.id, people, FIELDS)
    now = account_rows(connection, district.id, people)
    accounts = accounts_store.by_person(connection, district.id, people)
    ledger = GivenNames(connection, district.id)
    former = years.former(connection, district.id, people) if years else {}
    classes = seats.of(people) if (seats := seats_now(connection, district.id, rules)) else {}
    found: list[Sample] = []
    for person_id in people:
        if person_id not in users:
            raise NotFound(f"no person {person_id!r} in {district.id}.")
        values, gone, into = users[person_id]
        was = former.get(person_id, place_of(values))
        year = years.of(was, values) if years else None
        own = classes.get(person_id, ())
        person = person_of(person_id, values, gone=gone, merged_into=into, year=year, classes=own)
        sampled = Sample(
            person=person_id,
            label=person_name(values) or person_id,
            role=person.role or RoleGroup.STUDENT,
            username=None,
            email=None,
            ou=None,
            groups=(),
            now=now.get(person_id),
            problem=_why_none(person, rules),
        )
        if not sampled.problem:
            account = accounts.get(person_id)
            account_id = account.id if account else person_id
            try:
                made = wanted(person, account, account_id, rules, ledger)
            except Unnamed as error:
                sampled = replace(sampled, problem=_PROBLEMS[error.problem])
            else:
                problem = _PROBLEMS[made.problem] if made.problem is not None else ""
                sampled = replace(
                    sampled,
                    username=made.username,
                    email=made.email,
                    ou=made.ou,
                    groups=made.groups,
                    problem=problem,
                )
        found.append(sampled)
    return tuple(found)


def _why_none(person: Person, rules: Rules) -> str:
    if person.id in rules.excluded:
        return _EXEMPT
    if person.role not in rules.roles:
        return f"There is no policy for {person.role or 'people without a role'}."
    return _GONE if person.gone or not person.enabled else ""


def history(desk: Desk, district_id: str, person: str) -> AccountHistory:
    """The account that a person has or had, all names that were ever given to it, and what
    happened to it, oldest first. ``person`` is an id, or a username or an address ever given.

    Raises ``NotFound``.
    """
    find_district(desk.home, district_id)
    with desk.store.read() as connection:
        owner = _owner(connection, district_id, person)
        rows = account_rows(connection, district_id, [owner]) if owner else {}
        if owner is None or owner not in rows:
            raise NotFound(f"{person!r} has no account in {district_id}, and never had one.")
        account = rows[owner]
        names = connection.execute(
            select(account_names)
            .where(account_names.c.district == district_id, account_names.c.account == account.id)
            .order_by(account_names.c.namespace.desc(), account_names.c.name)
        )
        current = {name_key(name) for name in (account.username, account.email) if name}
        return AccountHistory(
            account=account,
            names=tuple(
                GivenName(row.namespace, row.name, row.run, row.name in current) for row in names
            ),
            events=_events(connection, district_id, account.id),
        )


def _owner(connection: Connection, district: str, word: str) -> str | None:
    """The person who has the account that a word means: a person, or a name in the ledger."""
    if word in accounts_store.by_person(connection, district, [word]):
        return word
    for namespace in (USERNAME, EMAIL):
        owners = accounts_store.owners(connection, district, namespace, [name_key(word)])
        for account in owners.values():
            return accounts_store.person_with(connection, district, account)
    return None


def _events(connection: Connection, district: str, account: str) -> tuple[AccountEvent, ...]:
    query = (
        select(account_changes, runs.c.applied_at, runs.c.created_at, runs.c.number)
        .join(runs, runs.c.id == account_changes.c.run)
        .where(runs.c.district == district, account_changes.c.account == account)
        .order_by(runs.c.number, account_changes.c.seq)
    )
    found: list[AccountEvent] = []
    lanes: dict[str, Told] = {}
    for row in connection.execute(query).all():
        if row.run not in lanes:
            lanes[row.run] = lanes_told(connection, run_rows.get(connection, row.run))
        lane, _ = lanes[row.run][row.lane]
        found.append(
            AccountEvent(
                run=row.run,
                at=row.applied_at or row.created_at,
                verb=AccountVerb(row.verb),
                before=row.before,
                after=row.after,
                lane=lane,
            )
        )
    return tuple(found)


def purge_preview(desk: Desk, district_id: str) -> PurgePreview:
    """The suspended accounts that are due to be deleted today. Raises ``NotFound``."""
    district = find_district(desk.home, district_id)
    with desk.store.read() as connection:
        today = local_date(desk.clock(), district.timezone)
        excluded = excluded_people(district)
        due = accounts_store.deletable(connection, district_id, today, excluded)
        people = [account.person for account in due[:SHOWN]]
        rows = account_rows(connection, district_id, people)
        return PurgePreview(district_id, len(due), tuple(rows[person] for person in people))


def purge(desk: Desk, district_id: str, *, confirm: int, reason: str) -> RunView:
    """A run that deletes the accounts that are due; it waits for two people to approve its hold.

    ``confirm`` is the number that was shown. Raises ``Stale`` when another number is due, ``Held``
    while another run of the district waits.
    """
    from rollbook.runs.purge import purge as make_run

    actor = desk.actor()
    if not reason.strip():
        raise ConfigInvalid("a purge needs a reason.", remedy="Say why in a few words.")
    district = find_district(desk.home, district_id)
    with desk.store.write() as connection:
        row = make_run(connection, actor, district, confirm=confirm, reason=reason)
        return run_view(connection, desk.home, row.id, actor.at)
