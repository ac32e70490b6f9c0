"""R5: too many records of a kind change at once, in any way, in a key field, or to blank."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import replace

from rollbook.changes.changeset import Scope
from rollbook.changes.plan import scopes
from rollbook.holds.judgement import Case, Raised
from rollbook.holds.removals import wide_first
from rollbook.holds.words import scope_words, share
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.records import EXTENSIONS

KEY_FIELDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.COURSE: ("org_id",),
    Kind.CLASS: ("school_id", "course_id"),
    Kind.USER: (
        "username",
        "email",
        "identifier",
        "family_name",
        "given_name",
        "primary_role",
        "primary_org_id",
    ),
    Kind.ENROLLMENT: ("role", "school_id"),
    Kind.DEMOGRAPHICS: ("birth_date",),
}
"""Fields by which other systems know a record, or from which accounts and access are derived."""

Updates = dict[Scope, list[int]]


def mass_update(case: Case, covered: Set[int]) -> list[Raised]:
    """The updates over a limit, wide scopes first; ``covered`` positions are held already."""
    taken = set(covered)
    changed: Updates = defaultdict(list)
    keyed: dict[str, Updates] = defaultdict(lambda: defaultdict(list))
    blanked: dict[tuple[Kind, str], list[int]] = defaultdict(list)
    for position, change in case.changes(Verb.UPDATE):
        within = scopes(change.kind, change.school, change.role)
        before, after = change.before or {}, change.after or {}
        for field in (*before, *(name for name in after if name not in before)):
            if field in KEY_FIELDS.get(change.kind, ()):
                for scope in within:
                    keyed[field][scope].append(position)
        for field in blanked_fields(change):
            blanked[change.kind, field].append(position)
        for scope in within:
            changed[scope].append(position)
    limits = case.thresholds
    holds: list[Raised] = []
    for field, updates in sorted(keyed.items()):
        holds += _over(case, updates, limits.key_update_percent, field, taken)
    holds += _over(case, changed, limits.update_percent, "", taken)
    holds += _blanked(case, blanked, taken)
    return holds


def blanked_fields(change: Change) -> list[str]:
    """The fields that an update leaves without a value."""
    after = change.after or {}
    return [name for name in change.before or {} if name not in after and name != EXTENSIONS]


def _over(case: Case, updates: Updates, limit: float, field: str, taken: set[int]) -> list[Raised]:
    """The updates over a limit. Where a narrower scope changes by half, two people decide about
    the wider one that holds it."""
    holds: list[Raised] = []
    owner: dict[int, int] = {}
    for scope in sorted(updates, key=wide_first):
        positions = updates[scope]
        base = case.changeset.live.get(scope, 0)
        floor = case.thresholds.update_floor
        if len(positions) < floor or len(positions) * 100 < limit * base:
            continue
        if len(positions) * 2 >= base:
            for index in {owner[p] for p in positions if p in owner}:
                holds[index] = replace(holds[index], approvers=2)
        rest = [p for p in positions if p not in taken]
        if not rest:
            continue
        taken |= set(rest)
        owner |= dict.fromkeys(rest, len(holds))
        kind, school, role = scope
        where = scope_words(kind, role, school, case.school_names)
        what = f"get another {_field_words(field)}" if field else "be changed"
        also = _also(len(positions), len(rest))
        why = (
            f"{share(len(positions), base)} {where} would {what}; "
            f"the limit is {limit:g} %, from {floor} up.{also}"
        )
        holds.append(_hold(case, scope, rest, why))
    return holds


def _blanked(
    case: Case, blanked: Mapping[tuple[Kind, str], list[int]], taken: set[int]
) -> list[Raised]:
    """A field that goes blank for most of those who have it: its column may be missing."""
    holds: list[Raised] = []
    limits = case.thresholds
    for (kind, field), positions in sorted(blanked.items()):
        filled = case.filled.get((kind, field), 0)
        rest = [p for p in positions if p not in taken]
        if len(positions) < limits.update_floor or not filled or not rest:
            continue
        if len(positions) * 100 < limits.update_percent * filled:
            continue
        taken |= set(rest)
        why = (
            f"{share(len(positions), filled)} values of {_field_words(field)} "
            f"of {scope_words(kind, None, None, case.school_names)} would be blank; the limit is "
            f"{limits.update_percent:g} %, from {limits.update_floor} up."
            f"{_also(len(positions), len(rest))}"
        )
        holds.append(_hold(case, (kind, None, None), rest, why))
    return holds


def _also(total: int, rest: int) -> str:
    return f" {total - rest:,} of them wait in other holds." if total > rest else ""


def _hold(case: Case, scope: Scope, rest: list[int], why: str) -> Raised:
    kind, school, role = scope
    return Raised(
        rule="R5",
        title="mass update",
        kind=kind,
        verb=Verb.UPDATE,
        school=school,
        role=role,
        count=len(rest),
        base=case.changeset.live.get(scope, 0),
        why=why,
        cause=_cause(case, rest),
        whole_run=False,
        positions=frozenset(rest),
    )


def _cause(case: Case, positions: list[int]) -> str:
    """Which field changes most, and whether it goes blank."""
    fields: dict[str, int] = defaultdict(int)
    blank: dict[str, int] = defaultdict(int)
    for position in positions:
        change = case.changeset.changes[position]
        for field in (change.before or {}).keys() | (change.after or {}).keys():
            fields[field] += 1
        for field in blanked_fields(change):
            blank[field] += 1
    most = max(sorted(fields), key=fields.__getitem__)
    if blank[most] * 10 >= len(positions) * 9:
        return (
            f"{_field_words(most)} goes blank in {blank[most]:,} of {len(positions):,}: "
            "the column may be missing from the export."
        )
    return (
        f"{_field_words(most)} changes in {fields[most]:,} of {len(positions):,}: "
        "a column may have been swapped, re-encoded or filled by another rule."
    )


def _field_words(field: str) -> str:
    return field.removesuffix("_id").replace("_", " ")
