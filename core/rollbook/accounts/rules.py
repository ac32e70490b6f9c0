"""A district's account policy, ready to be applied: templates parsed, lists read."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date

from rollbook.config.account_template import (
    CLASS_PARTS,
    EMAIL_PARTS,
    GROUP_PARTS,
    PLACE_PARTS,
    USERNAME_PARTS,
    Template,
    parse_template,
    parts_of,
)
from rollbook.config.accounts import SIS_EMAIL, AccountPolicy, Accounts, Override
from rollbook.roster.grade_ladder import GradeLadder
from rollbook.roster.kinds import RoleGroup

SIS_ADDRESS: Template = ()
"""Stands for the address that the SIS has."""


@dataclass(frozen=True, slots=True)
class School:
    """What templates want of an org: its name and its own code."""

    name: str
    code: str


@dataclass(frozen=True)
class RoleRules:
    """The policy of one role. ``emails`` are local parts with their domains; of ``class_groups``
    there is one for each class of a person."""

    policy: AccountPolicy
    usernames: tuple[Template, ...]
    emails: tuple[tuple[Template, str], ...]
    ou: Template
    groups: tuple[Template, ...]
    class_groups: tuple[Template, ...] = ()

    @classmethod
    def of(cls, policy: AccountPolicy) -> RoleRules:
        """The rules of a policy, whose templates are known to be good."""
        groups = [parse_template(text, GROUP_PARTS) for text in policy.groups]
        return cls(
            policy,
            tuple(parse_template(text, USERNAME_PARTS) for text in policy.username),
            tuple(map(_address, policy.email)),
            parse_template(policy.ou, PLACE_PARTS),
            tuple(one for one in groups if not parts_of(one) & CLASS_PARTS),
            tuple(one for one in groups if parts_of(one) & CLASS_PARTS),
        )

    @property
    def parts(self) -> frozenset[str]:
        """The parts that its templates name."""
        names = (*self.usernames, *(local for local, _ in self.emails))
        places = (self.ou, *self.groups, *self.class_groups)
        return frozenset().union(*map(parts_of, (*names, *places)))


def _address(text: str) -> tuple[Template, str]:
    if text == SIS_EMAIL:
        return SIS_ADDRESS, ""
    local, _, domain = text.partition("@")
    return parse_template(local, EMAIL_PARTS), domain


@dataclass(frozen=True)
class Rules:
    """All that decides what accounts a district's people are to have on a day.

    ``seed`` is what random digits are made of, the same for ever. Who leaves from the top grade
    between the two dates of ``graduation`` has graduated. ``overrides`` and ``excluded`` are by
    person.
    """

    roles: Mapping[RoleGroup, RoleRules]
    today: date
    seed: str
    ladder: GradeLadder
    schools: Mapping[str, School] = field(default_factory=dict)
    graduation: tuple[str, str] = ("05-01", "09-30")
    overrides: Mapping[str, Override] = field(default_factory=dict)
    excluded: Set[str] = frozenset()
    known_grades: dict[tuple[str, ...], tuple[str | None, int | None]] = field(default_factory=dict)
    """Codes and years to graduation of the grades that were looked up on the ladder."""

    @property
    def parts(self) -> frozenset[str]:
        """The parts that the templates of all roles name."""
        return frozenset().union(*(role.parts for role in self.roles.values()))


def role_rules(accounts: Accounts) -> dict[RoleGroup, RoleRules]:
    """The rules of each role that has a policy."""
    policies = {RoleGroup.STUDENT: accounts.student, RoleGroup.STAFF: accounts.staff}
    return {role: RoleRules.of(policy) for role, policy in policies.items() if policy is not None}
