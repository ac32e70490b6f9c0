"""The ledger of names as a run sees it: what the store has, and what the run gives meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection
from xxhash import xxh3_64_intdigest

from rollbook.directory import accounts
from rollbook.roster.accounts import EMAIL, USERNAME, name_key

GIVEN_NOW = ""
"""Stands for the account that got a name in this run: another one than whoever asks."""


class GivenNames:
    """Names given in this run are kept as hashes, eight bytes each: what is taken for given and is
    not costs somebody a number behind their name, nothing else."""

    def __init__(self, connection: Connection, district: str) -> None:
        self._connection, self._district = connection, district
        self.empty = accounts.is_first(connection, district)
        self._given: dict[str, set[int]] = {USERNAME: set(), EMAIL: set()}
        self._numbers: dict[tuple[str, str], int] = {}
        self._known: dict[str, dict[str, str]] = {USERNAME: {}, EMAIL: {}}
        self._asked: dict[str, set[str]] = {USERNAME: set(), EMAIL: set()}

    def look_up(self, namespace: str, names: Sequence[str]) -> None:
        """Ask the store for many names at once; those that were asked for before are forgotten."""
        if self.empty:
            return
        self._asked[namespace] = set(names)
        self._known[namespace] = accounts.owners(self._connection, self._district, namespace, names)

    def owners(self, namespace: str, names: Sequence[str]) -> Mapping[str, str]:
        """See ``accounts.naming.Ledger``."""
        found: dict[str, str] = {}
        if not self.empty:
            asked, known = self._asked[namespace], self._known[namespace]
            unknown = [name for name in names if name not in asked]
            if unknown:
                asked.update(unknown)
                known.update(accounts.owners(self._connection, self._district, namespace, unknown))
            found = {name: known[name] for name in names if name in known}
        given = self._given[namespace]
        for name in names:
            if name not in found and xxh3_64_intdigest(name.encode()) in given:
                found[name] = GIVEN_NOW
        return found

    def give(self, namespace: str, name: str, account: str) -> None:
        """See ``accounts.naming.Ledger``."""
        self._given[namespace].add(xxh3_64_intdigest(name_key(name).encode()))

    def numbered_from(self, namespace: str, base: str, first: int) -> int:
        """See ``accounts.naming.Ledger``."""
        return self._numbers.get((namespace, base), first)

    def numbered_to(self, namespace: str, base: str, number: int) -> None:
        """See ``accounts.naming.Ledger``."""
        self._numbers[namespace, base] = number
