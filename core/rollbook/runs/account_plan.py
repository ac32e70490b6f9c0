"""What happens to accounts by a run: counted, kept in order, and not written yet.

The account changes are kept in a file while they are counted and judged: only then it is known in
which lanes they go.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rollbook.errors import ConfigInvalid
from rollbook.roster.accounts import (
    SUDDEN,
    AccountChange,
    AccountVerb,
    gives_another_name,
)
from rollbook.roster.findings import Finding
from rollbook.roster.kinds import RoleGroup
from rollbook.runs.account_classes import Seats
from rollbook.runs.account_findings import account_findings
from rollbook.runs.account_holds import Cell, Keeping
from rollbook.runs.account_people import (
    NO_CHANGE,
)
from rollbook.runs.account_spool import NO_PAUSE, VERBS, Planned, PlannedChanges


@dataclass
class AccountPlan:
    """Account changes in order, with their numbers.

    ``renamed`` and ``moved`` count people whose change no pause keeps back and nobody announced;
    ``repeating`` are those of the renamed students whose record stays as it is while the school
    year moves on, and ``excused`` says that C1 did not count them; ``again`` are the accounts of
    those of the renamed who waited already,
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
    excused: bool = False
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

    def repeats(self, role: str, position: int) -> bool:
        """Whether somebody who gets another name repeats a grade."""
        return self.year_moves_on and position == NO_CHANGE and role == RoleGroup.STUDENT

    def adds_up(self, planned: Planned) -> bool:
        """Whether an account change counts for C1 or C8 in the nights after it went in."""
        verb = VERBS[planned.verb]
        if verb is AccountVerb.RENAME and self.excused:
            return not self.repeats(planned.role, planned.position)
        return planned.sudden or gives_another_name(verb, planned.account, planned.person)

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


_CONSEQUENCES = {
    "account_create": AccountVerb.CREATE,
    "rename": AccountVerb.RENAME,
    "move": AccountVerb.MOVE,
    "suspend": AccountVerb.SUSPEND,
    "reactivate": AccountVerb.REACTIVATE,
    "regroup": AccountVerb.REGROUP,
    "leave": AccountVerb.LEAVE,
}


def _kept(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


def _text(values: Mapping[str, object]) -> str:
    return _json(_kept(values))


# Made once: ``json.dumps`` would make another encoder for every text.
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
