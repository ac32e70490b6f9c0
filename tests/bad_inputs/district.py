"""The good district that every bad input is delivered to: 300 people at three schools.

Some of its ids are what spreadsheets and encodings spoil: those of ``s2``'s students have 18
digits, those of ``s3``'s begin with zeros, and one has a letter that can be written two ways.
"""

from __future__ import annotations

from core.small_sis import SmallSis, small_sis

STUDENTS = 48
ACCENTED = "s1-\u00f1"
LEAVER = "s1-40"
"""A student whom nothing else is about."""


def long_id(number: int) -> str:
    """The id of the student of ``s2`` with a number from 1."""
    return f"1000000000000002{number:02}"


def zero_id(number: int) -> str:
    """The id of the student of ``s3`` with a number from 1."""
    return f"0003{number:02}"


def good_sis() -> SmallSis:
    """Three schools of 48 students, 48 guardians and four teachers each."""
    sis = small_sis(3, STUDENTS, classes=4)
    rename = {f"s2-{n:02}": long_id(n) for n in range(1, STUDENTS + 1)}
    rename |= {f"s3-{n:02}": zero_id(n) for n in range(1, STUDENTS + 1)}
    rename[f"s1-{STUDENTS}"] = ACCENTED
    rename_users(sis, rename)
    for user, row in sis.users.items():
        if row["role"] == "student":
            row["sms"] = f"555-01{len(user):02}"
    sis.users["s1-02"]["givenName"] = "Zo\u00eb"
    sis.users["s1-03"]["givenName"] = "Jos\u00e9"
    return sis


def rename_users(sis: SmallSis, names: dict[str, str]) -> None:
    """Give people other ids, wherever they are named; the order of the rows stays."""
    for table in ("users", "demographics"):
        sis.tables[table] = {names.get(i, i): row for i, row in sis.tables[table].items()}
    for row in sis.enrollments.values():
        row["userSourcedId"] = names.get(row["userSourcedId"], row["userSourcedId"])
    for row in sis.users.values():
        row["agents"] = ",".join(names.get(agent, agent) for agent in row["agents"].split(","))
