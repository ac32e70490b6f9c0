"""R5: too many records of a kind change at once, in any way, in a key field, or to blank."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from rollbook.changes.changeset import Scope
from rollbook.changes.positions import Mask, Places, Positions, places_of
from rollbook.holds.judgement import Case, Raised
from rollbook.holds.removals import wide_first
from rollbook.holds.several_schools import widespread
from rollbook.holds.words import scope_words, share
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind

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

Updates = Mapping[Scope, Places]


def mass_update(case: Case, covered: Mask) -> list[Raised]:
    """The updates over a limit, wide scopes first; ``covered`` positions are held already."""
    columns, limits = case.columns, case.thresholds
    updates = places_of(columns.of(verb=Verb.UPDATE) & case.deviating())
    if len(updates) < limits.update_floor:
        return []
    taken = covered.copy()
    present = [columns.shapes[number] for number in np.unique(columns.shape[updates]).tolist()]
    holds: list[Raised] = []
    for field in sorted({f for s in present for f in s.touched & _key_fields(s.kind)}):
        with_key = columns.shaped(
            field in shape.touched & _key_fields(shape.kind) for shape in columns.shapes
        )
        keyed = columns.by_scope(updates[with_key[updates]])
        holds += _over(case, keyed, limits.key_update_percent, field, taken)
    holds += _over(case, columns.by_scope(updates), limits.update_percent, "", taken)
    for kind, field in sorted({(shape.kind, f) for shape in present for f in shape.blanked}):
        without = columns.shaped(
            shape.kind is kind and field in shape.blanked for shape in columns.shapes
        )
        holds += _blanked(case, kind, field, updates[without[updates]], taken)
    return holds


def _key_fields(kind: Kind) -> frozenset[str]:
    return frozenset(KEY_FIELDS.get(kind, ()))


def _over(case: Case, updates: Updates, limit: float, field: str, taken: Mask) -> list[Raised]:
    """The updates over a limit, in many schools or in few. Where a narrower scope changes by half,
    two people decide about the wider one that holds it."""
    holds: list[Raised] = []
    owner = np.full(len(taken), -1, np.int32)
    floor, live = case.thresholds.update_floor, case.changeset.live

    def is_over(scope: Scope, positions: Places) -> bool:
        return len(positions) >= max(floor, limit * live.get(scope, 0) / 100)

    everywhere = widespread(updates, live, is_over)
    for scope in sorted(updates, key=wide_first):
        kind, school, role = scope
        positions, base, words = updates[scope], live.get(scope, 0), f"{limit:g} %, from {floor} up"
        if not is_over(scope, positions):
            many = everywhere.get((kind, role)) if school is None else None
            if many is None:
                continue
            positions, words = many.places, many.limit_words(words)
        if len(positions) * 2 >= base:
            for index in np.unique(owner[positions]).tolist():
                if index >= 0:
                    holds[index] = replace(holds[index], approvers=2)
        rest = positions[~taken[positions]]
        if not len(rest):
            continue
        taken[rest] = True
        owner[rest] = len(holds)
        where = scope_words(kind, role, school, case.school_names)
        what = f"get another {_field_words(field)}" if field else "be changed"
        also = _also(len(positions), len(rest))
        why = f"{share(len(positions), base)} {where} would {what}; the limit is {words}.{also}"
        holds.append(_hold(case, scope, rest, why))
    return holds


def _blanked(case: Case, kind: Kind, field: str, positions: Places, taken: Mask) -> list[Raised]:
    """A field that goes blank for most of those who have it: its column may be missing."""
    limits = case.thresholds
    filled = case.filled.get((kind, field), 0)
    rest = positions[~taken[positions]]
    if len(positions) < limits.update_floor or not filled or not len(rest):
        return []
    if len(positions) * 100 < limits.update_percent * filled:
        return []
    taken[rest] = True
    why = (
        f"{share(len(positions), filled)} values of {_field_words(field)} "
        f"of {scope_words(kind, None, None, case.school_names)} would be blank; the limit is "
        f"{limits.update_percent:g} %, from {limits.update_floor} up."
        f"{_also(len(positions), len(rest))}"
    )
    return [_hold(case, (kind, None, None), rest, why)]


def _also(total: int, rest: int) -> str:
    return f" {total - rest:,} of them wait in other holds." if total > rest else ""


def _hold(case: Case, scope: Scope, rest: Places, why: str) -> Raised:
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
        positions=Positions(rest),
    )


def _cause(case: Case, positions: Places) -> str:
    """Which field changes most, and whether it goes blank."""
    fields: dict[str, int] = defaultdict(int)
    blank: dict[str, int] = defaultdict(int)
    numbers = np.bincount(case.columns.shape[positions]).tolist()
    for shape, number in zip(case.columns.shapes, numbers, strict=False):
        for field in shape.touched if number else ():
            fields[field] += number
        for field in shape.blanked:
            blank[field] += number
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
