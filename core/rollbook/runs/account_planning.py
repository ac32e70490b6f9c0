"""What a changeset makes happen to accounts, worked out before anything is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import groupby

import numpy as np
from sqlalchemy import Connection

from rollbook.accounts.differences import differences, handed_over, vacated
from rollbook.accounts.naming import FIRST_BLOCK, addresses_for, usernames_for, with_number
from rollbook.accounts.rendering import words_of
from rollbook.accounts.rules import Rules
from rollbook.accounts.wanted import Unnamed
from rollbook.changes.positions import Mask
from rollbook.changes.sequence import Changes
from rollbook.config.district import District
from rollbook.directory import account_changes
from rollbook.directory import accounts as accounts_store
from rollbook.directory.pauses import PauseRow
from rollbook.errors import ConfigInvalid
from rollbook.roster.accounts import (
    EMAIL,
    HELD_BY,
    USERNAME,
    Account,
    AccountChange,
    AccountVerb,
    name_key,
    without_list,
)
from rollbook.roster.kinds import RoleGroup
from rollbook.runs.account_basis import Basis, parts_of_roles
from rollbook.runs.account_classes import seats_with
from rollbook.runs.account_people import (
    NO_CHANGE,
    Affected,
    Looked,
    affected,
    as_they_will_be,
    common_ground,
)
from rollbook.runs.account_plan import AccountPlan
from rollbook.runs.account_rules import (
    Lists,
    basis_with,
    lists_of,
    rules_of,
)
from rollbook.runs.account_taking import Around, explained_changes, is_sudden, take
from rollbook.runs.account_undo import given_back, to_take_back
from rollbook.runs.given_names import GivenNames


def plan_accounts(
    connection: Connection,
    district: District,
    changes: Changes,
    today: date,
    *,
    chance: str,
    pauses: Sequence[PauseRow] = (),
    expected: Mask | None = None,
    paused: Mask | None = None,
    at_desk: bool = False,
    undoes: str | None = None,
    strangers: Collection[int] = frozenset(),
) -> AccountPlan:
    """What ``changes`` make happen to a district's accounts; nothing without a policy.

    ``paused`` are the changes that a pause keeps back: what follows from these is not counted for
    C1 and C2. ``expected`` are those that a plan announced: C2 does not count them. ``chance`` is
    what random digits are made of, for good, where nothing is yet. ``strangers`` are the positions
    of people whose ids were somebody else's before, who get accounts of their own.
    A run made ``at_desk`` looks at nobody but those whom its own changes touch, and leaves the
    basis of the others as it was; what just takes back, with the records, what the run did that it
    ``undoes`` is not counted. Where that changed no record, its account changes are taken back one
    by one, and counted: an account that has changed since raises ``Stale``, and a list that cannot
    be read ``ConfigInvalid``.
    While the list beside the policy cannot be read, accounts stay as they are, but for the
    ids by which they are known; all are looked at again once it can.
    """
    if district.accounts is None:
        return AccountPlan()
    parts = parts_of_roles(district.accounts)
    active = np.ones(len(changes), np.bool_) if paused is None else ~paused
    basis = basis_with(connection, district, district.accounts, changes, active, today)
    before = accounts_store.basis_of(connection, district.id)
    if at_desk and before is None:
        return AccountPlan()
    plan = AccountPlan(before if at_desk else basis.text, parts=parts)
    lists = Lists()
    try:
        lists = lists_of(district.accounts)
    except ConfigInvalid as error:
        plan.basis, plan.unread = without_list(basis.text), error
    else:
        plan.seats = seats_with(connection, district.id, changes, active, parts)
    found = affected(
        connection,
        district.id,
        changes,
        today,
        everybody=before != basis.text,
        own_only=at_desk or plan.unread is not None,
        seats=plan.seats,
    )
    if undoes is not None and len(changes):
        plan.taken_back = account_changes.applied_by_account(connection, undoes)
    plan.year_moves_on = basis.years is not None and basis.years.moves_on
    if (seed := accounts_store.seed_of(connection, district.id)) is None:
        accounts_store.set_seed(connection, district.id, seed := chance)
    if plan.unread is None:
        plan.due = accounts_store.count_deletable(connection, district.id, today, lists.excluded)
    if undoes is not None and not len(changes):
        if plan.unread is not None:
            raise plan.unread
        _take_back(connection, district.id, undoes, lists, plan)
    elif len(found):
        rules = rules_of(connection, district, district.accounts, changes, today, seed, lists)
        around = Around(pauses, expected, paused, strangers, plan.seats)
        _derive(connection, district, changes, found, basis, rules, plan, around)
    plan.first = tuple(
        role
        for role in sorted(plan.created)
        if not accounts_store.ever_created(connection, district.id, role)
    )
    limits = district.thresholds
    few = max(plan.renamed, plan.suspended) < limits.rename_floor
    if not few or plan.moved >= limits.move_floor:
        plan.active = accounts_store.count_active(connection, district.id)
    return plan


def _take_back(
    connection: Connection, district: str, run: str, lists: Lists, plan: AccountPlan
) -> None:
    found = to_take_back(connection, district, run, lists.excluded)
    # What a run did to one account stands together in it.
    for _, several in groupby(found, lambda one: one[0].account):
        made = list(several)
        verbs = {change.verb for change, _ in made}
        renamed = AccountVerb.RENAME in verbs
        plan.renamed += renamed
        plan.moved += not verbs.isdisjoint(HELD_BY["C2"])
        for change, row in made:
            # Whoever is here loses an account by it.
            sudden = change.verb is AccountVerb.SUSPEND
            if sudden:
                plan.lose(row.school)
            told = (RoleGroup(row.role), row.school, row.label)
            plan.add(change, *told, renamed=renamed, sudden=sudden)


def _derive(
    connection: Connection,
    district: District,
    changes: Changes,
    found: Affected,
    basis: Basis,
    rules: Rules,
    plan: AccountPlan,
    around: Around,
) -> None:
    ledger = GivenNames(connection, district.id, len(found))
    settled: list[str] = []
    waiting = set(accounts_store.waiting(connection, district.id))
    explained = explained_changes(changes)
    for some in as_they_will_be(connection, district.id, changes, found, basis.years, around.seats):
        accounts, ids, left_behind = _accounts(
            connection, district.id, around.strangers, some, found, plan
        )
        if plan.unread is None:
            ledger.look_at(list(ids.values()))
            _look_up(ledger, some, accounts, rules)
        else:
            # When the list is back, all are looked at who are here or have an account in use.
            gone = (looked.person.id for looked in some if looked.person.gone)
            account_changes.wait(connection, district.id, gone)
        for looked in some:
            person = looked.person
            account = accounts.get(person.id)
            made: list[AccountChange] = []
            if account is not None and account.person != person.id:
                made.append(handed_over(account, person.id))
                account = account._replace(person=person.id)
            if (former := left_behind.get(person.id)) is not None:
                made.insert(0, vacated(former, rules))
                if account is None or not plan.taken_back:
                    plan.vacated.append(person.id)
            try:
                if plan.unread is None:
                    made += differences(person, account, ids[person.id], rules, ledger)
            except Unnamed as problem:
                plan.unnamed.setdefault(problem.problem, []).append(person.id)
                made += problem.meanwhile
                if not made:
                    continue
            if made:
                role = account.role if account is not None else person.role
                if role is None and former is not None:
                    role = former.role
                sudden = is_sudden(looked, account, made, explained, rules.today)
                rests = take(plan, looked, role, made, around, sudden)
                if person.id in waiting and not rests:
                    plan.again += [c.account for c in made if c.is_rename]
                    plan.lost_again += [made[0].account] * sudden
            elif looked.position == NO_CHANGE:
                settled.append(person.id)
    if (
        plan.unread is None
        and basis.text == accounts_store.basis_of(connection, district.id)
        and not len(common_ground(changes, plan.parts))
    ):
        # Else they fit only if that goes in on which many accounts hang.
        account_changes.stop_waiting(connection, district.id, settled)
    for people in plan.unnamed.values():
        account_changes.wait(connection, district.id, people)


def _accounts(
    connection: Connection,
    district: str,
    strangers: Collection[int],
    some: Sequence[Looked],
    found: Affected,
    plan: AccountPlan,
) -> tuple[dict[str, Account], dict[str, str], dict[str, Account]]:
    """The accounts of some people, the ids that these have or would get, and the accounts that
    stay behind because the id of their person is another person's from this run on."""
    people = [looked.person.id for looked in some]
    accounts = accounts_store.by_person(connection, district, people)
    left_behind: dict[str, Account] = {}
    old = {found.predecessors[p]: p for p in people if p in found.predecessors}
    if old:
        for before, account in accounts_store.by_person(connection, district, old).items():
            if (own := accounts.get(old[before])) is not None:
                left_behind[own.person] = own
            accounts[old[before]] = account
    having = {person for person, account in accounts.items() if account.person == person}
    for looked in some:
        if looked.position in strangers and (person := looked.person.id) in having:
            left_behind[person] = accounts.pop(person)
    accounts |= given_back(connection, district, left_behind, plan.taken_back)
    new = [person for person in people if person not in accounts]
    ids = {person: account.id for person, account in accounts.items()}
    taken = accounts_store.ids_taken(connection, district, new)
    number = 2
    for person in new:
        ids[person] = person
        while ids[person] in taken:
            ids[person] = f"{person}~{number}"
            number += 1
            taken |= accounts_store.ids_taken(connection, district, [ids[person]])
    return accounts, ids, left_behind


def _look_up(
    ledger: GivenNames, some: Sequence[Looked], accounts: Mapping[str, Account], rules: Rules
) -> None:
    """Ask for the names that some people may get, all at once: those of the templates, and the
    first ones with a number for who has none of these."""
    if not ledger.asks:
        return
    usernames: set[str] = set()
    addresses: set[str] = set()
    for looked in some:
        person = looked.person
        role = rules.roles.get(person.role) if person.role is not None else None
        if role is None or person.gone:
            continue
        words = words_of(person, role, rules)
        names = usernames_for(person, role, words, rules)
        if not names:
            continue
        account = accounts.get(person.id)
        if account is None or name_key(account.username) not in map(name_key, names):
            first, length = role.policy.suffix_from, role.policy.length
            names += [with_number(names[0], first + n, length) for n in range(FIRST_BLOCK)]
        usernames.update(map(name_key, names))
        for name in names:
            likely = words | {"username": name}
            addresses.update(map(name_key, addresses_for(person, role, likely, rules)))
    ledger.look_up(USERNAME, sorted(usernames))
    ledger.look_up(EMAIL, sorted(addresses))
