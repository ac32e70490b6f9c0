"""Objects of Clever's API as rows of the normal set."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from rollbook.roster.records import derived_id
from rollbook.sources.clever_api.dates import iso_day, school_year
from rollbook.sources.clever_api.words import (
    AIDE,
    FAMILY,
    GRADES,
    GUARDIAN,
    HOMEROOM,
    RACES,
    SEXES,
    STAFF,
    YES_NO,
)
from rollbook.sources.json_cells import Object, listed, text, texts

Row = dict[str, str]

ROLES = ("district_admin", "staff", "teacher", "student", "contact")
"""What somebody may be, the roles that count for more first: the first one is the primary one."""


_CLOSEST = ("parent", GUARDIAN, "relative")
"""What somebody is who is several things to several students: the first of these."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role of a user at an org."""

    role: str
    org: str
    primary: bool


def district(one: Object) -> Row:
    """A row of orgs.csv."""
    return {
        "sourcedId": text(one.get("id")),
        "name": text(one.get("name")),
        "type": "district",
        "identifier": text(one.get("nces_id")),
    }


def school(one: Object) -> Row:
    """A row of orgs.csv."""
    return {
        "sourcedId": text(one.get("id")),
        "name": text(one.get("name")),
        "type": "school",
        "identifier": text(one.get("state_id")) or text(one.get("school_number")),
        "parentSourcedId": text(one.get("district")),
    }


def term(one: Object) -> Row:
    """A row of academicSessions.csv; the school year is that in which the term ends."""
    ends = iso_day(text(one.get("end_date")))
    return {
        "sourcedId": text(one.get("id")),
        "title": text(one.get("name")),
        "type": "term",
        "startDate": iso_day(text(one.get("start_date"))),
        "endDate": ends,
        "schoolYear": school_year(ends),
    }


def course(one: Object) -> Row:
    """A row of courses.csv; Clever's courses belong to the district."""
    return {
        "sourcedId": text(one.get("id")),
        "title": text(one.get("name")),
        "courseCode": text(one.get("number")),
        "orgSourcedId": text(one.get("district")),
    }


def section(one: Object) -> Row:
    """A row of classes.csv."""
    subject = text(one.get("subject"))
    return {
        "sourcedId": text(one.get("id")),
        "title": text(one.get("name")),
        "classType": "homeroom" if subject == HOMEROOM else "scheduled",
        "classCode": text(one.get("section_number")),
        "schoolSourcedId": text(one.get("school")),
        "courseSourcedId": text(one.get("course")),
        "termSourcedIds": text(one.get("term_id")),
        "grades": _grade(one.get("grade")),
        "subjects": listed(texts(subject)),
        "periods": listed(texts(one.get("period"))),
    }


def enrollments(one: Object) -> Iterator[Row]:
    """Rows of enrollments.csv of a section; their ids are made of section, person and role."""
    source_id, where = text(one.get("id")), text(one.get("school"))
    first = text(one.get("teacher"))
    teachers = texts([first, *_list(one.get("teachers"))])
    for role, people in (("teacher", teachers), ("student", texts(one.get("students")))):
        for person in dict.fromkeys(people):
            row = {
                "sourcedId": derived_id(source_id, person, role),
                "classSourcedId": source_id,
                "schoolSourcedId": where,
                "userSourcedId": person,
                "role": role,
            }
            if role == "teacher":
                row["primary"] = text(person == (first or teachers[0]))
            yield row


def user(one: Object, contact_types: Collection[str] | None = None) -> Row:
    """A row of users.csv. ``contact_types`` are those of a contact's relations that count."""
    name, roles = _part(one, "name"), _part(one, "roles")
    preferred = _part(_part(roles, "student"), "preferred_name")
    contact = _part(roles, "contact")
    email = text(one.get("email"))
    student = _part(roles, "student")
    return {
        "sourcedId": text(one.get("id")),
        "enabledUser": "true",
        "username": _username(roles) or email,
        "userIds": listed(_user_ids(roles)),
        "givenName": text(name.get("first")),
        "middleName": text(name.get("middle")),
        "familyName": text(name.get("last")),
        "preferredGivenName": text(preferred.get("first")),
        "preferredMiddleName": text(preferred.get("middle")),
        "preferredFamilyName": text(preferred.get("last")),
        "identifier": _identifier(roles),
        "email": email,
        **_phones(contact),
        "agentSourcedIds": listed(_students(contact, contact_types)),
        "grades": _grade(student.get("grade")),
        "metadata.graduationYear": text(student.get("graduation_year")),
    }


