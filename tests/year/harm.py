"""What a directory lost or got wrong, measured against the truth that its system knows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from core.small_sis import SmallSis
from rollbook.desk.account_lists import accounts
from rollbook.desk.desk import Desk
from rollbook.directory.records import load_directory
from rollbook.roster.accounts import AccountState
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Values

Seat = tuple[str, str, str]
Account = tuple[str, str]
"""The user name and the state of an account."""

FIELDS = {
    "username": "username",
    "email": "email",
    "given_name": "givenName",
    "family_name": "familyName",
    "primary_role": "role",
    "primary_org_id": "orgs",
}
"""Fields of a person from which accounts are made, and the columns in which the truth has them."""

_BY_EMAIL = {"email": "email"}


@dataclass(frozen=True, slots=True)
class Held:
    """What a directory holds: people, classes, seats (person, class, role), roles (person, role,
    org), the school years of its sessions, and the accounts."""

    users: dict[str, Values]
    classes: dict[str, Values]
    seats: frozenset[Seat]
    roles: frozenset[Seat]
    years: frozenset[str]
    accounts: dict[str, Account]


def held(desk: Desk, district: str) -> Held:
    """What a district's directory holds now."""
    with desk.store.read() as connection:
        directory = load_directory(connection, district)
    return Held(
        users={i: r.values for i, r in directory[Kind.USER].items()},
        classes={i: r.values for i, r in directory[Kind.CLASS].items()},
        seats=frozenset(
            (str(r.values["user_id"]), str(r.values["class_id"]), str(r.values["role"]))
            for r in directory[Kind.ENROLLMENT].values()
        ),
        roles=frozenset(
            (str(r.values["user_id"]), str(r.values["role"]), str(r.values["org_id"]))
            for r in directory[Kind.ROLE].values()
        ),
        years=frozenset(
            str(r.values.get("school_year")) for r in directory[Kind.ACADEMIC_SESSION].values()
        ),
        accounts={row.person: (row.username, row.state) for row in accounts(desk, district)},
    )


def harm(
    before: Held, after: Held, truth: SmallSis, *, parents_by_email: bool = False
) -> Counter[str]:
    """What was taken or changed between two looks that the truth still has as it was.

    ``parents_by_email`` says that the source has no user names and no given names for parents.
    """
    found: Counter[str] = Counter()
    for user in before.users.keys() - after.users.keys():
        found["people removed"] += user in truth.users
    seats = {
        (row["userSourcedId"], row["classSourcedId"], row["role"])
        for row in truth.enrollments.values()
    }
    found["seats removed"] += len((before.seats - after.seats) & seats)
    roles = {
        (user, row["role"], org)
        for user, row in truth.users.items()
        for org in row["orgs"].split(",")
    }
    found["roles removed"] += len((before.roles - after.roles) & roles)
    found["classes removed"] += len(
        (before.classes.keys() - after.classes.keys()) & truth.classes.keys()
    )
    for user in before.users.keys() & after.users.keys() & truth.users.keys():
        then, now, row = before.users[user], after.users[user], truth.users[user]
        known_by_email = parents_by_email and row["role"] == "parent"
        for field, column in _BY_EMAIL.items() if known_by_email else FIELDS.items():
            right = (row.get(column) or "").split(",")[0]
            if then.get(field) != now.get(field) and (now.get(field) or "") != right:
                found[f"{field} wrong"] += 1
        grade = now.get("grades") or []
        if then.get("grades") != now.get("grades") and grade != [row["grades"]]:
            found["grade wrong"] += 1
    for class_id in before.classes.keys() & after.classes.keys() & truth.classes.keys():
        now = after.classes[class_id]
        wrong = now.get("title") != truth.classes[class_id]["title"]
        found["class wrong"] += wrong and before.classes[class_id].get("title") != now.get("title")
    known = {row["schoolYear"] for row in truth.tables["academicSessions"].values()}
    found["school year wrong"] += len((after.years - before.years) - known)
    return +found + _accounts(before, after, truth)


def _accounts(before: Held, after: Held, truth: SmallSis) -> Counter[str]:
    """Accounts that were renamed or suspended though the person is there as ever."""
    found: Counter[str] = Counter()
    for person, (name, state) in before.accounts.items():
        row, then = truth.users.get(person), before.users.get(person)
        if row is None or then is None or person not in after.accounts:
            continue
        now, now_state = after.accounts[person]
        same = (then.get("given_name"), then.get("family_name")) == (
            row["givenName"],
            row["familyName"],
        )
        found["accounts renamed"] += name != now and same
        found["accounts ended"] += state != now_state and now_state != AccountState.ACTIVE
    return +found


def agrees(after: Held, truth: SmallSis) -> bool:
    """Whether a directory holds just the students and the classes of the truth; a set without
    classes says nothing about any."""
    students = {u for u, values in after.users.items() if values.get("primary_role") == "student"}
    same = not truth.classes or after.classes.keys() == truth.classes.keys()
    return same and students == set(truth.students())
