"""A policy, and rules made of it, for the tests of accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import date
from typing import Any

from core.scene import NORTH, Scene
from rollbook.accounts.person import Person, person_of
from rollbook.accounts.rules import Rules, School, role_rules
from rollbook.config.accounts import Accounts
from rollbook.config.district import District
from rollbook.config.home import find_district, save_district
from rollbook.roster.accounts import name_key
from rollbook.roster.grade_ladder import ladder

POLICY: dict[str, Any] = {
    "student": {
        "username": ["{given.1}{family}{grad.2}", "{given.2}{family}{grad.2}"],
        "email": "{username}@students.north.example.org",
        "ou": "/Students/{school_name}/{grad}",
        "groups": ["class-of-{grad}"],
        "left": {"suspend_after": 0, "delete_after": 90},
        "graduated": {"suspend_after": "09-01", "delete_after": 30},
        "disabled": {"suspend_after": 3},
    },
    "staff": {"username": "{given}.{family}", "ou": "/Staff/{school_name}"},
}


def rules(policy: Mapping[str, Any] = POLICY, today: date = date(2026, 3, 2), **more: Any) -> Rules:
    """The rules of a policy on a day."""
    accounts = Accounts.model_validate(policy)
    schools = {"s1": School("School 1", "01")}
    return Rules(role_rules(accounts), today, "seed", ladder(), schools=schools, **more)


def student(person: str, given: str, family: str, **values: Any) -> Person:
    """A student of school s1 in the third grade, in the school year that ends in 2026."""
    more = {"primary_role": "student", "primary_org_id": "s1", "grades": ["03"]} | values
    return person_of(person, {"given_name": given, "family_name": family, **more}, year=2026)


class Book:
    """A ledger in a dict, by namespace and name."""

    def __init__(self, given: Mapping[tuple[str, str], str] | None = None) -> None:
        self.given = dict(given or {})

    def others(self, namespace: str, names: Sequence[str], account: str) -> Set[str]:
        """See ``accounts.naming.Ledger``."""
        return {n for n in names if self.given.get((namespace, n), account) != account}

    def give(self, namespace: str, name: str, account: str) -> None:
        """See ``accounts.naming.Ledger``; giving twice is what no rule may ever do."""
        key = (namespace, name_key(name))
        assert self.given.setdefault(key, account) == account
        self.given[key] = account

    def numbered_from(self, namespace: str, base: str, first: int) -> int:
        """See ``accounts.naming.Ledger``."""
        return first

    def numbered_to(self, namespace: str, base: str, number: int) -> None:
        """See ``accounts.naming.Ledger``."""


def set_policy(scene: Scene, policy: Mapping[str, Any] | None) -> None:
    """Write an account policy into the district's file, as an operator with an editor does."""
    district = find_district(scene.desk.home, NORTH)
    changed = District.model_validate(district.model_dump() | {"accounts": policy})
    save_district(scene.desk.home, changed)
