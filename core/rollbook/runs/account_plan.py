"""What a changeset makes happen to accounts, worked out before anything is written.

The account changes are kept in a file while they are counted and judged: only then it is known in
which lanes they go.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

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
    SUDDEN,
    USERNAME,
    Account,
    AccountChange,
    AccountState,
    AccountVerb,
    name_key,
    without_list,
)
from rollbook.roster.changes import Change, Verb
from rollbook.roster.findings import Finding
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.runs.account_basis import Basis, parts_of_roles
from rollbook.runs.account_classes import Seats, seats_with
from rollbook.runs.account_findings import account_findings
from rollbook.runs.account_holds import Cell, Keeping
from rollbook.runs.account_people import (
    NO_CHANGE,
    Affected,
    Looked,
    affected,
    as_they_will_be,
    common_ground,
)
from rollbook.runs.account_rules import (
    Lists,
    basis_with,
    lists_of,
    rules_of,
)
from rollbook.runs.account_spool import NO_PAUSE, VERBS, Planned, PlannedChanges
from rollbook.runs.account_undo import to_take_back
from rollbook.runs.given_names import GivenNames
from rollbook.runs.pauses import keeps_back


@dataclass
class AccountPlan:
    """Account changes in order, with their numbers.

    ``renamed`` and ``moved`` count people whose change no pause keeps back and nobody announced;
    ``repeating`` are those of the renamed students whose record stays as it is while the school
    year moves on; ``again`` are the accounts of those of the renamed who waited already,
    ``suspended`` counts those who lose an account though their record says nothing of it,
    ``lost_at`` by school; ``lost_again`` are those of them whose account waited already;
    ``active`` are the accounts in use before, counted where it matters. ``due`` accounts may be
    deleted by now. ``unnamed`` are people by what is missing; ``vacated`` have ids that somebody
    else had before. ``created`` counts new accounts that
    no pause keeps back, by role; ``first`` are the roles of these that never had an account.
    ``year_moves_on`` says that the changeset is a roll-up, or a part of one; ``parts`` are those
    that the templates name. ``unread`` says why the list beside the policy could not be read: an
    account stays with its person then, and that is all that happens. ``seats`` are the classes of
    people, where groups ask for them.
    """

    basis: str | None = None
    year_moves_on: bool = False
    parts: frozenset[str] = frozenset()
    spooled: PlannedChanges = field(default_factory=PlannedChanges)
    counts: Counter[AccountVerb] = field(default_factory=Counter)
    cells: Counter[Cell] = field(default_factory=Counter)
    created: Counter[RoleGroup] = field(default_factory=Counter)
    first: tuple[RoleGroup, ...] = ()
    paused: int = 0
    renamed: int = 0
    repeating: int = 0
    moved: int = 0
    again: list[str] = field(default_factory=list)
    suspended: int = 0
    lost_at: Counter[str] = field(default_factory=Counter)
    lost_again: list[str] = field(default_factory=list)
    active: int = 0
    due: int = 0
    taken_back: Mapping[tuple[str, str], tuple[Mapping[str, object], ...]] = field(
        default_factory=dict
    )
    unnamed: dict[str, list[str]] = field(default_factory=dict)
    vacated: list[str] = field(default_factory=list)
    unread: ConfigInvalid | None = None
    seats: Seats | None = None

    def __len__(self) -> int:
        return self.spooled.length

    def __iter__(self) -> Iterator[Planned]:
        return iter(self.spooled)

    def add(
        self,
        change: AccountChange,
        role: RoleGroup,
        school: str | None,
        label: str,
        position: int = NO_CHANGE,
        pause: int = NO_PAUSE,
        announced: bool = False,
        renamed: bool = False,
        sudden: bool = False,
    ) -> None:
        """One more account change."""
        self.counts[change.verb] += 1
        self.cells[Cell(change.verb, role.value, announced, renamed, sudden)] += 1
        before = None if change.before is None else _text(change.before)
        what = (VERBS.index(change.verb), change.account, change.person, role.value, school, label)
        told = (position, pause, announced, renamed, sudden)
        self.spooled.add(Planned(*what, before, _text(change.after), *told))

    def lose(self, school: str | None) -> None:
        """Count an account that would go though nothing is said of its person."""
        self.suspended += 1
        if school is not None:
            self.lost_at[school] += 1

    def takes_back(self, change: AccountChange) -> bool:
        """Whether an account change is just the inverse of what an undone run did."""
        if not self.taken_back:
            return False
        then = self.taken_back.get((change.verb, change.account))
        return then == (_kept(change.after), _kept(change.before or {}))

    def digest(self, of_records: str) -> str:
        """The digest of a changeset with its account changes, where there are any."""
        if not len(self):
            return of_records
        both = f"rollbook changeset with accounts 1\n{of_records}\n{self.spooled.digest}"
        return f"sha256:{hashlib.sha256(both.encode()).hexdigest()}"

    def consequences(self) -> dict[str, int]:
        """Its numbers as the consequences of a run."""
        return {name: self.counts[verb] for name, verb in _CONSEQUENCES.items()} | {
            "delete": self.due,
            "notice": 0,
            **({SUDDEN: self.suspended} if self.suspended else {}),
        }

    def covered_by(self, keeping: Keeping) -> dict[str, dict[str, int]]:
        """What waits with a hold of the account part: account changes by verb."""
        found: Counter[AccountVerb] = Counter()
        for cell, number in self.cells.items():
            if keeping.keeps(cell):
                found[cell.verb] += number
        return {verb.value: {"account": found[verb]} for verb in AccountVerb if found[verb]}

    def findings(self) -> list[Finding]:
        """What is told of the accounts that are not as they should be."""
        return account_findings(self.unnamed, self.vacated, self.unread)


@dataclass(frozen=True, slots=True)
class _Around:
    """What is known of a changeset beside its changes: see ``plan_accounts``."""

    pauses: Sequence[PauseRow]
    expected: Mask | None
    paused: Mask | None
    strangers: Collection[int]
    seats: Seats | None


_CONSEQUENCES = {
    "account_create": AccountVerb.CREATE,
    "rename": AccountVerb.RENAME,
    "move": AccountVerb.MOVE,
    "suspend": AccountVerb.SUSPEND,
    "reactivate": AccountVerb.REACTIVATE,
    "regroup": AccountVerb.REGROUP,
    "leave": AccountVerb.LEAVE,
}


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
    basis of the others as it was; what just takes back what the run did that it ``undoes`` is not
    counted. Where it changed no record, its account changes are taken back one by one: an account
    that has changed since raises ``Stale``, and a list that cannot be read ``ConfigInvalid``.
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
        around = _Around(pauses, expected, paused, strangers, plan.seats)
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
    for change, row in to_take_back(connection, district, run, lists.excluded):
        # Whoever is here loses an account by it.
        sudden = change.verb is AccountVerb.SUSPEND
        if sudden:
            plan.lose(row.school)
        plan.add(change, RoleGroup(row.role), row.school, row.label, sudden=sudden)


def _derive(
    connection: Connection,
    district: District,
    changes: Changes,
    found: Affected,
    basis: Basis,
    rules: Rules,
    plan: AccountPlan,
    around: _Around,
) -> None:
    ledger = GivenNames(connection, district.id, len(found))
    settled: list[str] = []
    waiting = set(accounts_store.waiting(connection, district.id))
    explained = _explained(changes)
    for some in as_they_will_be(connection, district.id, changes, found, basis.years, around.seats):
        accounts, ids, left_behind = _accounts(
            connection, district.id, around.strangers, some, found
        )
        if plan.unread is None:
            ledger.look_at(list(ids.values()))
            _look_up(ledger, some, accounts, rules)
        else:
            # Everybody who is here is looked at when the list is back.
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
                sudden = _sudden(looked, account, made, explained, rules.today)
                rests = _take(plan, looked, role, made, around, sudden)
                if person.id in waiting and not rests:
                    plan.again += [c.account for c in made if c.verb is AccountVerb.RENAME]
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


def _take(
    plan: AccountPlan,
    looked: Looked,
    role: RoleGroup | None,
    made: Sequence[AccountChange],
    around: _Around,
    sudden: bool,
) -> bool:
    """Put somebody's account changes into the plan; returns whether a pause keeps them back."""
    person, position = looked.person, looked.position
    assert role is not None
    expected, seats = around.expected, around.seats
    announced = bool(expected is not None and position != NO_CHANGE and expected[position])
    pause = NO_PAUSE
    if position == NO_CHANGE:
        suspends = any(change.verb is AccountVerb.SUSPEND for change in made)
        pause = _pause(around.pauses, person.id, person.school, role, suspends=suspends)
        rests = pause != NO_PAUSE
    else:
        rests = bool(around.paused is not None and around.paused[position])
    verbs = {change.verb for change in made if not plan.takes_back(change)}
    if not rests:
        if sudden:
            plan.lose(person.school)
        stranger = verbs >= {AccountVerb.VACATE, AccountVerb.CREATE}
        plan.created[role] += AccountVerb.CREATE in verbs and not stranger
        # Nobody announces renames: they are what a wrong school year looks like at a roll-up.
        plan.renamed += AccountVerb.RENAME in verbs or stranger
        if AccountVerb.RENAME in verbs and position == NO_CHANGE and plan.year_moves_on:
            plan.repeating += role is RoleGroup.STUDENT
        plan.moved += not (announced or verbs.isdisjoint(HELD_BY["C2"])) and any(
            change.verb in HELD_BY["C2"]
            and not plan.takes_back(change)
            and not _follows_seats(change, seats)
            for change in made
        )
    plan.paused += len(made) if rests else 0
    for change in made:
        suddenly = sudden and change.verb in HELD_BY["C8"]
        known = announced or _follows_seats(change, seats)
        told = (position, pause, known, AccountVerb.RENAME in verbs, suddenly)
        plan.add(change, role, person.school, looked.label, *told)
    return rests


