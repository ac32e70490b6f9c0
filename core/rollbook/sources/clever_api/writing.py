"""Clever's records on their way into the normal set."""

from __future__ import annotations

from rollbook.config.sources.clever_api import CleverApi
from rollbook.roster.findings import Finding, Severity
from rollbook.sources.clever_api import objects
from rollbook.sources.clever_api.words import RACES
from rollbook.sources.json_cells import Object, text
from rollbook.sources.normal_form import NormalSet, Origin

_NO_ROLE = Finding(
    Severity.ERROR,
    "no-role",
    "Clever does not say what the user is. The row was set aside.",
    "Tell Clever's support, with the user's id.",
)

_COLUMNS = {
    "orgs.csv": ("name", "type", "identifier", "parentSourcedId"),
    "academicSessions.csv": ("title", "type", "startDate", "endDate", "schoolYear"),
    "courses.csv": ("title", "courseCode", "orgSourcedId"),
    "classes.csv": (
        *("title", "classType", "classCode", "schoolSourcedId", "courseSourcedId"),
        *("termSourcedIds", "grades", "subjects", "periods"),
    ),
    "enrollments.csv": (
        *("classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary"),
    ),
    "users.csv": (
        *("enabledUser", "username", "userIds", "givenName", "middleName", "familyName"),
        *("preferredGivenName", "preferredMiddleName", "preferredFamilyName", "identifier"),
        *("email", "sms", "phone", "agentSourcedIds", "grades", "metadata.graduationYear"),
    ),
    "roles.csv": ("userSourcedId", "roleType", "role", "orgSourcedId"),
    "demographics.csv": (
        *("birthDate", "sex", "hispanicOrLatinoEthnicity"),
        *RACES.values(),
    ),
}


class Writing:
    """Opens the files of the set, and writes what each record becomes."""

    def __init__(self, source: CleverApi, normal: NormalSet) -> None:
        self._source = source
        self._normal = normal
        for file, columns in _COLUMNS.items():
            normal.open(file, columns)

    def district(self, one: Object, origin: Origin, number: int = 0) -> None:
        """The org of the district."""
        self._normal.add("orgs.csv", objects.district(one), origin, number)

    def school(self, one: Object, origin: Origin, number: int) -> None:
        """The org of a school."""
        self._normal.add("orgs.csv", objects.school(one), origin, number)

    def term(self, one: Object, origin: Origin, number: int) -> None:
        """An academic session."""
        self._normal.add("academicSessions.csv", objects.term(one), origin, number)

    def course(self, one: Object, origin: Origin, number: int) -> None:
        """A course."""
        self._normal.add("courses.csv", objects.course(one), origin, number)

    def section(self, one: Object, origin: Origin, number: int) -> None:
        """A class with its enrollments."""
        self._normal.add("classes.csv", objects.section(one), origin, number)
        for enrollment in objects.enrollments(one):
            self._normal.add("enrollments.csv", enrollment, origin, number)

    def person(self, one: Object, where: str, origin: Origin, number: int) -> None:
        """Somebody with their roles and demographics; ``where`` is who belongs to no school."""
        roles, own = objects.roles(one, where), text(one.get("id"))
        if not roles:
            self._normal.add_unreadable("users.csv", origin, number, _NO_ROLE, own)
            return
        row = objects.user(one, self._source.contact_types)
        self._normal.add("users.csv", row, origin, number)
        for role in roles:
            self._normal.add_role(own, role.role, role.org, origin, number, primary=role.primary)
        if (about := objects.demographics(one)) is not None:
            self._normal.add("demographics.csv", about, origin, number)
