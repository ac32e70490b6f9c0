"""The kinds of record that a directory holds, their fields and what they refer to.

Names follow OneRoster 1.2 (CSV binding), in snake case and with ``_id`` for a ``SourcedId``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """A kind of record. The order is the order of application: what is referred to comes first."""

    ORG = "org"
    ACADEMIC_SESSION = "academic_session"
    COURSE = "course"
    CLASS = "class"
    USER = "user"
    ROLE = "role"
    ENROLLMENT = "enrollment"
    GUARDIAN = "guardian"
    DEMOGRAPHICS = "demographics"

    @property
    def comes_before_people(self) -> bool:
        """Whether records of the kind refer to no people."""
        return self in _BEFORE_PEOPLE


_BEFORE_PEOPLE = (Kind.ORG, Kind.ACADEMIC_SESSION, Kind.COURSE, Kind.CLASS)


KIND_ORDER: dict[Kind, int] = {kind: position for position, kind in enumerate(Kind)}


class FieldType(StrEnum):
    """How a field's value is held: text, true/false, an ISO date, or a list of texts."""

    TEXT = "text"
    FLAG = "flag"
    DATE = "date"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Reference:
    """``field`` holds the id (or, for a list field, the ids) of records of ``kind``.

    ``owner`` says that the record has no life of its own: it leaves when what it refers to leaves.
    """

    field: str
    kind: Kind
    owner: bool = False


@dataclass(frozen=True, slots=True)
class KindShape:
    """The fields of a kind, in the order in which they are shown, and its references."""

    kind: Kind
    fields: dict[str, FieldType]
    references: tuple[Reference, ...] = ()


_T, _F, _D, _L = FieldType.TEXT, FieldType.FLAG, FieldType.DATE, FieldType.LIST

SHAPES: dict[Kind, KindShape] = {
    Kind.ORG: KindShape(
        Kind.ORG,
        {"name": _T, "type": _T, "identifier": _T, "parent_id": _T},
        (Reference("parent_id", Kind.ORG),),
    ),
    Kind.ACADEMIC_SESSION: KindShape(
        Kind.ACADEMIC_SESSION,
        {
            "title": _T,
            "type": _T,
            "start_date": _D,
            "end_date": _D,
            "parent_id": _T,
            "school_year": _T,
        },
        (Reference("parent_id", Kind.ACADEMIC_SESSION),),
    ),
    Kind.COURSE: KindShape(
        Kind.COURSE,
        {
            "title": _T,
            "course_code": _T,
            "grades": _L,
            "org_id": _T,
            "school_year_id": _T,
            "subjects": _L,
            "subject_codes": _L,
        },
        (
            Reference("org_id", Kind.ORG, owner=True),
            Reference("school_year_id", Kind.ACADEMIC_SESSION),
        ),
    ),
    Kind.CLASS: KindShape(
        Kind.CLASS,
        {
            "title": _T,
            "class_code": _T,
            "class_type": _T,
            "grades": _L,
            "location": _T,
            "course_id": _T,
            "school_id": _T,
            "term_ids": _L,
            "subjects": _L,
            "subject_codes": _L,
            "periods": _L,
        },
        (
            Reference("school_id", Kind.ORG, owner=True),
            Reference("course_id", Kind.COURSE),
            Reference("term_ids", Kind.ACADEMIC_SESSION),
        ),
    ),
    Kind.USER: KindShape(
        Kind.USER,
        {
            "given_name": _T,
            "middle_name": _T,
            "family_name": _T,
            "preferred_given_name": _T,
            "preferred_middle_name": _T,
            "preferred_family_name": _T,
            "pronouns": _T,
            "username": _T,
            "email": _T,
            "identifier": _T,
            "grades": _L,
            "primary_role": _T,
            "primary_org_id": _T,
            "enabled": _F,
            "sms": _T,
            "phone": _T,
            "user_ids": _L,
            "master_identifier": _T,
            "resource_ids": _L,
        },
        (Reference("primary_org_id", Kind.ORG),),
    ),
    Kind.ROLE: KindShape(
        Kind.ROLE,
        {
            "user_id": _T,
            "role": _T,
            "role_type": _T,
            "org_id": _T,
            "begin_date": _D,
            "end_date": _D,
        },
        (
            Reference("user_id", Kind.USER, owner=True),
            Reference("org_id", Kind.ORG, owner=True),
        ),
    ),
    Kind.ENROLLMENT: KindShape(
        Kind.ENROLLMENT,
        {
            "user_id": _T,
            "class_id": _T,
            "role": _T,
            "primary": _F,
            "school_id": _T,
            "begin_date": _D,
            "end_date": _D,
        },
        (
            Reference("user_id", Kind.USER, owner=True),
            Reference("class_id", Kind.CLASS, owner=True),
            Reference("school_id", Kind.ORG),
        ),
    ),
    Kind.GUARDIAN: KindShape(
        Kind.GUARDIAN,
        {"student_id": _T, "guardian_id": _T},
        (
            Reference("student_id", Kind.USER, owner=True),
            Reference("guardian_id", Kind.USER, owner=True),
        ),
    ),
    Kind.DEMOGRAPHICS: KindShape(
        Kind.DEMOGRAPHICS,
        {
            "birth_date": _D,
            "sex": _T,
            "american_indian_or_alaska_native": _F,
            "asian": _F,
            "black_or_african_american": _F,
            "native_hawaiian_or_other_pacific_islander": _F,
            "white": _F,
            "two_or_more_races": _F,
            "hispanic_or_latino": _F,
            "country_of_birth": _T,
            "state_of_birth": _T,
            "city_of_birth": _T,
            "public_school_residence_status": _T,
        },
    ),
}
"""Shape of each kind. ``demographics`` has the id of its user; the rest have their own ids."""


class RoleGroup(StrEnum):
    """People are judged by what they are: a school's teachers must not hide among its students."""

    STUDENT = "student"
    STAFF = "staff"
    GUARDIAN = "guardian"


GUARDIAN_ROLES = frozenset({"parent", "guardian", "relative"})


ADMINISTRATORS = frozenset(
    {
        "administrator",
        "districtAdministrator",
        "principal",
        "siteAdministrator",
        "systemAdministrator",
    }
)
"""OneRoster roles that may do more than others: no sync takes one away by itself."""


def role_group(role: str | None) -> RoleGroup:
    """The group of a OneRoster role; every role that is neither student nor family is staff."""
    if role == "student":
        return RoleGroup.STUDENT
    return RoleGroup.GUARDIAN if role in GUARDIAN_ROLES else RoleGroup.STAFF
