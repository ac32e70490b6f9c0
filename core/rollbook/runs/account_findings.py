"""What is told of accounts that are not as they should be, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rollbook.accounts.naming import NO_ADDRESS, NO_NAME, TAKEN
from rollbook.errors import ConfigInvalid
from rollbook.roster.accounts import LIST_UNREAD
from rollbook.roster.findings import Finding, Severity
from rollbook.roster.first_few import first_few
from rollbook.roster.kinds import Kind


def account_findings(
    unnamed: Mapping[str, Sequence[str]], vacated: Sequence[str], unread: ConfigInvalid | None
) -> list[Finding]:
    """What keeps people without an account, a finding for each reason; new people behind the ids
    of former ones; and why nobody's account was looked at."""
    found = {**unnamed, **({USED_AGAIN: vacated} if vacated else {})}
    told = [_finding(problem, people) for problem, people in sorted(found.items())]
    return [*told, _unread(unread)] if unread is not None else told


def _unread(error: ConfigInvalid) -> Finding:
    after = "Accounts stay as they are: none is made, renamed or suspended until it can be read."
    remedy = f"{error.remedy} The next sync makes up for it."
    return Finding(Severity.ERROR, LIST_UNREAD, f"{error.message} {after}", remedy.strip())


USED_AGAIN = "id-used-again"
"""Somebody has the id of a person who has left, and is another person."""

_WORDS = {
    NO_NAME: (
        "no username can be made for",
        "no account is made or renamed",
        "Mend their names in the SIS, or give an override.",
    ),
    TAKEN: (
        "the override belongs to another account for",
        "no account is made or renamed",
        "Give another override.",
    ),
    NO_ADDRESS: (
        "another account has or had the address in the SIS of",
        "that address is not given",
        "Mend it in the SIS, or give an override.",
    ),
    USED_AGAIN: (
        "by name and birthday, or number, somebody else than before has the id",
        "they get accounts of their own, and those of the former people stay behind",
        "Ask the SIS not to use ids again; look at these people before anyone signs in.",
    ),
}


def _finding(problem: str, people: Sequence[str]) -> Finding:
    message, after, remedy = _WORDS[problem]
    return Finding(
        Severity.WARNING,
        problem,
        f"{message} {first_few(people)}: {after}.",
        remedy,
        kind=Kind.USER,
        record_id=people[0],
        count=len(people),
    )
