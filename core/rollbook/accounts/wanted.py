"""What account somebody who should have one is to have."""

from __future__ import annotations

from typing import NamedTuple

from rollbook.accounts.naming import Ledger, names_for
from rollbook.accounts.person import Person, SchoolClass
from rollbook.accounts.rendering import Words, render_place, words_of
from rollbook.accounts.rules import RoleRules, Rules
from rollbook.config.account_template import CLASS_PARTS, parts_of
from rollbook.roster.accounts import Account, AccountChange


class Wanted(NamedTuple):
    """The names, the place and the groups of an account."""

    username: str
    email: str | None
    ou: str | None
    groups: tuple[str, ...]
    plain: tuple[str, ...] | None = None
    """Its groups but those of classes, where the policy has such."""
    problem: str | None = None
    """What is the matter with the address, if there is none."""


class Unnamed(Exception):
    """Nobody can say what the account of a person is to be called; ``meanwhile`` has what is to
    happen to it all the same."""

    def __init__(
        self, person: str, problem: str, meanwhile: tuple[AccountChange, ...] = ()
    ) -> None:
        super().__init__(problem)
        self.person = person
        self.problem = problem
        self.meanwhile = meanwhile


def wanted(
    person: Person, account: Account | None, account_id: str, rules: Rules, ledger: Ledger
) -> Wanted:
    """The account of a person whose role has a policy, beside the one that they have.

    What cannot be known now, such as a year without a grade, stays as it is; a new account gets the
    part of the OU before it and the groups that are known. Raises ``Unnamed``.
    """
    assert person.role is not None
    role = rules.roles[person.role]
    words = words_of(person, role, rules)
    names = names_for(person, account, account_id, role, words, rules, ledger)
    if names.username is None:
        raise Unnamed(person.id, names.problem or "")
    ou, known = _place(person, role, words, rules)
    if account is not None and not known:
        ou = account.ou
    groups, known = _groups(role, words)
    plain: tuple[str, ...] | None = None
    if role.class_groups:
        of_classes, all_known = _class_groups(role, words, person.classes)
        plain, known = groups, known and all_known
        groups = tuple(sorted({*groups, *of_classes}))
    if account is not None and not known:
        groups = plain = account.groups
    return Wanted(names.username, names.email, ou, groups, plain, names.problem)


def _place(person: Person, role: RoleRules, words: Words, rules: Rules) -> tuple[str | None, bool]:
    override = rules.overrides.get(person.id)
    if override is not None and override.ou is not None:
        return override.ou, True
    made, known = render_place(role.ou, words)
    return made or None, known


def _class_groups(
    role: RoleRules, words: Words, classes: tuple[SchoolClass, ...]
) -> tuple[set[str], bool]:
    """The groups of some classes; one of which the code or the name is blank has none by these."""
    found: set[str] = set()
    for template in role.class_groups:
        wants = parts_of(template)
        if not wants - CLASS_PARTS <= words.keys():
            return set(), False
        for one in classes:
            own = {"class_id": one.id, "class_name": one.name, "class_code": one.code}
            text, known = render_place(template, {**words, **own})
            if known:
                found.add(text)
    return found, True


def _groups(role: RoleRules, words: Words) -> tuple[tuple[str, ...], bool]:
    made = [render_place(template, words) for template in role.groups]
    return tuple(sorted({text for text, known in made if known})), all(known for _, known in made)
