"""R1 and R2: too many removals in a scope, and what counts as one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from rollbook.changes.access import disables, takes_away, unenrolls
from rollbook.changes.changeset import Scope
from rollbook.changes.plan import scopes
from rollbook.changes.waiting import belongings, role_moves, spread
from rollbook.config.district import Thresholds
from rollbook.holds.judgement import Case, Raised
from rollbook.holds.words import plural, scope_words, share
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import KIND_ORDER, Kind, RoleGroup

SEVERAL_SCHOOLS = 3
"""From so many schools on, and when they are most of them, a kind is held for the whole district:
one cause, one decision."""

Removals = Mapping[Scope, Sequence[int]]
"""The positions of the changes that take something away, by every scope in which they count."""


def removals_by_scope(case: Case, known: Set[int]) -> dict[Scope, list[int]]:
    """What the case takes away; nothing is lost at the ``known`` positions."""
    found: dict[Scope, list[int]] = defaultdict(list)
    for position in sorted(case.active - known):
        change = case.changeset.changes[position]
        if takes_away(change):
            for scope in scopes(change.kind, change.school, change.role):
                found[scope].append(position)
    return found


def without_moves(case: Case, removals: Removals) -> dict[Scope, list[int]]:
    """The removals but for roles that their holder gets again elsewhere: moved, not lost."""
    moved = role_moves(case.changeset.changes)
    return {
        scope: [p for p in positions if p not in moved] for scope, positions in removals.items()
    }


def removal_lanes(case: Case, counted: Removals, covered: Set[int]) -> list[Raised]:
    """R1 and R2: too many removals in a scope, narrow scopes first.

    A wider scope that trips holds what no narrower hold has. What leaves just because the person
    or the class that it belongs to leaves goes with these, in one hold and one decision.
    ``covered`` are positions that other holds have already.
    """
    changes = case.changeset.changes
    owned = belongings(changes)
    explained: dict[int, int | None] = dict.fromkeys(along(owned, covered, len(changes)))
    everywhere = _district_wide(case, counted)
    own: dict[Kind, set[int]] = defaultdict(set)
    holds: list[Raised] = []
    for scope in sorted(counted, key=narrow_first):
        kind, school, role = scope
        if school is not None and (kind, role) in everywhere:
            continue
        tripped = _tripped(case, scope, len(counted[scope]))
        rest = [p for p in counted[scope] if p not in explained]
        if tripped is None or not rest:
            continue
        alone = len(rest) + sum(p in own[kind] for p in counted[scope])
        joined: int | None = None
        if len(rest) < len(counted[scope]) and _tripped(case, scope, alone) is None:
            joined = _owner_of_most(explained, counted[scope])
        reached = along(owned, rest, len(changes)) - explained.keys()
        if joined is not None:
            hold = holds[joined]
            holds[joined] = replace(hold, positions=hold.positions | frozenset(rest))
            explained |= dict.fromkeys(reached, joined)
            continue
        explained |= dict.fromkeys(reached, len(holds))
        own[kind] |= set(rest)
        holds.append(_lane_hold(case, scope, tripped, rest, len(counted[scope])))
    return holds


def along(
    owned: Mapping[int, list[int]], positions: Set[int] | Sequence[int], among: int
) -> Set[int]:
    """The positions with those of all that belongs to them."""
    return spread(owned, dict.fromkeys(positions, ""), among).keys()


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
        return "R1", f"{percent:g} %, from {floor} up"
    return None


def fate_words(lost: Sequence[Change]) -> str:
    """What would become of records, after ``would``."""
    if all(change.verb is Verb.REMOVE for change in lost):
        return "be removed"
    if all(disables(change) for change in lost):
        return "be disabled"
    if all(unenrolls(change) for change in lost):
        return "go to another person or class"
    return "be removed or lose access"


def verb_of(lost: Sequence[Change]) -> Verb:
    """The verb under which losses are counted."""
    return Verb.REMOVE if any(c.verb is Verb.REMOVE for c in lost) else Verb.UPDATE


def _tripped(case: Case, scope: Scope, removals: int) -> tuple[str, str] | None:
    return limit_reached(case.thresholds, scope, removals, case.changeset.live.get(scope, 0))


def _district_wide(case: Case, counted: Removals) -> set[tuple[Kind, RoleGroup | None]]:
    """Kinds and role groups that trip in the district and in most of its schools."""
    schools: dict[tuple[Kind, RoleGroup | None], int] = Counter()
    tripped: dict[tuple[Kind, RoleGroup | None], int] = Counter()
    for kind, school, role in case.changeset.live:
        schools[kind, role] += school is not None
    for scope, positions in counted.items():
        kind, school, role = scope
        if school is not None and _tripped(case, scope, len(positions)):
            tripped[kind, role] += 1
    return {
        lane
        for lane, number in tripped.items()
        if number >= SEVERAL_SCHOOLS
        and number * 2 > schools[lane]
        and _tripped(case, (lane[0], None, lane[1]), len(counted.get((lane[0], None, lane[1]), ())))
    }


def _owner_of_most(explained: Mapping[int, int | None], positions: Sequence[int]) -> int | None:
    """The index of the hold that explains most of the removals at ``positions``."""
    shares = Counter(explained[p] for p in positions if explained.get(p) is not None)
    return max(shares, key=lambda hold: (shares[hold], -(hold or 0))) if shares else None


def _lane_hold(
    case: Case, scope: Scope, tripped: tuple[str, str], rest: list[int], total: int
) -> Raised:
    kind, school, role = scope
    rule, limit = tripped
    base = case.changeset.live.get(scope, 0)
    also = f" {total - len(rest):,} of them wait in other holds." if total > len(rest) else ""
    where = scope_words(kind, role, school, case.school_names)
    lost = [case.changeset.changes[p] for p in rest]
    a_run = " a run" if rule == "R2" else ""
    return Raised(
        rule=rule,
        title="too many removals",
        kind=kind,
        verb=verb_of(lost),
        school=school,
        role=role,
        count=len(rest),
        base=base,
        why=f"{share(total, base)} {where} would {fate_words(lost)}; the limit is {limit}{a_run}."
        f"{also}",
        cause="",
        whole_run=False,
        positions=frozenset(rest),
        approvers=2 if base and total * 2 >= base else 1,
    )
