"""Judging a changeset: ``judge(case) → holds``. Pure: the same case gives the same holds.

The rules and their defaults are those of the table in ``docs/concepts.md``: R0 wipe-out, R1 percent
with a floor, R2 absolute cap, R6 surge, R9 review. Every limit trips when it is reached, every
percentage is of what the directory held before the run, and adding a removal or lowering a limit
can only hold more.
"""

from __future__ import annotations

from collections import defaultdict

from rollbook.changes.changeset import Scope
from rollbook.changes.plan import scopes
from rollbook.changes.waiting import dependents, spread
from rollbook.holds.cause import likely_cause
from rollbook.holds.judgement import Case, Raised
from rollbook.holds.words import plural, scope_words, share
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import KIND_ORDER, Kind


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
    for position, change in case.changes(Verb.REMOVE):
        for scope in scopes(change.kind, change.school, change.role):
            found[scope].append(position)
    return found


def _wipe_out(case: Case, removals: dict[Scope, list[int]]) -> list[Raised]:
    """R0: a kind that a school (or the district) had would have none left."""
    added: dict[Scope, int] = defaultdict(int)
    for verb in (Verb.ADD, Verb.UPDATE):
        for _, change in case.changes(verb):
            if verb is Verb.ADD or (change.before or {}).keys() & {
                "school_id",
                "org_id",
                "primary_org_id",
            }:
                added[change.kind, change.school, None] += 1
    wiped = [
        scope
        for scope, positions in removals.items()
        if scope[2] is None
        and len(positions) >= case.changeset.live.get(scope, 0) > 0
        and not added[scope]
    ]
    if not wiped:
        return []
    wiped.sort(key=lambda s: (KIND_ORDER[s[0]], s[1] is not None, s[1] or ""))
    positions = frozenset(p for scope in wiped for p in removals[scope])
    kinds = {scope[0] for scope in wiped}
    schools = {scope[1] for scope in wiped if scope[1] is not None}
    lines = [
        f"all {case.changeset.live[scope]:,} "
        f"{scope_words(scope[0], None, scope[1], case.school_names)}"
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
            verb=Verb.REMOVE,
            school=schools.pop() if len(schools) == 1 and not whole else None,
            role=None,
            count=len(positions),
            base=_live_of(case, positions),
            why=f"Nothing would be left of {'; '.join(lines[:4])}{more}.",
            cause=likely_cause(case, positions),
            whole_run=True,
            positions=positions,
        )
    ]


def _live_of(case: Case, positions: frozenset[int]) -> int:
    """Live records of the schools and kinds that the changes at ``positions`` touch."""
    changes = case.changeset.changes
    touched = {(changes[p].kind, changes[p].school, None) for p in positions}
    return sum(case.changeset.live.get(scope, 0) for scope in touched) or sum(
        case.changeset.live.get((kind, None, None), 0) for kind, _, _ in touched
    )


def _removal_lanes(case: Case, removals: dict[Scope, list[int]], covered: set[int]) -> list[Raised]:
    """R1 and R2: too many removals in a scope, narrow scopes first.

    A wider scope that trips holds what no narrower hold has. What trips just because people or
    classes leave that are held already goes with these, in one hold and one decision.
    """
    edges = dependents(case.changeset.changes)
    held = set(spread(edges, dict.fromkeys(covered, ""), len(case.changeset.changes)))
    holds: list[Raised] = []
    width = {(True, True): 0, (True, False): 1, (False, True): 2, (False, False): 3}
    order = sorted(
        removals,
        key=lambda s: (
            KIND_ORDER[s[0]],
            width[s[1] is not None, s[2] is not None],
            s[1] or "",
            s[2] or "",
        ),
    )
    own: dict[Kind, set[int]] = defaultdict(set)
    for scope in order:
        tripped = _limit_reached(case, scope, len(removals[scope]))
        rest = [p for p in removals[scope] if p not in held]
        if tripped is None or not rest:
            continue
        kind, school, role = scope
        alone = [p for p in removals[scope] if p not in held or p in own[kind]]
        if len(rest) < len(removals[scope]) and _limit_reached(case, scope, len(alone)) is None:
            positions = frozenset(rest)
            joined = _join(case, holds, kind, school, positions, edges)
            held |= set(spread(edges, dict.fromkeys(rest, ""), len(case.changeset.changes)))
            if joined:
                continue
        rule, limit = tripped
        positions = frozenset(rest)
        base = case.changeset.live.get(scope, 0)
        total = len(removals[scope])
        also = f" {total - len(rest):,} of them wait in other holds." if total > len(rest) else ""
        holds.append(
            Raised(
                rule=rule,
                title="too many removals",
                kind=kind,
                verb=Verb.REMOVE,
                school=school,
                role=role,
                count=len(rest),
                base=base,
                why=f"{share(total, base)} {scope_words(kind, role, school, case.school_names)} "
                f"would be removed; the limit is {limit}.{also}",
                cause=likely_cause(case, positions),
                whole_run=False,
                positions=positions,
            )
        )
        own[kind] |= positions
        held |= set(spread(edges, dict.fromkeys(rest, ""), len(case.changeset.changes)))
    return holds


def _join(
    case: Case,
    holds: list[Raised],
    kind: Kind,
    school: str | None,
    positions: frozenset[int],
    edges: dict[int, list[int]],
) -> bool:
    """Put ``positions`` into the lane hold that the rest of their scope waits for, if any."""
    for index in reversed(range(len(holds))):
        hold = holds[index]
        reached = spread(edges, dict.fromkeys(hold.positions, ""), len(case.changeset.changes))
        if any(
            case.changeset.changes[p].kind is kind
            and (school is None or case.changeset.changes[p].school == school)
            for p in reached
        ):
            holds[index] = Raised(
                rule=hold.rule,
                title=hold.title,
                kind=hold.kind,
                verb=hold.verb,
                school=hold.school,
                role=hold.role,
                count=hold.count,
                base=hold.base,
                why=hold.why,
                cause=hold.cause,
                whole_run=hold.whole_run,
                positions=hold.positions | positions,
            )
            return True
    return False


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