def roles(one: Object, where: str) -> list[Role]:
    """A user's roles; ``where`` is the district, at which people are who are at no school.

    Every role is at every school that Clever names for it, the first role at the first of them
    the primary one.
    """
    found: dict[tuple[str, str], None] = {}
    own = _part(one, "roles")
    for name in ROLES:
        role = own.get(name)
        if isinstance(role, dict):
            for org in _schools(role) or [where]:
                found[_word(name, role), org] = None
    return [Role(role, org, at == 0) for at, (role, org) in enumerate(found)]


def number_of_roles(one: Object) -> int:
    """How many of Clever's roles somebody has."""
    own = _part(one, "roles")
    return sum(isinstance(own.get(name), dict) for name in ROLES)


def has_role(one: Object, roles: Collection[str]) -> bool:
    """Whether somebody has one of these of Clever's roles."""
    own = _part(one, "roles")
    return any(isinstance(own.get(name), dict) for name in roles)


def demographics(one: Object) -> Row | None:
    """A row of demographics.csv; ``None`` for somebody of whom Clever says nothing of the sort."""
    student = _part(_part(one, "roles"), "student")
    race = text(student.get("race"))
    row = {
        "birthDate": iso_day(text(student.get("dob"))),
        "sex": _mapped(SEXES, student.get("gender")),
        "hispanicOrLatinoEthnicity": _mapped(YES_NO, student.get("hispanic_ethnicity")),
    }
    if race in RACES:
        row |= {column: text(race == word) for word, column in RACES.items()}
    if not any(row.values()):
        return None
    return {"sourcedId": text(one.get("id")), **row}


def _word(name: str, role: Object) -> str:
    match name:
        case "district_admin":
            return "districtAdministrator"
        case "staff":
            said = [*texts(role.get("roles")), text(role.get("title"))]
            return next((STAFF[word] for word in said if word in STAFF), AIDE)
        case "contact":
            related = [text(one.get("relationship")) for one in _relations(role)]
            words = {FAMILY.get(word, GUARDIAN) for word in related}
            return next(
                (word for word in ("parent", GUARDIAN, "relative") if word in words), GUARDIAN
            )
    return name


def _schools(role: Object) -> list[str]:
    return list(dict.fromkeys(texts([role.get("school"), *_list(role.get("schools"))])))


def _username(roles: Object) -> str:
    for name in ROLES:
        if found := text(_part(_part(roles, name), "credentials").get("district_username")):
            return found
    return ""


def _identifier(roles: Object) -> str:
    for name, field in (
        ("student", "student_number"),
        ("teacher", "teacher_number"),
        ("staff", "staff_id"),
    ):
        if found := text(_part(roles, name).get(field)):
            return found
    return ""


def _user_ids(roles: Object) -> Iterator[str]:
    for kind, field in (("sis", "sis_id"), ("state", "state_id")):
        named = [text(_part(roles, name).get(field)) for name in ROLES]
        for identifier in dict.fromkeys(filter(None, named)):
            yield f"{{{kind}:{identifier}}}"


def _phones(contact: Object) -> Row:
    column = "sms" if contact.get("phone_type") == "Cell" else "phone"
    return {column: text(contact.get("phone"))}


def _students(contact: Object, types: Collection[str] | None) -> list[str]:
    counting = (
        one for one in _relations(contact) if types is None or text(one.get("type")) in types
    )
    return list(dict.fromkeys(text(one.get("student")) for one in counting))


def _relations(contact: Object) -> list[Object]:
    return [one for one in _list(contact.get("student_relationships")) if isinstance(one, dict)]


def _grade(value: Any) -> str:
    return _mapped(GRADES, value)


def _mapped(words: dict[str, str], value: Any) -> str:
    said = text(value)
    return words.get(said, said)


def _part(one: Object, name: str) -> Object:
    """An object inside an object; an empty one where there is none."""
    part = one.get(name)
    return part if isinstance(part, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
