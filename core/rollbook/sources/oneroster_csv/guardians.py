"""Guardian links from ``agentSourcedIds``, whichever side names the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rollbook.roster.kinds import Kind
from rollbook.roster.records import Record, guardian_id
from rollbook.sources.oneroster_csv.collected import Findings
from rollbook.sources.oneroster_csv.layouts import AGENT_IDS
from rollbook.sources.oneroster_csv.people import People, texts
from rollbook.sources.oneroster_csv.rows import Rows

_FIELD = "agentSourcedIds"


@dataclass(slots=True)
class Links:
    """Guardian links by id, and the ids of links that are named but not sure."""

    records: dict[str, Record] = field(default_factory=dict)
    protected: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Named:
    """A user names an agent."""

    user: str
    agent: str


NOBODY: Mapping[str, str | None] = {}
"""No roles of people whose lines were not read."""


def guardian_links(
    people: People,
    users: Rows,
    findings: Findings,
    known_roles: Mapping[str, str | None] = NOBODY,
) -> Links:
    """A link for each student and agent of each other; both naming each other give one.

    The student is the one whose primary role is student. A link that is named but cannot be made
    is protected: an agent who is not in the file, whose row was set aside, or of whom one cannot
    say which of the two is the student. ``known_roles`` are the primary roles of people who are in
    the file and were not read.
    """
    links = Links()
    students = {i for i, r in people.users.items() if r.values.get("primary_role") == "student"}
    students |= {user for user, role in known_roles.items() if role == "student"}
    dangling: list[_Named] = []
    undecided: list[_Named] = []
    for named in _named(people):
        if named.agent in people.users or named.agent in known_roles:
            if (named.user in students) == (named.agent in students):
                undecided.append(named)
            else:
                _link(links, named, student_first=named.user in students)
            continue
        if named.agent in users.removed:
            continue
        if named.agent not in people.protected_users:
            dangling.append(named)
        links.protected.add(_link_id(named, named.user in students))
    for named in undecided:
        _protect(links, named)
    for user, values in users.quarantined:
        for agent in texts(values.get(AGENT_IDS)):
            _protect(links, _Named(user, agent))
    links.protected -= links.records.keys()
    _tell(users, dangling, undecided, students, findings)
    return links


def _named(people: People) -> Iterator[_Named]:
    for user, agents in people.agents.items():
        for agent in agents:
            yield _Named(user, agent)


def _link_id(named: _Named, student_first: bool) -> str:
    if student_first:
        return guardian_id(named.user, named.agent)
    return guardian_id(named.agent, named.user)


def _link(links: Links, named: _Named, student_first: bool) -> None:
    student, guardian = (named.user, named.agent) if student_first else (named.agent, named.user)
    key = guardian_id(student, guardian)
    links.records[key] = Record(
        Kind.GUARDIAN, key, {"student_id": student, "guardian_id": guardian}
    )


def _protect(links: Links, named: _Named) -> None:
    links.protected |= {_link_id(named, True), _link_id(named, False)}


def _tell(
    users: Rows,
    dangling: list[_Named],
    undecided: list[_Named],
    students: set[str],
    findings: Findings,
) -> None:
    lines = users.lines_of({named.user for named in (*dangling, *undecided)})
    for named in dangling:
        findings.warn(
            "dangling-reference",
            f"{named.user} names the agent {named.agent}, who is not in the file.",
            "Send the agent's user as well, or take the id out.",
            file=users.file,
            line=lines[named.user],
            field=_FIELD,
            kind=Kind.GUARDIAN,
            record_id=_link_id(named, named.user in students),
        )
    for named in undecided:
        both = "both are students" if named.user in students else "neither is a student"
        findings.warn(
            "no-student",
            f"{named.user} names the agent {named.agent}, but {both}: no guardian link was made.",
            "Correct the role of one of them, or take the id out.",
            file=users.file,
            line=lines[named.user],
            field=_FIELD,
            kind=Kind.GUARDIAN,
            record_id=_link_id(named, True),
        )
