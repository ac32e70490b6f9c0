"""Giving each person a username and an address that nobody else has or ever had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import count
from typing import NamedTuple, Protocol

from rollbook.accounts.person import Person
from rollbook.accounts.rendering import Words, is_random, random_digits, render_name
from rollbook.accounts.rules import SIS_ADDRESS, RoleRules, Rules
from rollbook.config.account_template import Template
from rollbook.config.accounts import LOCAL_PART
from rollbook.roster.accounts import EMAIL, USERNAME, Account, name_key

FIRST_BLOCK = 4
"""Numbers that are looked up together at first."""

_TRIES = 10
"""Times that other random digits are tried before a number is put behind."""


class Ledger(Protocol):
    """The names ever given, in each namespace, and those that are given meanwhile."""

    def others(self, namespace: str, names: Sequence[str], account: str) -> Set[str]:
        """Those of some names (by ``name_key``) that belong to others than an account."""
        ...

    def give(self, namespace: str, name: str, account: str) -> None:
        """Note that an account gets a name; nobody else does from then on."""
        ...

    def numbered_from(self, namespace: str, base: str, first: int) -> int:
        """The first number that is worth trying behind a base."""
        ...

    def numbered_to(self, namespace: str, base: str, number: int) -> None:
        """Note that a number was the first that was free."""
        ...


def usernames_for(person: Person, role: RoleRules, words: Words, rules: Rules) -> list[str]:
    """The usernames that a person may have without a number, the best first."""
    return _rendered(role.usernames, person, words, rules, role.policy.length)


def addresses_for(
    person: Person,
    role: RoleRules,
    words: Mapping[str, str],
    rules: Rules,
    *,
    own: bool = False,
) -> list[str]:
    """The addresses that a person may have without a number; ``words`` name the username.

    With ``own`` only those in the district's own domains: what the SIS has may be anywhere, and is
    never given with a number.
    """
    found: list[str] = []
    for template, domain in role.emails:
        if template is SIS_ADDRESS:
            if person.sis_email and not own:
                found.append(person.sis_email)
            continue
        for local in _rendered((template,), person, words, rules, LOCAL_PART):
            found.append(f"{local}@{domain}")
    return found


def _rendered(
    templates: Iterable[Template],
    person: Person,
    words: Words,
    rules: Rules,
    length: int,
) -> list[str]:
    found: list[str] = []
    for template in templates:
        chance = is_random(template)
        for attempt in range(_TRIES if chance else 1):
            digits = random_digits(rules.seed, person.id, attempt) if chance else ""
            name = render_name(template, words, digits)
            if name is None:
                break
            short = name[:length].rstrip("._-")
            if short and short not in found:
                found.append(short)
    return found


def fits(current: str, bases: Sequence[str], length: int, numbered: str | None) -> bool:
    """Whether a name is one of the bases, or ``numbered`` with a number behind it."""
    wanted = name_key(current)
    if wanted in map(name_key, bases):
        return True
    if numbered is None:
        return False
    local, _, _ = wanted.partition("@")
    plain = local.rstrip("0123456789")
    # A base may itself end in digits: the number can begin at any of them.
    for end in range(len(plain), len(local)):
        number = local[end:]
        if number[0] != "0" and name_key(with_number(numbered, int(number), length)) == wanted:
            return True
    return False


def with_number(base: str, number: int, length: int) -> str:
    """A name with a number behind it, or before its ``@``, cut where it would be too long."""
    local, at, domain = base.partition("@")
    digits = str(number)
    return f"{local[: length - len(digits)]}{digits}{at}{domain}"


def choose(
    namespace: str,
    bases: Sequence[str],
    account: str,
    ledger: Ledger,
    *,
    length: int,
    suffix_from: int,
    numbered: str | None,
) -> str | None:
    """The first name that is free or the account's own, and gives it; else ``numbered`` with the
    first number that is free behind it. ``None`` where there is neither."""
    taken = ledger.others(namespace, [name_key(base) for base in bases], account)
    for base in bases:
        if name_key(base) not in taken:
            ledger.give(namespace, base, account)
            return base
    if (first := numbered) is None:
        return None
    start = ledger.numbered_from(namespace, first, suffix_from)
    for block in _blocks(start):
        names = {number: with_number(first, number, length) for number in block}
        taken = ledger.others(namespace, [name_key(name) for name in names.values()], account)
        for number, name in names.items():
            if name_key(name) not in taken:
                ledger.give(namespace, name, account)
                ledger.numbered_to(namespace, first, number)
                return name
    raise AssertionError("numbers do not end")


def _blocks(first: int) -> Iterator[range]:
    """Numbers to look up together: few where a name is rare, more the more there are."""
    size = FIRST_BLOCK
    for _ in count():
        yield range(first, first + size)
        first, size = first + size, min(256, size * 4)


class Names(NamedTuple):
    """The names of an account; ``problem`` says why there is no username."""

    username: str | None
    email: str | None
    problem: str | None = None


NO_NAME = "no-username"
TAKEN = "override-taken"
NO_ADDRESS = "address-taken"
"""Why somebody has no username, or no address: nothing to make one of, an override that belongs to
another, an address in the SIS that another account has or had."""


def names_for(
    person: Person,
    account: Account | None,
    account_id: str,
    role: RoleRules,
    words: dict[str, str],
    rules: Rules,
    ledger: Ledger,
) -> Names:
    """The names that a person's account is to have. An account that fits its policy keeps its own,
    and so does one of which not all that is wanted is known."""
    current = account.username if account else None
    override = rules.overrides.get(person.id)
    username: str | None
    if override is not None and override.username is not None:
        username = _exactly(USERNAME, override.username, account_id, ledger)
        if username is None:
            return Names(None, None, TAKEN)
    else:
        bases = usernames_for(person, role, words, rules)
        username = _kept_or_chosen(USERNAME, current, bases, bases, account_id, role, ledger)
        if username is None:
            return Names(None, None, NO_NAME)
    words["username"] = username
    current = account.email if account else None
    if override is not None and override.email is not None:
        email = _exactly(EMAIL, override.email, account_id, ledger)
        return Names(username, email) if email else Names(None, None, TAKEN)
    if not role.emails:
        return Names(username, None)
    bases = addresses_for(person, role, words, rules)
    own = bases
    if any(template is SIS_ADDRESS for template, _ in role.emails):
        own = addresses_for(person, role, words, rules, own=True)
    email = _kept_or_chosen(EMAIL, current, bases, own, account_id, role, ledger)
    return Names(username, email or current, NO_ADDRESS if bases and email is None else None)


def _exactly(namespace: str, name: str, account: str, ledger: Ledger) -> str | None:
    if ledger.others(namespace, [name_key(name)], account):
        return None
    ledger.give(namespace, name, account)
    return name


def _kept_or_chosen(
    namespace: str,
    current: str | None,
    bases: list[str],
    own: list[str],
    account: str,
    role: RoleRules,
    ledger: Ledger,
) -> str | None:
    length = role.policy.length if namespace == USERNAME else LOCAL_PART
    numbered = own[0] if own else None
    if current is not None and (
        not bases or not role.policy.rename or fits(current, bases, length, numbered)
    ):
        return current
    return choose(
        namespace,
        bases,
        account,
        ledger,
        length=length,
        suffix_from=role.policy.suffix_from,
        numbered=numbered,
    )
