"""Plain words for kinds, scopes and limits."""

from __future__ import annotations

from rollbook.roster.kind_words import PLURALS, SINGULARS
from rollbook.roster.kinds import Kind, RoleGroup

_PEOPLE: dict[RoleGroup, str] = {
    RoleGroup.STUDENT: "students",
    RoleGroup.STAFF: "staff",
    RoleGroup.GUARDIAN: "guardians",
}


def plural(kind: Kind, role: RoleGroup | None = None) -> str:
    """What several records of a kind are called."""
    return _PEOPLE[role] if role is not None else PLURALS[kind]


def scope_words(
    kind: Kind, role: RoleGroup | None, school: str | None, school_names: dict[str, str]
) -> str:
    """``students of Lincoln Elementary``; ``classes of the district``."""
    place = school_names.get(school, school) if school is not None else "the district"
    return f"{plural(kind, role)} of {place}"


def share(count: int, base: int) -> str:
    """``12 of 60 (20.0 %)``."""
    return f"{count:,} of {base:,} ({100 * count / base:.1f} %)" if base else f"{count:,} of 0"


def whole_scope_words(
    count: int, kind: Kind, school: str | None, school_names: dict[str, str]
) -> str:
    """``all 42 classes of the district``; ``the only org of Lincoln Elementary``."""
    where = scope_words(kind, None, school, school_names)
    if count != 1:
        return f"all {count:,} {where}"
    return f"the only {SINGULARS[kind]} {where.removeprefix(plural(kind)).strip()}"
