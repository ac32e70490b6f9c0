"""Objects of the REST binding, 1.1 and 1.2, as rows of the normal set.

Both versions in one: a server that calls itself 1.2 may give a user one role and some orgs, as 1.1
does, and ClassLink serves what it calls 1.2 under 1.1's path.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rollbook.sources.json_cells import Object, flag, listed, reference, references, text, texts
from rollbook.sources.oneroster_csv.people import PRIMARY, SECONDARY

Row = dict[str, str]

_DEMOGRAPHIC_TEXTS = (
    *("birthDate", "countryOfBirthCode", "stateOfBirthAbbreviation", "cityOfBirth"),
    *("publicSchoolResidenceStatus", "sex"),
)
_DEMOGRAPHIC_FLAGS = (
    *("americanIndianOrAlaskaNative", "asian", "blackOrAfricanAmerican"),
    *("nativeHawaiianOrOtherPacificIslander", "white", "demographicRaceTwoOrMoreRaces"),
    "hispanicOrLatinoEthnicity",
)


@dataclass(frozen=True, slots=True)
class Role:
    """A role of a user at an org: ``sort`` is ``primary`` or ``secondary``, and whatever else a
    server says there. Dates are blank where it has none."""

    role: str
    org: str
    sort: str
    begins: str = ""
    ends: str = ""


def org(one: Object) -> Row:
    """A row of orgs.csv."""
    get = one.get
    return {
        "name": text(get("name")),
        "type": text(get("type")),
        "identifier": text(get("identifier")),
        "parentSourcedId": reference(get("parent")),
    }


def session(one: Object) -> Row:
    """A row of academicSessions.csv."""
    get = one.get
    return {
        "title": text(get("title")),
        "type": text(get("type")),
        "startDate": text(get("startDate")),
        "endDate": text(get("endDate")),
        "schoolYear": text(get("schoolYear")),
        "parentSourcedId": reference(get("parent")),
    }


def course(one: Object) -> Row:
    """A row of courses.csv."""
    get = one.get
    return {
        "title": text(get("title")),
        "courseCode": text(get("courseCode")),
        "grades": _split(get("grades")),
        "subjects": listed(texts(get("subjects"))),
        "subjectCodes": listed(texts(get("subjectCodes"))),
        "orgSourcedId": reference(get("org")),
        "schoolYearSourcedId": reference(get("schoolYear")),
    }


def class_(one: Object) -> Row:
    """A row of classes.csv."""
    get = one.get
    return {
        "title": text(get("title")),
        "classCode": text(get("classCode")),
        "classType": text(get("classType")),
        "location": text(get("location")),
        "grades": _split(get("grades")),
        "subjects": listed(texts(get("subjects"))),
        "subjectCodes": listed(texts(get("subjectCodes"))),
        "periods": _split(get("periods")),
        "courseSourcedId": reference(get("course")),
        "schoolSourcedId": reference(get("school")),
        "termSourcedIds": listed(references(get("terms"))),
    }


def user(one: Object) -> Row:
    """A row of users.csv; never the password."""
    get = one.get
    return {
        "enabledUser": flag(get("enabledUser")),
        "username": text(get("username")),
        "userIds": listed(_user_ids(get("userIds"))),
        "givenName": text(get("givenName")),
        "familyName": text(get("familyName")),
        "middleName": text(get("middleName")),
        "identifier": text(get("identifier")),
        "email": text(get("email")),
        "sms": text(get("sms")),
        "phone": text(get("phone")),
        "agentSourcedIds": listed(references(get("agents"))),
        "grades": _split(get("grades")),
        "userMasterIdentifier": text(get("userMasterIdentifier")),
        "resourceSourcedIds": listed(references(get("resources"))),
        "preferredGivenName": text(get("preferredFirstName")),
        "preferredMiddleName": text(get("preferredMiddleName")),
        "preferredFamilyName": text(get("preferredLastName")),
        "primaryOrgSourcedId": reference(get("primaryOrg")),
        "pronouns": text(get("pronouns")),
    }


def roles(one: Object) -> list[Role] | None:
    """A user's roles: 1.2's list of them, else 1.1's one role at each org, the first the primary
    one. ``None`` where the object does not say what the user is."""
    found = one.get("roles")
    if isinstance(found, list):
        return [_role(item) for item in found if isinstance(item, dict)]
    role, orgs = text(one.get("role")), references(one.get("orgs"))
    if not role or not orgs:
        return None
    return [
        Role(role, where, PRIMARY if where == orgs[0] else SECONDARY)
        for where in dict.fromkeys(orgs)
    ]


def enrollment(one: Object) -> Row:
    """A row of enrollments.csv."""
    get = one.get
    return {
        "classSourcedId": reference(get("class")),
        "schoolSourcedId": reference(get("school")),
        "userSourcedId": reference(get("user")),
        "role": text(get("role")),
        "primary": flag(get("primary")),
        "beginDate": text(get("beginDate")),
        "endDate": text(get("endDate")),
    }


def demographics(one: Object) -> Row:
    """A row of demographics.csv."""
    row = {name: text(one.get(name)) for name in _DEMOGRAPHIC_TEXTS}
    return row | {name: flag(one.get(name)) for name in _DEMOGRAPHIC_FLAGS}


def metadata(one: Object) -> dict[str, str]:
    """A record's own fields by their names; what is no text, number or flag is left out."""
    own = one.get("metadata")
    if not isinstance(own, dict):
        return {}
    cells = {name: text(value) for name, value in own.items() if _is_plain(value)}
    return {name: cell for name, cell in cells.items() if cell}


def status(one: Object) -> str:
    """Blank for what is active, as in a bulk file."""
    word = text(one.get("status"))
    return "" if word.strip().lower() == "active" else word


def _role(item: Object) -> Role:
    return Role(
        text(item.get("role")),
        reference(item.get("org")),
        text(item.get("roleType")),
        text(item.get("beginDate")),
        text(item.get("endDate")),
    )


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float)


def _user_ids(value: Any) -> Iterable[str]:
    for item in value if isinstance(value, list) else []:
        if isinstance(item, dict) and (identifier := text(item.get("identifier"))):
            kind = text(item.get("type"))
            yield f"{{{kind}:{identifier}}}" if kind else f"{{{identifier}}}"


def _split(value: Any) -> str:
    """A list as it should be, or 1.0's one text with commas in it."""
    return value if isinstance(value, str) else listed(texts(value))
