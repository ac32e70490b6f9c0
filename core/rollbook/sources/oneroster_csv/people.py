"""Users and their roles: 1.1 has a user's role and orgs on the user, 1.2 a row for each role.

Both give the same records for the same district.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rollbook.roster.kinds import Kind
from rollbook.roster.records import Record, Value, Values, role_id, text
from rollbook.sources.oneroster_csv.collected import Findings
from rollbook.sources.oneroster_csv.layouts import AGENT_IDS, ORG_IDS, ROLE
from rollbook.sources.oneroster_csv.rows import Rows
from rollbook.sources.oneroster_csv.words import ROLES

PRIMARY, SECONDARY = "primary", "secondary"


@dataclass(slots=True)
class People:
    """Users and roles by id, what is protected of them, and each user's agents.

    ``roles_known`` is false when a role that was set aside may be any role of anybody.
    """

    users: dict[str, Record] = field(default_factory=dict)
    roles: dict[str, Record] = field(default_factory=dict)
    agents: dict[str, list[str]] = field(default_factory=dict)
    protected_users: set[str] = field(default_factory=set)
    protected_roles: set[str] = field(default_factory=set)
    roles_known: bool = True


def people_1p1(users: Rows) -> People:
    """Users and roles of 1.1: one role for each org; the first one is primary."""
    people = People(protected_users=users.protected, roles_known=users.trusted)
    for user_id, values in users.values.items():
        role, orgs = text(values, ROLE) or "", texts(values.get(ORG_IDS))
        user = _user(people, user_id, values)
        user.setdefault("primary_org_id", orgs[0])
        user["primary_role"] = role
        for org in dict.fromkeys(orgs):
            _add_role(people, user_id, role, org, PRIMARY if org == orgs[0] else SECONDARY)
    for user_id, values in users.quarantined:
        for org in texts(values.get(ORG_IDS)):
            _protect_role(people, user_id, text(values, ROLE), org)
    return people


def people_1p2(users: Rows, roles: Rows, findings: Findings) -> People:
    """Users and roles of 1.2.

    A user's primary role is the primary one at the primary org, else the first primary one by
    org and role, else the first one. A user whose primary role may be on a row that was set
    aside is set aside too: a role that is not known must not look like one that was taken away.
    """
    people = People(protected_users=users.protected, roles_known=roles.trusted)
    rows_of: dict[str, list[Values]] = {}
    for row_id in sorted(roles.values):
        values = roles.values[row_id]
        owner = text(values, "user_id") or ""
        if owner in users.protected and owner not in users.values:
            # Nothing is known of somebody whose row was set aside, so neither is what they are.
            people.protected_roles.add(role_id(owner, *_what_and_where(values)))
            continue
        rows_of.setdefault(owner, []).append(values)
        _merge_role(people, values)
    doubtful: set[str] = set()
    for _, values in roles.quarantined:
        whose, where = text(values, "user_id"), text(values, "org_id")
        if whose is not None:
            doubtful.add(whose)
        if whose is None or where is None:
            people.roles_known = False
        else:
            _protect_role(people, whose, text(values, "role"), where)
    unsure: set[str] = set()
    roleless: set[str] = set()
    for user_id, values in users.values.items():
        rows = rows_of.get(user_id, [])
        if not any(row["role_type"] == PRIMARY for row in rows) and (
            user_id in doubtful or (not rows and not people.roles_known)
        ):
            unsure.add(user_id)
            continue
        user = _user(people, user_id, values)
        if not rows:
            roleless.add(user_id)
            continue
        chosen = _primary(rows, text(user, "primary_org_id"))
        user["primary_role"] = chosen["role"]
        user.setdefault("primary_org_id", chosen["org_id"])
    people.protected_users |= unsure
    _tell(users, unsure, roleless, findings)
    return people


def texts(value: Value) -> list[str]:
    """The texts of a list field, none where it has no value."""
    return value if isinstance(value, list) else []


def _user(people: People, user_id: str, values: Values) -> Values:
    """Add the user to ``people``, taking out in place what belongs to its roles and guardians."""
    people.agents[user_id] = texts(values.pop(AGENT_IDS, None))
    values.pop(ROLE, None)
    values.pop(ORG_IDS, None)
    people.users[user_id] = Record(Kind.USER, user_id, values)
    return values


def _add_role(people: People, user_id: str, role: str, org: str, role_type: str) -> None:
    key = role_id(user_id, role, org)
    people.roles[key] = Record(
        Kind.ROLE,
        key,
        {"user_id": user_id, "role": role, "role_type": role_type, "org_id": org},
    )


def _protect_role(people: People, user_id: str, role: str | None, org: str) -> None:
    """Protect the role, or where the row does not tell which, all that it may be."""
    for word in [role] if role else ROLES:
        people.protected_roles.add(role_id(user_id, word, org))


def _what_and_where(values: Values) -> tuple[str, str]:
    return text(values, "role") or "", text(values, "org_id") or ""


def _merge_role(people: People, values: Values) -> None:
    """Add a row's role. Rows of one user, role and org are one role: primary if one of them is,
    from the earliest begin to the latest end, and without that date where one row has none."""
    key = role_id(text(values, "user_id") or "", *_what_and_where(values))
    known = people.roles.get(key)
    if known is None:
        people.roles[key] = Record(Kind.ROLE, key, dict(values))
        return
    if values["role_type"] == PRIMARY:
        known.values["role_type"] = PRIMARY
    for name, choose in (("begin_date", min), ("end_date", max)):
        mine, theirs = text(known.values, name), text(values, name)
        if mine is not None and theirs is not None:
            known.values[name] = choose(mine, theirs)
        else:
            known.values.pop(name, None)


def _primary(rows: list[Values], primary_org: str | None) -> Values:
    def rank(row: Values) -> tuple[bool, bool, str, str]:
        org, role = text(row, "org_id") or "", text(row, "role") or ""
        return row["role_type"] != PRIMARY, org != primary_org, org, role

    return min(rows, key=rank)


def _tell(users: Rows, unsure: set[str], roleless: set[str], findings: Findings) -> None:
    """Findings about the users whose role is not known, or who have none."""
    lines = users.lines_of(unsure | roleless)
    for user_id in _by_line(unsure, lines):
        findings.error(
            "role-unknown",
            f"The primary role of {user_id} is not known: its row in roles.csv was set aside.",
            "Mend the row in roles.csv.",
            file=users.file,
            line=lines[user_id],
            kind=Kind.USER,
            record_id=user_id,
        )
    for user_id in _by_line(roleless, lines):
        findings.warn(
            "no-role",
            f"{user_id} has no role in roles.csv.",
            "Give the user a role at an org, or leave the user out.",
            file=users.file,
            line=lines[user_id],
            kind=Kind.USER,
            record_id=user_id,
        )


def _by_line(ids: Iterable[str], lines: dict[str, int]) -> list[str]:
    return sorted(ids, key=lines.__getitem__)
