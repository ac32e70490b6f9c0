"""What a million accounts cost to derive: names, collisions, places, and a second look at them all.

python -m bench.account_names [PEOPLE]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence, Set
from datetime import date
from random import Random

from xxhash import xxh3_64_intdigest

from bench.names import FAMILY, GIVEN
from rollbook.accounts.differences import differences
from rollbook.accounts.person import Person, person_of
from rollbook.accounts.rules import Rules, School, role_rules
from rollbook.config.accounts import Accounts
from rollbook.roster.accounts import (
    Account,
    AccountChange,
    AccountState,
    name_key,
)
from rollbook.roster.grade_ladder import ladder
from rollbook.roster.kinds import RoleGroup

POLICY = {
    "student": {
        "username": ["{given.1}{family}{grad.2}", "{given.1}{middle.1}{family}{grad.2}"],
        "email": "{username}@students.example.org",
        "ou": "/Students/{school_name}/{grad}",
        "groups": ["class-of-{grad}", "students-{school_code}"],
    }
}


class Given:
    """A ledger in memory, as a run has one that gives the first names of a district."""

    def __init__(self) -> None:
        self.names: dict[str, set[int]] = {"username": set(), "email": set()}
        self.numbers: dict[tuple[str, str], int] = {}

    def others(self, namespace: str, names: Sequence[str], account: str) -> Set[str]:
        """See ``accounts.naming.Ledger``."""
        given = self.names[namespace]
        return {name for name in names if xxh3_64_intdigest(name.encode()) in given}

    def give(self, namespace: str, name: str, account: str) -> None:
        """See ``accounts.naming.Ledger``."""
        self.names[namespace].add(xxh3_64_intdigest(name_key(name).encode()))

    def numbered_from(self, namespace: str, base: str, first: int) -> int:
        """See ``accounts.naming.Ledger``."""
        return self.numbers.get((namespace, base), first)

    def numbered_to(self, namespace: str, base: str, number: int) -> None:
        """See ``accounts.naming.Ledger``."""
        self.numbers[namespace, base] = number


def people(number: int) -> Iterator[Person]:
    """So many students, by id."""
    rng = Random(1)
    for at in range(number):
        yield person_of(
            f"{at:08}",
            {
                "given_name": rng.choice(GIVEN),
                "middle_name": rng.choice(GIVEN),
                "family_name": rng.choice(FAMILY),
                "primary_role": "student",
                "primary_org_id": f"s{at % 400}",
                "grades": [f"{at % 12 + 1:02}"],
            },
            year=2026,
        )


def made(change: AccountChange) -> Account:
    """The account that a creation makes."""
    after = change.after
    groups = after["groups"]
    assert isinstance(groups, list)
    return Account(
        id=change.account,
        person=change.person,
        role=RoleGroup.STUDENT,
        username=str(after["username"]),
        email=str(after["email"]),
        ou=str(after["ou"]),
        groups=tuple(groups),
        state=AccountState.ACTIVE,
        reason=None,
        suspend_on=None,
        delete_on=None,
        password_due=True,
    )


def main(number: int) -> None:
    """Derive so many new accounts, then look at all of them again; print the CPU seconds."""
    schools = {f"s{at}": School(f"School {at}", str(at)) for at in range(400)}
    accounts = Accounts.model_validate(POLICY)
    rules = Rules(role_rules(accounts), date(2026, 3, 2), "seed", ladder(), schools=schools)
    ledger, everybody = Given(), list(people(number))
    begun = time.process_time()
    held = [
        made(change)
        for person in everybody
        for change in differences(person, None, person.id, rules, ledger)
    ]
    first = time.process_time() - begun
    begun = time.process_time()
    again = sum(
        len(differences(person, account, person.id, rules, ledger))
        for person, account in zip(everybody, held, strict=True)
    )
    second = time.process_time() - begun
    numbered = sum(account.username[-3:].isdigit() for account in held)
    assert len({account.username for account in held}) == number
    assert not again
    print(f"{number:,} accounts: {first:.1f} s, of which {numbered:,} got a number")
    print(f"looked at again: {second:.1f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
