"""Objects of the REST binding, 1.1 and 1.2, as rows of the normal set.

Both versions in one: a server that calls itself 1.2 may give a user one role and some orgs, as 1.1
does, and ClassLink serves what it calls 1.2 under 1.1's path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from rollbook.sources.json_cells import Object, flag, listed, reference, references, text, texts
from rollbook.sources.oneroster_csv.people import PRIMARY, SECONDARY

Row = dict[str, str]

_DEMOGRAPHIC_TEXTS = (
    *("birthDate", "countryOfBirthCode", "stateOfBirthAbbreviation", "cityOfBirth"),
    "publicSchoolResidenceStatus",
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
    return _texts(one, "name", "type", "identifier") | _references(one, parentSourcedId="parent")


def session(one: Object) -> Row:
    """A row of academicSessions.csv."""
    return _texts(one, "title", "type", "startDate", "endDate", "schoolYear") | _references(
        one, parentSourcedId="parent"
    )


def course(one: Object) -> Row:
    """A row of courses.csv."""
    return (
        _texts(one, "title", "courseCode")
        | _lists(one, "grades", "subjects", "subjectCodes")
        | _references(one, orgSourcedId="org", schoolYearSourcedId="schoolYear")
    )


def class_(one: Object) -> Row:
    """A row of classes.csv."""
    return (
        _texts(one, "title", "classCode", "classType", "location")
        | _lists(one, "grades", "subjects", "subjectCodes")
        | {"periods": _split(one.get("periods"))}
        | _references(one, courseSourcedId="course", schoolSourcedId="school")
        | _lists_of_references(one, termSourcedIds="terms")
    )


def user(one: Object) -> Row:
    """A row of users.csv; never the password."""
    return (
        _texts(
            one,
            *("username", "givenName", "familyName", "middleName", "identifier", "email"),
            *("sms", "phone", "userMasterIdentifier", "pronouns"),
        )
        | {
            "enabledUser": flag(one.get("enabledUser")),
            "preferredGivenName": text(one.get("preferredFirstName")),
            "preferredMiddleName": text(one.get("preferredMiddleName")),
            "preferredFamilyName": text(one.get("preferredLastName")),
            "userIds": listed(_user_ids(one.get("userIds"))),
        }
        | {"grades": _split(one.get("grades"))}
        | _references(one, primaryOrgSourcedId="primaryOrg")
        | _lists_of_references(one, agentSourcedIds="agents", resourceSourcedIds="resources")
    )


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
    return (
        _texts(one, "role", "beginDate", "endDate")
        | {"primary": flag(one.get("primary"))}
        | _references(one, classSourcedId="class", schoolSourcedId="school", userSourcedId="user")
    )


def demographics(one: Object) -> Row:
    """A row of demographics.csv."""
    return (
        _texts(one, *_DEMOGRAPHIC_TEXTS)
        | {"sex": text(one.get("sex"))}
        | {name: flag(one.get(name)) for name in _DEMOGRAPHIC_FLAGS}
    )


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


def _texts(one: Object, *names: str) -> Row:
    return {name: text(one.get(name)) for name in names}


def _lists(one: Object, *names: str) -> Row:
    return {name: listed(texts(one.get(name))) for name in names}


def _references(one: Object, **columns: str) -> Row:
    return _by_column(one, columns, reference)


def _lists_of_references(one: Object, **columns: str) -> Row:
    return _by_column(one, columns, lambda value: listed(references(value)))


def _by_column(one: Object, columns: dict[str, str], cell: Callable[[Any], str]) -> Row:
    return {column: cell(one.get(name)) for column, name in columns.items()}
