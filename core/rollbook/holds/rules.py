"""Judging a changeset: ``judge(case) → holds``. Pure: the same case gives the same holds.

The rules and their defaults are those of the table in ``docs/concepts.md``: R0 wipe-out, R1 percent
with a floor, R2 absolute cap, R6 surge, R9 review. Every limit trips when it is reached, every
percentage is of what the directory held before the run, and adding a removal or lowering a limit
can only hold more.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from rollbook.changes.access import disables, takes_away, unenrolls
from rollbook.changes.changeset import Scope
from rollbook.changes.plan import scopes
from rollbook.changes.waiting import belongings, role_moves, spread
from rollbook.holds.cause import likely_cause
from rollbook.holds.judgement import Case, Raised
from rollbook.holds.words import plural, scope_words, share, whole_scope_words
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import KIND_ORDER, Kind, RoleGroup

_SCHOOL_FIELDS = frozenset({"school_id", "org_id", "primary_org_id"})

SEVERAL_SCHOOLS = 3
"""From so many schools on, and when they are most of them, a kind is held for the whole district:
one cause, one decision."""


def judge(case: Case) -> list[Raised]:
    """The holds of a changeset, whole-run holds first."""
    holds: list[Raised] = []
    removals = _removals_by_scope(case)
    wiped = _wipe_out(case, removals)
    holds += wiped
    if not case.inverse:
        holds += _surge(case)
        holds += _review(case)
    covered = {position for hold in wiped for position in hold.positions}
    return holds + _removal_lanes(case, removals, covered)


def _removals_by_scope(case: Case) -> dict[Scope, list[int]]:
    found: dict[Scope, list[int]] = defaultdict(list)
    for position in sorted(case.active):
        change = case.changeset.changes[position]
        if takes_away(change):
            for scope in scopes(change.kind, change.school, change.role):
                found[scope].append(position)
    return found


def _wipe_out(case: Case, removals: dict[Scope, list[int]]) -> list[Raised]:
    """R0: a kind that a school (or the district) had would have none left, or none let in."""
    changes = case.changeset.changes
    leaving = {
        scope: [p for p in positions if not unenrolls(changes[p])]
        for scope, positions in removals.items()
    }
    arriving: set[Scope] = set()
    for _, change in [*case.changes(Verb.ADD), *case.changes(Verb.UPDATE)]:
        if change.verb is Verb.ADD or (change.before or {}).keys() & _SCHOOL_FIELDS:
            arriving |= set(scopes(change.kind, change.school, None))
    wiped = [
        scope
        for scope, positions in leaving.items()
        if scope[2] is None
        and len(positions) >= case.changeset.live.get(scope, 0) > 0
        and scope not in arriving
    ]
    if not wiped:
        return []
    wiped.sort(
        key=lambda s: (s[0] is not Kind.USER, KIND_ORDER[s[0]], s[1] is not None, s[1] or "")
    )
    positions = frozenset(p for scope in wiped for p in leaving[scope])
    kinds = {scope[0] for scope in wiped}
    schools = {scope[1] for scope in wiped if scope[1] is not None}
    lines = [
        whole_scope_words(case.changeset.live[scope], scope[0], scope[1], case.school_names)
        for scope in wiped
        if scope[1] is None or (scope[0], None, None) not in wiped
    ]
    more = f" and {len(lines) - 4} more" if len(lines) > 4 else ""
    whole = any(school is None for _, school, _ in wiped)
    return [
        Raised(
            rule="R0",
            title="wipe-out",
            kind=kinds.pop() if len(kinds) == 1 else None,
            verb=Verb.REMOVE if all(changes[p].verb is Verb.REMOVE for p in positions) else None,
            school=schools.pop() if len(schools) == 1 and not whole else None,
            role=None,
            count=len(positions),
            base=_live_of(case, positions),
            why=f"Nothing would be left of {'; '.join(lines[:4])}{more}."
            if not any(disables(changes[p]) for p in positions)
            else f"Nobody would be let in any more of {'; '.join(lines[:4])}{more}.",
            cause=likely_cause(case, positions),
            whole_run=True,
            positions=frozenset(
                spread(belongings(changes), dict.fromkeys(positions, ""), len(changes))
            )
            & case.active,
        )
    ]


def _people_first(scope: Scope) -> tuple[bool, int, bool, str]:
    kind, school, _ = scope
    return kind is not Kind.USER, KIND_ORDER[kind], school is not None, school or ""


def _live_of(case: Case, positions: frozenset[int]) -> int:
    """Live records of the schools and kinds that the changes at ``positions`` touch."""
    changes = case.changeset.changes
    touched = {(changes[p].kind, changes[p].school, None) for p in positions}
    return sum(case.changeset.live.get(scope, 0) for scope in touched) or sum(
        case.changeset.live.get((kind, None, None), 0) for kind, _, _ in touched
    )


def _removal_lanes(case: Case, removals: dict[Scope, list[int]], covered: set[int]) -> list[Raised]:
    """R1 and R2: too many removals in a scope, narrow scopes first.

    A wider scope that trips holds what no narrower hold has. What leaves just because the person
    or the class that it belongs to leaves goes with these, in one hold and one decision. A role
    that its holder gets again at another school is moved, not removed.
    """
    changes = case.changeset.changes
    owned = belongings(changes)
    moved = role_moves(changes)
    counted = {
        scope: [p for p in positions if p not in moved] for scope, positions in removals.items()
    }
    explained = set(spread(owned, dict.fromkeys(covered, ""), len(changes)))
    everywhere = _district_wide(case, counted)
    own: dict[Kind, set[int]] = defaultdict(set)
    holds: list[Raised] = []
    for scope in sorted(counted, key=_narrow_first):
        kind, school, role = scope
        if school is not None and (kind, role) in everywhere:
            continue
        tripped = _limit_reached(case, scope, len(counted[scope]))
        rest = [p for p in counted[scope] if p not in explained]
        if tripped is None or not rest:
            continue
        explained |= set(spread(owned, dict.fromkeys(rest, ""), len(changes)))
        alone = len(rest) + sum(p in own[kind] for p in counted[scope])
        if len(rest) < len(counted[scope]) and _limit_reached(case, scope, alone) is None:
            joined = _owner_of_most(holds, owned, counted[scope], len(changes))
            if joined is not None:
                hold = holds[joined]
                holds[joined] = replace(hold, positions=hold.positions | frozenset(rest))
                continue
        own[kind] |= set(rest)
        holds.append(_lane_hold(case, scope, tripped, rest, len(counted[scope])))
    return holds


def _narrow_first(scope: Scope) -> tuple[int, int, str, str]:
    kind, school, role = scope
    width = 2 * (school is None) + (role is None)
    return KIND_ORDER[kind], width, school or "", role or ""


def _district_wide(
    case: Case, counted: dict[Scope, list[int]]
) -> set[tuple[Kind, RoleGroup | None]]:
    """Kinds and role groups that trip in the district and in most of its schools."""
    schools: dict[tuple[Kind, RoleGroup | None], int] = Counter()
    tripped: dict[tuple[Kind, RoleGroup | None], int] = Counter()
    for kind, school, role in case.changeset.live:
        schools[kind, role] += school is not None
    for scope, positions in counted.items():
        kind, school, role = scope
        if school is not None and _limit_reached(case, scope, len(positions)):
            tripped[kind, role] += 1
    return {
        lane
        for lane, number in tripped.items()
        if number >= SEVERAL_SCHOOLS
        and number * 2 > schools[lane]
        and _limit_reached(
            case, (lane[0], None, lane[1]), len(counted.get((lane[0], None, lane[1]), ()))
        )
    }


def _owner_of_most(
    holds: list[Raised], owned: dict[int, list[int]], positions: list[int], among: int
) -> int | None:
    """The index of the hold that explains most of the removals at ``positions``."""
    shares = [
        len(spread(owned, dict.fromkeys(hold.positions, ""), among).keys() & set(positions))
        for hold in holds
    ]
    best = max(range(len(shares)), key=shares.__getitem__, default=None)
    return best if best is not None and shares[best] else None


def _lane_hold(
    case: Case, scope: Scope, tripped: tuple[str, str], rest: list[int], total: int
) -> Raised:
    kind, school, role = scope
    rule, limit = tripped
    base = case.changeset.live.get(scope, 0)
    also = f" {total - len(rest):,} of them wait in other holds." if total > len(rest) else ""
    where = scope_words(kind, role, school, case.school_names)
    lost = [case.changeset.changes[p] for p in rest]
    return Raised(
        rule=rule,
        title="too many removals",
        kind=kind,
        verb=Verb.REMOVE if any(c.verb is Verb.REMOVE for c in lost) else Verb.UPDATE,
        school=school,
        role=role,
        count=len(rest),
        base=base,
        why=f"{share(total, base)} {where} would {_fate_words(lost)}; the limit is {limit}.{also}",
        cause=likely_cause(case, frozenset(rest)),
        whole_run=False,
        positions=frozenset(rest),
    )


def _fate_words(lost: Sequence[Change]) -> str:
    if all(change.verb is Verb.REMOVE for change in lost):
        return "be removed"
    if all(disables(change) for change in lost):
        return "be disabled"
    if all(unenrolls(change) for change in lost):
        return "go to another person or class"
    return "be removed or lose access"


def _limit_reached(case: Case, scope: Scope, removals: int) -> tuple[str, str] | None:
    """The rule that a number of removals trips in a scope, with its limit in words."""
    limits = case.thresholds
    kind, school, role = scope
    if school is None and role is None:
        caps = {
            Kind.USER: limits.removal_cap_user,
            Kind.ENROLLMENT: limits.removal_cap_enrollment,
        }
        if kind in caps and removals >= caps[kind]:
            return "R2", f"{caps[kind]:,} {plural(kind)} a run"
    base = case.changeset.live.get(scope, 0)
    if removals >= limits.removal_floor and removals * 100 >= limits.removal_percent * base:
        return "R1", f"{limits.removal_percent:g} %, from {limits.removal_floor} up"
    return None


def _surge(case: Case) -> list[Raised]:
    """R6: a kind grows by more than it should overnight; the first run is spared."""
    if case.first:
        return []
    added: dict[Kind, list[int]] = defaultdict(list)
    for position, change in case.changes(Verb.ADD):
        added[change.kind].append(position)
    limits = case.thresholds
    tripped = [
        kind
        for kind, positions in added.items()
        if len(positions) >= limits.surge_floor
        and len(positions) * 100
        >= limits.surge_percent * case.changeset.live.get((kind, None, None), 0)
    ]
    if not tripped:
        return []
    positions = frozenset(p for kind in tripped for p in added[kind])
    base = sum(case.changeset.live.get((kind, None, None), 0) for kind in tripped)
    lines = [
        f"{len(added[kind]):,} new {plural(kind)} "
        f"on top of {case.changeset.live.get((kind, None, None), 0):,}"
        for kind in tripped
    ]
    return [
        Raised(
            rule="R6",
            title="surge",
            kind=tripped[0] if len(tripped) == 1 else None,
            verb=Verb.ADD,
            school=None,
            role=None,
            count=len(positions),
            base=base,
            why=f"{'; '.join(lines)}; the limit is {limits.surge_percent:g} %, "
            f"from {limits.surge_floor} up.",
            cause=likely_cause(case, positions),
            whole_run=True,
            positions=positions,
        )
    ]


def _review(case: Case) -> list[Raised]:
    """R9: the first run, the first after a long pause, the first under another policy."""
    if not case.review or not case.active:
        return []
    return [
        Raised(
            rule="R9",
            title="first run" if case.first else "review",
            kind=None,
            verb=None,
            school=None,
            role=None,
            count=len(case.active),
            base=sum(case.changeset.live.get((kind, None, None), 0) for kind in Kind),
            why=f"{case.review} All {len(case.active):,} changes wait until a person has looked.",
            cause="This is expected: look at the counts, and approve if they are those of the "
            "district.",
            whole_run=True,
            positions=case.active,
        )
    ]
