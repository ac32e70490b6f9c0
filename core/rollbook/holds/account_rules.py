"""C1, C2 and C8: too many accounts that would be renamed, moved or suspended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from rollbook.changes.positions import Positions
from rollbook.config.district import Thresholds
from rollbook.holds.judgement import Raised
from rollbook.holds.words import share
from rollbook.roster.accounts import PURGE
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind, RoleGroup

REPEATING_PERCENT = 5.0
"""Of the accounts in use, so many may be of students who repeat a grade when the others go up."""


class Earlier(NamedTuple):
    """How much went in unseen in the last ``words``, in which ``times`` the limits of one run are
    allowed."""

    words: str
    times: int
    before: int


class AtSchool(NamedTuple):
    """How many of a school's accounts in use would be suspended; ``name`` is the school's."""

    name: str
    suspended: int
    active: int


def are_few(repeating: int, active: int) -> bool:
    """Whether the students who repeat a grade are as few of the accounts in use as such are."""
    return repeating * 100 <= REPEATING_PERCENT * active


def account_holds(
    renamed: int,
    moved: int,
    active: int,
    limits: Thresholds,
    *,
    created: int = 0,
    earlier: Sequence[Earlier] = (),
    again: int = 0,
    repeating: int = 0,
) -> list[Raised]:
    """The holds of the account changes of a run, of which so many people are renamed, and so many
    get another OU or other groups; ``active`` are the accounts in use before. ``created`` ones wait
    with renames, and are counted with them: an approval lets both go. ``earlier`` are renames that
    went by, ``again`` those that C1 held before and nobody approved: these wait however few are
    left. ``repeating`` are students whose year of graduation moves on because, under a plan that
    everybody goes up, they stay where they are: where they are as few as such students are, they do
    not trip the limits."""
    holds: list[Raised] = []
    deviating = renamed - repeating if are_few(repeating, active) else renamed
    if limit := _rename_limit(deviating, active, limits, earlier, again):
        why = f"{share(renamed, active)} accounts would get another username or address{limit}. "
        why += "The records go in; renames and new accounts wait."
        if created:
            why += f" There are {created:,} new accounts, which are counted with the renames."
        holds.append(_raised("C1", "too many renames", renamed, active, why, more=created))
    if _reached(moved, active, limits.move_floor, limits.move_percent):
        limit = f"{limits.move_percent:g} %, from {limits.move_floor} up"
        why = f"{share(moved, active)} accounts would get another OU or other groups; the limit "
        why += f"is {limit}. The records go in; these moves wait."
        holds.append(_raised("C2", "too many moves", moved, active, why))
    return holds


def sudden_suspensions(
    suspended: int,
    active: int,
    limits: Thresholds,
    *,
    earlier: Sequence[Earlier] = (),
    again: int = 0,
    schools: Sequence[AtSchool] = (),
) -> list[Raised]:
    """The hold of accounts that would go though nothing about their people changes: in the district
    by the limits of C1, at one of some ``schools`` by those of R1. ``earlier`` are those that went
    by, ``again`` those that C8 held before and nobody approved."""
    if not (limit := _sudden_limit(suspended, active, limits, earlier, again, schools)):
        return []
    why = f"{share(suspended, active)} accounts would be suspended though the records of their "
    why += f"people say nothing new{limit}. These suspensions wait."
    raised = _raised("C8", "sudden suspensions", suspended, active, why)
    return [replace(raised, cause=_LOST)]


def _sudden_limit(
    suspended: int,
    active: int,
    limits: Thresholds,
    earlier: Sequence[Earlier],
    again: int,
    schools: Sequence[AtSchool],
) -> str:
    floor, percent = limits.rename_floor, limits.rename_percent
    if _reached(suspended, active, floor, percent):
        return f"; the limit is {percent:g} %, from {floor} up"
    floor, percent = limits.removal_floor, limits.removal_percent
    for school in schools:
        if _reached(school.suspended, school.active, floor, percent):
            of = f"{share(school.suspended, school.active)} at {school.name}"
            return f", {of}; the limit of a school is {percent:g} %, from {floor} up"
    if again:
        return f", {again:,} of which were held before and not approved"
    return _after_earlier(suspended, active, limits, earlier)


def first_names(created: int, role: RoleGroup) -> Raised:
    """The hold of the first accounts of a role in a district that has had people before: under a
    new policy nobody has seen yet what it makes of them."""
    why = (
        f"{created:,} accounts would be made under an account policy that is new. Names are given "
        "for good: look at them first. The records go in."
    )
    return replace(_raised("C1", "first accounts", created, 0, why, verb=Verb.ADD), role=role)


def deletions(count: int, accounts: int) -> Raised:
    """The hold of the deletion of accounts that are due, of so many that there are."""
    why = (
        f"{share(count, accounts)} accounts would be deleted: suspended, and due by the policy. "
        "Their names are never given to anybody else."
    )
    return Raised(
        rule=PURGE,
        title="deletion of accounts",
        kind=Kind.USER,
        verb=Verb.REMOVE,
        school=None,
        role=None,
        count=count,
        base=accounts,
        why=why,
        cause="A deleted account cannot be brought back in every system: look at the list first.",
        whole_run=True,
        positions=Positions(np.empty(0, np.int32)),
        approvers=2,
    )


def _reached(number: int, active: int, floor: int, percent: float) -> bool:
    return number >= floor and number * 100 >= percent * active


def _rename_limit(
    renamed: int, active: int, limits: Thresholds, earlier: Sequence[Earlier], again: int
) -> str:
    """What of the limits of C1 is reached, in words; empty where none is."""
    floor, percent = limits.rename_floor, limits.rename_percent
    if _reached(renamed, active, floor, percent):
        return f"; the limit is {percent:g} %, from {floor} up"
    if again:
        return f", {again:,} of which were held before and not approved"
    return _after_earlier(renamed, active, limits, earlier)


def _after_earlier(number: int, active: int, limits: Thresholds, earlier: Sequence[Earlier]) -> str:
    floor, percent = limits.rename_floor, limits.rename_percent
    for window in earlier:
        times, total = window.times, number + window.before
        if number and window.before and _reached(total, active, times * floor, times * percent):
            limit = f"{times * percent:g} %, from {times * floor} up"
            done = f"after {window.before:,} in the last {window.words}"
            return f", {done}; the limit for {window.words} is {limit}"
    return ""


_LOST = (
    "Is the list of people whose accounts are left alone complete, and the policy as it should be?"
)

_CAUSE = (
    "Another school year or other grades change the graduation year of everybody: has the school "
    "year turned over, and have the grades? Else the account policy, or the names in the SIS."
)


_NEW = "Nothing need be wrong: look at the list, and approve if the names are as they should be."


def _raised(
    rule: str,
    title: str,
    count: int,
    base: int,
    why: str,
    *,
    verb: Verb = Verb.UPDATE,
    more: int = 0,
) -> Raised:
    return Raised(
        rule=rule,
        title=title,
        kind=Kind.USER,
        verb=verb,
        school=None,
        role=None,
        count=count + more,
        base=base,
        why=why,
        cause=_CAUSE if verb is Verb.UPDATE else _NEW,
        whole_run=False,
        positions=Positions(np.empty(0, np.int32)),
        approvers=2 if base and count * 2 >= base else 1,
    )
