"""R1 and R2: too many removals in a scope, and what counts as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rollbook.changes.changeset import Scope
from rollbook.changes.columns import Columns
from rollbook.changes.positions import Mask, Places, Positions, places_of
from rollbook.changes.shapes import Trait
from rollbook.changes.waiting import along, belongings, role_moves
from rollbook.config.district import Thresholds
from rollbook.holds.judgement import Case, Raised
from rollbook.holds.several_schools import Lane, Widespread, widespread
from rollbook.holds.words import plural, scope_words, share
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import KIND_ORDER, Kind

Removals = Mapping[Scope, Places]
"""The positions of the changes that take something away, by every scope in which they count."""


def removals_by_scope(case: Case, known: Mask) -> dict[Scope, Places]:
    """What the case takes away; nothing is lost at the ``known`` positions."""
    columns = case.columns
    return columns.by_scope(places_of(columns.takes_away & case.unpaused() & ~known))


def as_announced(case: Case, removals: Removals) -> tuple[Case, dict[Scope, Places]]:
    """The case as it is once what a plan announced has left: those who are to stay, and of the
    removals those that nobody announced. Leavers neither count nor swell the base."""
    if case.expected is None:
        return case, dict(removals)
    live = dict(case.changeset.live)
    counted: dict[Scope, Places] = {}
    for scope, places in removals.items():
        stray = places[~case.expected[places]]
        live[scope] = max(0, live.get(scope, 0) - (len(places) - len(stray)))
        if len(stray):
            counted[scope] = stray
    return replace(case, changeset=replace(case.changeset, live=live)), counted


def without_moves(case: Case, removals: Removals) -> dict[Scope, Places]:
    """The removals but for roles that their holder gets again elsewhere: moved, not lost."""
    moved, _ = role_moves(case.changeset.changes)
    if not len(moved):
        return dict(removals)
    stays = ~Positions(moved).mask(len(case.columns))
    return {scope: places[stays[places]] for scope, places in removals.items()}


def removal_lanes(case: Case, counted: Removals, covered: Mask) -> list[Raised]:
    """R1 and R2: too many removals in a scope, narrow scopes first.

    A wider scope that trips holds what no narrower hold has, and what trips in many schools is one
    hold of the district. What leaves just because the person or the class that it belongs to leaves
    goes with these, in one hold and one decision. ``covered`` are positions that other holds have
    already.
    """
    limits = {scope: _tripped(case, scope, len(places)) for scope, places in counted.items()}
    if not any(limits.values()):
        return []
    changes = case.changeset.changes
    owned = belongings(changes)
    explained = np.full(len(changes), _BY_NONE, np.int32)
    explained[along(owned, places_of(covered), len(changes))] = _ELSEWHERE
    everywhere = _in_many_schools(case, counted)
    own = np.zeros(len(changes), np.bool_)
    holds: list[Raised] = []

    def in_turn(scope: Scope) -> tuple[int, int, str, str]:
        kind, width, school, role = narrow_first(scope)
        instead_of_schools = not school and (scope[0], scope[2]) in everywhere
        return kind, width % 2 if instead_of_schools else width, school, role

    for scope in sorted(counted, key=in_turn):
        kind, school, role = scope
        many = everywhere.get((kind, role))
        if school is not None and many is not None:
            continue
        tripped, places = limits[scope], counted[scope]
        if tripped is None and many is not None:
            tripped, places = ("R1", many.limit_words(_percent_words(case.thresholds))), many.places
        if tripped is None:
            continue
        rest = places[explained[places] == _BY_NONE]
        if not len(rest):
            continue
        alone = len(rest) + int(np.count_nonzero(own[places]))
        joined: int | None = None
        if len(rest) < len(places) and _tripped(case, scope, alone) is None:
            joined = _owner_of_most(explained[places])
        reached = along(owned, rest, len(changes)) & (explained == _BY_NONE)
        if joined is not None:
            hold = holds[joined]
            holds[joined] = replace(hold, positions=hold.positions.with_these(rest))
            explained[reached] = joined
            continue
        explained[reached] = len(holds)
        own[rest] = True
        hold = _lane_hold(case, scope, tripped, rest, len(places))
        holds.append(replace(hold, approvers=2) if many is not None and many.half else hold)
    return holds


_BY_NONE, _ELSEWHERE = -1, -2
"""Stand for the number of the hold that a removal waits in, where it is none of these."""


def narrow_first(scope: Scope) -> tuple[int, int, str, str]:
    """Sorts scopes by kind, and within a kind from school and role group up to the district."""
    kind, school, role = scope
    width = 2 * (school is None) + (role is None)
    return KIND_ORDER[kind], width, school or "", role or ""


def wide_first(scope: Scope) -> tuple[int, int, str, str]:
    """Sorts scopes by kind, and within a kind from the district down to school and role group."""
    kind, width, school, role = narrow_first(scope)
    return kind, -width, school, role


def limit_reached(
    limits: Thresholds, scope: Scope, removals: int, base: int, *, times: int = 1
) -> tuple[str, str] | None:
    """The rule that a number of removals trips in a scope, with its limit in words.

    ``base`` are the live records of the scope, ``times`` how often the limits are allowed.
    """
    kind, school, role = scope
    if school is None and role is None:
        caps = {
            Kind.USER: limits.removal_cap_user * times,
            Kind.ENROLLMENT: limits.removal_cap_enrollment * times,
        }
        if kind in caps and removals >= caps[kind]:
            return "R2", f"{caps[kind]:,} {plural(kind)}"
    floor, percent = limits.removal_floor * times, min(100.0, limits.removal_percent * times)
    if removals >= floor and removals * 100 >= percent * base:
        return "R1", _percent_words(limits, times)
    return None


def _percent_words(limits: Thresholds, times: int = 1) -> str:
    percent = min(100.0, limits.removal_percent * times)
    return f"{percent:g} %, from {limits.removal_floor * times} up"


def fate_words(columns: Columns, lost: Places) -> str:
    """What would become of records, after ``would``."""
    if columns.of(verb=Verb.REMOVE)[lost].all():
        return "be removed"
    if columns.has(Trait.DISABLES)[lost].all():
        return "be disabled"
    if columns.has(Trait.UNENROLLS)[lost].all():
        return "go to another person or class"
    return "be removed or lose access"


def verb_of(columns: Columns, lost: Places) -> Verb:
    """The verb under which losses are counted."""
    return Verb.REMOVE if columns.of(verb=Verb.REMOVE)[lost].any() else Verb.UPDATE


def _tripped(case: Case, scope: Scope, removals: int) -> tuple[str, str] | None:
    return limit_reached(case.thresholds, scope, removals, case.changeset.live.get(scope, 0))


def _in_many_schools(case: Case, counted: Removals) -> Mapping[Lane, Widespread]:
    """The kinds and role groups of which too many leave in many schools."""

    def over(scope: Scope, places: Places) -> bool:
        return _tripped(case, scope, len(places)) is not None

    return widespread(counted, case.changeset.live, over)


def _owner_of_most(explained: NDArray[np.int32]) -> int | None:
    """The index of the hold that explains most of some removals."""
    shares = np.bincount(explained[explained >= 0])
    return int(shares.argmax()) if len(shares) else None


def _lane_hold(
    case: Case, scope: Scope, tripped: tuple[str, str], rest: Places, total: int
) -> Raised:
    kind, school, role = scope
    rule, limit = tripped
    base = case.changeset.live.get(scope, 0)
    also = f" {total - len(rest):,} of them wait in other holds." if total > len(rest) else ""
    where = scope_words(kind, role, school, case.school_names)
    a_run = " a run" if rule == "R2" else ""
    return Raised(
        rule=rule,
        title="too many removals",
        kind=kind,
        verb=verb_of(case.columns, rest),
        school=school,
        role=role,
        count=len(rest),
        base=base,
        why=f"{share(total, base)} {where} would {fate_words(case.columns, rest)}; "
        f"the limit is {limit}{a_run}.{also}",
        cause="",
        whole_run=False,
        positions=Positions(rest),
        approvers=2 if base and total * 2 >= base else 1,
    )
