"""The files of the OneRoster CSV rostering set and their columns (``formats.md`` §1.3).

A column names its header, the record field that it fills, how its cells are read, and what a
missing header or a blank cell means. ``status`` and ``dateLastModified`` belong to every file;
passwords are in no layout, so that no cell of theirs is ever looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from rollbook.roster.kinds import Kind
from rollbook.sources.oneroster_csv import words

ROLE = "role"
ORG_IDS = "org_ids"
AGENT_IDS = "agent_ids"
"""Fields that ``users.csv`` gives beside those of a user: they become roles and guardians."""


class Cell(Enum):
    """How a cell is read: text, an id, ids, texts, ``{Type:Id}`` parts, true/false, a date, one
    of some words, or a school year."""

    TEXT = auto()
    ID = auto()
    IDS = auto()
    LIST = auto()
    USER_IDS = auto()
    FLAG = auto()
    DATE = auto()
    WORD = auto()
    YEAR = auto()


class Need(Enum):
    """Optional; expected: the header must be there, a blank cell is a warning; or required: a
    blank cell sets the row aside, because access or belonging hangs on it."""

    OPTIONAL = auto()
    EXPECTED = auto()
    REQUIRED = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """``old`` are header names of earlier versions. A ``lenient`` cell that cannot be read is
    left out with a warning; any other sets the row aside, so that a guess never changes access.
    """

    header: str
    field: str
    cell: Cell = Cell.TEXT
    need: Need = Need.OPTIONAL
    words: frozenset[str] = frozenset()
    old: tuple[str, ...] = ()
    lenient: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """One file: its manifest name, the kind of its rows, every kind that comes from it, and its
    columns. ``old_ids`` are other names of the id column; ``unread`` are headers that are known
    and have no place in a record."""

    name: str
    kind: Kind
    kinds: tuple[Kind, ...]
    columns: tuple[Column, ...]
    old_ids: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The name of the file."""
        return f"{self.name}.csv"


_OPTIONAL, _EXPECTED, _REQUIRED = Need.OPTIONAL, Need.EXPECTED, Need.REQUIRED
_SUBJECTS = Column("subjects", "subjects", Cell.LIST, old=("subject",))
_CODES = Column("subjectCodes", "subject_codes", Cell.LIST, old=("subjectCode",))
_GRADES = Column("grades", "grades", Cell.LIST, old=("grade",))
_BEGINS = Column("beginDate", "begin_date", Cell.DATE)
_ENDS = Column("endDate", "end_date", Cell.DATE)

ORGS = Layout(
    "orgs",
    Kind.ORG,
    (Kind.ORG,),
    (
        Column("name", "name", need=_EXPECTED),
        Column("type", "type", Cell.WORD, _REQUIRED, words.ORG_TYPES),
        Column("identifier", "identifier"),
        Column("parentSourcedId", "parent_id", Cell.ID),
    ),
)

SESSIONS = Layout(
    "academicSessions",
    Kind.ACADEMIC_SESSION,
    (Kind.ACADEMIC_SESSION,),
    (
        Column("title", "title", need=_EXPECTED),
        Column("type", "type", Cell.WORD, _REQUIRED, words.SESSION_TYPES),
        Column("startDate", "start_date", Cell.DATE, _REQUIRED),
        Column("endDate", "end_date", Cell.DATE, _REQUIRED),
        Column("parentSourcedId", "parent_id", Cell.ID),
        Column("schoolYear", "school_year", Cell.YEAR, _REQUIRED),
    ),
)

COURSES = Layout(
    "courses",
    Kind.COURSE,
    (Kind.COURSE,),
    (
        Column("schoolYearSourcedId", "school_year_id", Cell.ID, old=("schoolYearId",)),
        Column("title", "title", need=_EXPECTED),
        Column("courseCode", "course_code"),
        _GRADES,
        Column("orgSourcedId", "org_id", Cell.ID, _REQUIRED),
        _SUBJECTS,
        _CODES,
    ),
)

CLASSES = Layout(
    "classes",
    Kind.CLASS,
    (Kind.CLASS,),
    (
        Column("title", "title", need=_EXPECTED),
        _GRADES,
        Column("courseSourcedId", "course_id", Cell.ID, _EXPECTED),
        Column("classCode", "class_code"),
        Column("classType", "class_type", Cell.WORD, _REQUIRED, words.CLASS_TYPES),
        Column("location", "location"),
        Column("schoolSourcedId", "school_id", Cell.ID, _REQUIRED),
        Column("termSourcedIds", "term_ids", Cell.IDS, _EXPECTED, old=("termSourcedId",)),
        _SUBJECTS,
        _CODES,
        Column("periods", "periods", Cell.LIST, old=("period",)),
    ),
)

