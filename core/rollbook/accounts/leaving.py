"""When an account whose person is gone is suspended, and when it is due to be deleted."""

from __future__ import annotations

from datetime import date, timedelta

from rollbook.accounts.person import Person
from rollbook.accounts.rules import Rules
from rollbook.config.accounts import AccountPolicy, Leaving
from rollbook.roster.accounts import Account, AccountReason

NEVER_DELETED = Leaving()
"""For the accounts of people who were merged into another: suspended, and kept."""


def why_leaving(person: Person, account: Account, rules: Rules) -> AccountReason | None:
    """Why the person should have no account any more; ``None`` where they should.

    Whoever was found to have left, or graduated, stays so found: the grade says nothing later.
    """
    if person.gone:
        if person.merged_into is not None:
            return AccountReason.MERGED
        if account.reason in _GONE:
            return account.reason
        return AccountReason.GRADUATED if _graduates(person, rules) else AccountReason.LEFT
    if person.role not in rules.roles:
        return AccountReason.ROLE
    return None if person.enabled else AccountReason.DISABLED


_GONE = (AccountReason.LEFT, AccountReason.GRADUATED)


def _graduates(person: Person, rules: Rules) -> bool:
    """Whether somebody leaves from the top of the ladder at the end of the school year."""
    first, last = rules.graduation
    today = f"{rules.today:%m-%d}"
    if not (first <= today <= last if first <= last else today >= first or today <= last):
        return False
    code = rules.ladder.of(person.grades)
    return code is not None and rules.ladder.years_to_graduation(code) == 0


def terms(policy: AccountPolicy, reason: AccountReason) -> Leaving:
    """What a policy says of a reason."""
    match reason:
        case AccountReason.MERGED:
            return NEVER_DELETED
        case AccountReason.GRADUATED:
            return policy.graduated
        case AccountReason.DISABLED:
            return policy.disabled
        case AccountReason.LEFT | AccountReason.ROLE:
            return policy.left


def suspension_day(leaving: Leaving, day: date, since: date | None = None) -> date:
    """The day on which the account of somebody who left on ``day`` is suspended; a date of every
    year that has just been, ``since`` a day, is that day itself and not the one of next year."""
    time = leaving.suspend_after
    if since is not None and isinstance(time, str) and _reckoned(time, since) < day:
        return day
    return _reckoned(time, day)


def graduation_begins(rules: Rules) -> date:
    """The first day of the graduation in which a day is, or of the one before."""
    month, number = map(int, rules.graduation[0].split("-"))
    this_year = date(rules.today.year, month, number)
    return this_year if this_year <= rules.today else date(rules.today.year - 1, month, number)


def deletion_day(leaving: Leaving, suspended: date) -> date | None:
    """The day from which an account may be deleted: never before it has been suspended for one."""
    if leaving.delete_after is None:
        return None
    return max(_reckoned(leaving.delete_after, suspended), suspended + timedelta(days=1))


def _reckoned(time: int | str, day: date) -> date:
    """So many days after a day, or the first such date of a year from that day on."""
    if isinstance(time, int):
        return day + timedelta(days=time)
    month, number = map(int, time.split("-"))
    this_year = date(day.year, month, number)
    return this_year if this_year >= day else date(day.year + 1, month, number)
