"""What of a person decides over their account."""

from __future__ import annotations

from typing import NamedTuple

from rollbook.roster.kinds import RoleGroup, role_group
from rollbook.roster.records import Values, text

FIELDS = (
    *("given_name", "middle_name", "family_name"),
    *("preferred_given_name", "preferred_middle_name", "preferred_family_name"),
    *("identifier", "grades", "primary_role", "primary_org_id", "enabled", "username", "email"),
)
"""The fields of a user that an account may hang on."""


class SchoolClass(NamedTuple):
    """A class as groups name it; a name or a code that is not asked for, or not known, is blank."""

    id: str
    name: str = ""
    code: str = ""


class Person(NamedTuple):
    """A person as the directory will hold them. ``gone`` is who leaves or has left.

    ``preferred`` and ``legal`` are given, middle and family name; ``grades`` as the source writes
    them, and ``year`` the year in which the school year ends that these are of, where it is known;
    ``merged_into`` is where the id of somebody who is gone leads. ``classes`` are those in which
    they have a seat, where a group asks for them.
    """

    id: str
    role: RoleGroup | None
    legal: tuple[str, str, str]
    preferred: tuple[str, str, str]
    number: str
    grades: tuple[str, ...]
    school: str | None
    enabled: bool
    sis_username: str
    sis_email: str
    gone: bool
    merged_into: str | None
    year: int | None = None
    classes: tuple[SchoolClass, ...] = ()


def person_of(
    person_id: str,
    values: Values,
    *,
    gone: bool = False,
    merged_into: str | None = None,
    year: int | None = None,
    classes: tuple[SchoolClass, ...] = (),
) -> Person:
    """The person whom a user's fields describe."""
    legal = tuple(text(values, f"{part}_name") or "" for part in _NAMES)
    preferred = tuple(
        text(values, f"preferred_{part}_name") or own
        for part, own in zip(_NAMES, legal, strict=True)
    )
    grades = values.get("grades")
    role = text(values, "primary_role")
    return Person(
        id=person_id,
        role=role_group(role) if role else None,
        legal=(legal[0], legal[1], legal[2]),
        preferred=(preferred[0], preferred[1], preferred[2]),
        number=text(values, "identifier") or "",
        grades=tuple(grades) if isinstance(grades, list) else (),
        school=text(values, "primary_org_id"),
        enabled=values.get("enabled") is not False,
        sis_username=text(values, "username") or "",
        sis_email=text(values, "email") or "",
        gone=gone,
        merged_into=merged_into,
        year=year,
        classes=classes,
    )


_NAMES = ("given", "middle", "family")