_PERSON = (
    Column("enabledUser", "enabled", Cell.FLAG, _REQUIRED),
    Column("username", "username", need=_EXPECTED),
    Column("userIds", "user_ids", Cell.USER_IDS, old=("userId",)),
    Column("givenName", "given_name", need=_EXPECTED),
    Column("familyName", "family_name", need=_EXPECTED),
    Column("middleName", "middle_name"),
    Column("identifier", "identifier"),
    Column("email", "email"),
    Column("sms", "sms"),
    Column("phone", "phone"),
    Column("agentSourcedIds", AGENT_IDS, Cell.IDS, old=("agents", "agentSourcedId")),
    _GRADES,
    Column("userMasterIdentifier", "master_identifier"),
    Column("resourceSourcedIds", "resource_ids", Cell.IDS),
    Column("preferredGivenName", "preferred_given_name"),
    Column("preferredMiddleName", "preferred_middle_name"),
    Column("preferredFamilyName", "preferred_family_name"),
    Column("primaryOrgSourcedId", "primary_org_id", Cell.ID),
    Column("pronouns", "pronouns"),
)

USERS_1P1 = Layout(
    "users",
    Kind.USER,
    (Kind.USER, Kind.ROLE, Kind.GUARDIAN),
    (
        *_PERSON,
        Column("orgSourcedIds", ORG_IDS, Cell.IDS, _REQUIRED, old=("orgSourcedId",)),
        Column("role", ROLE, Cell.WORD, _REQUIRED, words.ROLES),
    ),
)

USERS_1P2 = Layout("users", Kind.USER, (Kind.USER, Kind.GUARDIAN), _PERSON)

ROLES = Layout(
    "roles",
    Kind.ROLE,
    (Kind.ROLE,),
    (
        Column("userSourcedId", "user_id", Cell.ID, _REQUIRED),
        Column("roleType", "role_type", Cell.WORD, _REQUIRED, words.ROLE_TYPES),
        Column("role", "role", Cell.WORD, _REQUIRED, words.ROLES),
        _BEGINS,
        _ENDS,
        Column("orgSourcedId", "org_id", Cell.ID, _REQUIRED),
    ),
    unread=("userProfileSourcedId",),
)

ENROLLMENTS = Layout(
    "enrollments",
    Kind.ENROLLMENT,
    (Kind.ENROLLMENT,),
    (
        Column("classSourcedId", "class_id", Cell.ID, _REQUIRED),
        Column("schoolSourcedId", "school_id", Cell.ID, _REQUIRED),
        Column("userSourcedId", "user_id", Cell.ID, _REQUIRED),
        Column("role", "role", Cell.WORD, _REQUIRED, words.ENROLLMENT_ROLES),
        Column("primary", "primary", Cell.FLAG),
        _BEGINS,
        _ENDS,
    ),
)


def _trait(header: str, field: str) -> Column:
    return Column(header, field, Cell.FLAG, lenient=True)


DEMOGRAPHICS = Layout(
    "demographics",
    Kind.DEMOGRAPHICS,
    (Kind.DEMOGRAPHICS,),
    (
        Column("birthDate", "birth_date", Cell.DATE),
        Column("sex", "sex", Cell.WORD, words=words.SEXES, lenient=True),
        _trait("americanIndianOrAlaskaNative", "american_indian_or_alaska_native"),
        _trait("asian", "asian"),
        _trait("blackOrAfricanAmerican", "black_or_african_american"),
        _trait("nativeHawaiianOrOtherPacificIslander", "native_hawaiian_or_other_pacific_islander"),
        _trait("white", "white"),
        _trait("demographicRaceTwoOrMoreRaces", "two_or_more_races"),
        _trait("hispanicOrLatinoEthnicity", "hispanic_or_latino"),
        Column("countryOfBirthCode", "country_of_birth"),
        Column("stateOfBirthAbbreviation", "state_of_birth"),
        Column("cityOfBirth", "city_of_birth"),
        Column("publicSchoolResidenceStatus", "public_school_residence_status"),
    ),
    old_ids=("userSourcedId",),
)

LAYOUTS: dict[str, tuple[Layout, ...]] = {
    "1.1": (ORGS, SESSIONS, COURSES, CLASSES, USERS_1P1, ENROLLMENTS, DEMOGRAPHICS),
    "1.2": (ORGS, SESSIONS, COURSES, CLASSES, USERS_1P2, ROLES, ENROLLMENTS, DEMOGRAPHICS),
}
"""The files that are read, by version, in the order in which they are read."""

HEADERS = frozenset(
    c.header for layouts in LAYOUTS.values() for one in layouts for c in one.columns
)
"""Every column of the set by its right name: none of these is a misspelling of another."""

INDISPENSABLE: dict[str, frozenset[str]] = {
    "1.1": frozenset({"orgs", "users"}),
    "1.2": frozenset({"orgs", "users", "roles"}),
}
"""Without these there is nobody and nowhere: the set is refused."""
