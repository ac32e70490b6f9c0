"""What changes make happen to accounts, and what a record is called on screen."""

import pytest

from rollbook.changes.consequences import consequences
from rollbook.changes.labels import labels_of, person_name
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.roster.records import Values


def user(verb: Verb, before: Values | None, after: Values | None, role: RoleGroup) -> Change:
    return Change(Kind.USER, verb, "u", before, after, role=role)


@pytest.mark.parametrize(
    ("change", "counted"),
    [
        (user(Verb.ADD, None, {}, RoleGroup.STUDENT), {"account_create": 1}),
        (user(Verb.ADD, None, {}, RoleGroup.GUARDIAN), {}),
        (user(Verb.REMOVE, {}, None, RoleGroup.STAFF), {"suspend": 1}),
        (user(Verb.UPDATE, {"email": "a"}, {"email": "b"}, RoleGroup.STAFF), {"rename": 1}),
        (user(Verb.UPDATE, {"username": "a"}, {}, RoleGroup.STUDENT), {"rename": 1}),
        (
            user(
                Verb.UPDATE,
                {"email": "a", "username": "a"},
                {"email": "b", "username": "b"},
                RoleGroup.STUDENT,
            ),
            {"rename": 1},
        ),
        (
            user(Verb.UPDATE, {"primary_org_id": "a"}, {"primary_org_id": "b"}, RoleGroup.STUDENT),
            {"move": 1},
        ),
        (
            user(Verb.UPDATE, {"enabled": True}, {"enabled": False}, RoleGroup.STUDENT),
            {"suspend": 1},
        ),
        (user(Verb.UPDATE, {"enabled": False}, {"enabled": True}, RoleGroup.STUDENT), {}),
        (user(Verb.UPDATE, {"phone": "1"}, {"phone": "2"}, RoleGroup.STUDENT), {}),
        (Change(Kind.ORG, Verb.ADD, "o", None, {}), {}),
    ],
)
def test_consequences(change: Change, counted: dict[str, int]) -> None:
    found = consequences([change])
    assert {name: count for name, count in found.items() if count} == counted


PEOPLE, CLASSES, ORGS = {"ann": "Lee, Ann"}, {"c": "Art"}, {"o": "One"}


@pytest.mark.parametrize(
    ("kind", "values", "shown"),
    [
        (Kind.ORG, {"name": "One"}, "One"),
        (Kind.CLASS, {"title": "Art"}, "Art"),
        (Kind.CLASS, {}, "x"),
        (Kind.USER, {"given_name": "Ann", "family_name": "Lee"}, "Lee, Ann"),
        (Kind.USER, {"given_name": "Ann"}, "Ann"),
        (Kind.USER, {}, "x"),
        (
            Kind.ROLE,
            {"user_id": "ann", "role": "student", "org_id": "o"},
            "Lee, Ann · student at One",
        ),
        (Kind.ENROLLMENT, {"user_id": "ann", "class_id": "c"}, "Lee, Ann → Art"),
        (Kind.ENROLLMENT, {"user_id": "who", "class_id": "c"}, "who → Art"),
        (Kind.GUARDIAN, {"guardian_id": "mum", "student_id": "ann"}, "mum → Lee, Ann"),
        (Kind.DEMOGRAPHICS, {}, "x"),
    ],
)
def test_labels(kind: Kind, values: Values, shown: str) -> None:
    assert labels_of(kind, PEOPLE, CLASSES, ORGS)("x", values) == shown


def test_a_person_goes_by_the_preferred_name() -> None:
    values: Values = {
        "given_name": "Ann",
        "preferred_given_name": "Andy",
        "family_name": "Lee",
        "preferred_family_name": "Li",
    }
    assert person_name(values) == "Li, Andy"