def _follows_seats(change: AccountChange, seats: Seats | None) -> bool:
    """Whether an account just follows its person into other classes, which the rules judge."""
    return change.of_classes and seats is not None and seats.have_moved(change.person)


def _explained(changes: Changes) -> Mask:
    """The changes of people from which it follows by itself that an account is to go."""
    columns = changes.columns
    said = columns.shaped(bool(s.touched & {"enabled", "primary_role"}) for s in columns.shapes)
    return columns.of(Kind.USER) & (said | columns.of(verb=Verb.REMOVE))


def _sudden(
    looked: Looked,
    account: Account | None,
    made: Sequence[AccountChange],
    explained: Mask,
    today: date,
) -> bool:
    """Whether somebody loses an account in use, of whom neither the record nor a date says so."""
    if account is None or account.state is not AccountState.ACTIVE:
        return False
    if looked.position != NO_CHANGE and explained[looked.position]:
        return False
    due = account.suspend_on is not None and account.suspend_on <= today.isoformat()
    return not due and any(change.verb in HELD_BY["C8"] for change in made)


def _kept(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


def _text(values: Mapping[str, object]) -> str:
    return _json(_kept(values))


# Made once: ``json.dumps`` would make another encoder for every text.
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def stand_ins(
    person: str, school: str | None, role: RoleGroup | None, *, suspends: bool
) -> tuple[Change, ...]:
    """Changes of a person's record as pauses see them, for an account that changes without one. A
    suspension is as good as a removal too."""
    verbs = (Verb.UPDATE, Verb.REMOVE) if suspends else (Verb.UPDATE,)
    return tuple(Change(Kind.USER, verb, person, {}, {}, school, role) for verb in verbs)


def _pause(
    pauses: Sequence[PauseRow],
    person: str,
    school: str | None,
    role: RoleGroup,
    *,
    suspends: bool,
) -> int:
    changes = stand_ins(person, school, role, suspends=suspends)
    covering = (n for n, pause in enumerate(pauses) if any(keeps_back(pause, c) for c in changes))
    return next(covering, NO_PAUSE)
