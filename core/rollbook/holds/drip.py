"""R3: what trips no limit in any one run, but does over a day or a week.

What a person approved is not counted: somebody has seen that number, and counting it again would
hold every run of the days after. Nor is what was undone, or what an operator did by hand. An
approved R3 hold closes the account of its scope, and of what belongs to such records there: what
went by before it counts no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from rollbook.changes.changeset import Scope
from rollbook.changes.plan import scopes
from rollbook.changes.positions import Mask, Places, Positions, places_of
from rollbook.changes.waiting import along, belongings
from rollbook.directory.history import Account, Lost
from rollbook.holds.judgement import Case, Raised, Window
from rollbook.holds.removals import (
    Removals,
    fate_words,
    limit_reached,
    verb_of,
    wide_first,
)
from rollbook.holds.words import scope_words
from rollbook.roster.kinds import Kind

SPANS = ((timedelta(hours=24), "24 hours", 1), (timedelta(days=7), "7 days", 2))
"""How far R3 looks back, and how often it allows the limits of one run in that time."""

_BELONGING: Mapping[Kind, tuple[Kind, ...]] = {
    Kind.USER: (Kind.ROLE, Kind.ENROLLMENT, Kind.GUARDIAN, Kind.DEMOGRAPHICS),
    Kind.CLASS: (Kind.ENROLLMENT,),
}


def windows(
    losses: Sequence[Lost], accounts: Iterable[Account], now: datetime
) -> tuple[Window, ...]:
    """The windows of R3 that end ``now``."""
    closed: dict[Scope, datetime] = {}
    for account in accounts:
        own = (account.kind, account.school, account.role)
        belonging = ((kind, account.school, None) for kind in _BELONGING.get(account.kind, ()))
        for scope in (own, *belonging):
            closed[scope] = max(account.closed_at, closed.get(scope, account.closed_at))
    found: list[Window] = []
    for span, words, times in SPANS:
        taken: dict[Scope, int] = defaultdict(int)
        added: dict[Scope, int] = defaultdict(int)
        for lost in losses:
            within = scopes(lost.kind, lost.school, lost.role)
            if lost.at <= now - span or any(lost.at <= closed[s] for s in within if s in closed):
                continue
            # Who moves loses a role at one school and gets it at another: only the sum tells.
            if lost.kind is Kind.ROLE:
                within = ((Kind.ROLE, None, None),)
            for scope in within:
                taken[scope] += lost.taken
                added[scope] += lost.added
        roles = (Kind.ROLE, None, None)
        if roles in taken:
            taken[roles] = max(0, taken[roles] - max(0, added[roles]))
        more = {scope: number for scope, number in added.items() if number > 0}
        found.append(Window(words, times, dict(taken), more))
    return tuple(found)


def drip(case: Case, counted: Removals, covered: Mask) -> list[Raised]:
    """The removals that go over a limit with those that went by before, wide scopes first.

    ``covered`` are positions that other holds have already.
    """
    if not counted or not case.windows:
        return []
    changes = case.changeset.changes
    owned = belongings(changes)
    explained = along(owned, places_of(covered), len(changes))
    holds: list[Raised] = []
    for window in case.windows:
        for scope in sorted(counted, key=wide_first):
            earlier = window.taken.get(scope, 0)
            if not earlier:
                continue
            rest = counted[scope][~explained[counted[scope]]]
            if not len(rest):
                continue
            base = _population(case, window, scope)
            total = earlier + len(counted[scope])
            tripped = limit_reached(case.thresholds, scope, total, base, times=window.times)
            if tripped is not None:
                explained |= along(owned, rest, len(changes))
                holds.append(_hold(case, window, scope, rest, len(counted[scope]), tripped))
    return holds


def _population(case: Case, window: Window, scope: Scope) -> int:
    """Live records of a scope when the window began, as far as they are known."""
    live = case.changeset.live.get(scope, 0)
    return max(0, live + window.taken.get(scope, 0) - window.added.get(scope, 0))


def _hold(
    case: Case,
    window: Window,
    scope: Scope,
    rest: Places,
    now: int,
    tripped: tuple[str, str],
) -> Raised:
    kind, school, role = scope
    rule, limit = tripped
    earlier, base = window.taken[scope], _population(case, window, scope)
    total = earlier + now
    percent = f" ({100 * total / base:.1f} %)" if base else ""
    also = f" {now - len(rest):,} of them wait in other holds." if now > len(rest) else ""
    return Raised(
        rule="R3",
        title="drip",
        kind=kind,
        verb=verb_of(case.columns, rest),
        school=school,
        role=role,
        count=len(rest),
        base=case.changeset.live.get(scope, 0),
        why=f"{now:,} {scope_words(kind, role, school, case.school_names)} would "
        f"{fate_words(case.columns, rest)}, after {earlier:,} in the last {window.words}: "
        f"{total:,} of {base:,}{percent}; the limit for {window.words} is {limit}.{also}",
        cause="",
        whole_run=False,
        positions=Positions(rest),
        approvers=2 if rule == "R2" or total * 2 >= base else 1,
    )
