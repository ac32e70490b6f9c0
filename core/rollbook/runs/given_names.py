"""The ledger of names as a run sees it: what the store has, and what the run gives meanwhile."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence, Set

from sqlalchemy import Connection
from xxhash import xxh3_64_intdigest

from rollbook.directory import accounts
from rollbook.roster.accounts import EMAIL, USERNAME, name_key

MANY = 10_000
"""People from whom on the whole ledger is read once, and not asked name by name."""

_NAMESPACES = (USERNAME, EMAIL)


class GivenNames:
    """Names are kept as hashes, eight bytes each: what is taken for given and is not costs somebody
    a number behind their name, nothing else. ``people`` is how many are looked at."""

    def __init__(self, connection: Connection, district: str, people: int = 0) -> None:
        self._connection, self._district = connection, district
        self.empty = accounts.is_first(connection, district)
        self._given: dict[str, set[int]] = {name: set() for name in _NAMESPACES}
        self._numbers: dict[tuple[str, str], int] = {}
        self._asked: dict[str, set[str]] = {name: set() for name in _NAMESPACES}
        self._owners: dict[str, dict[str, str]] = {name: {} for name in _NAMESPACES}
        self._whole: dict[str, array[int]] = {}
        self._accounts: Sequence[str] = ()
        self._own: set[tuple[str, str, str]] | None = None
        if people >= MANY and not self.empty:
            for name in _NAMESPACES:
                self._whole[name] = accounts.hashes_of_names(connection, district, name)

    @property
    def asks(self) -> bool:
        """Whether names are asked for in the store, so that many at once are cheaper."""
        return not self.empty and not self._whole

    def look_up(self, namespace: str, names: Sequence[str]) -> None:
        """Ask the store for many names at once; those that were asked for before are forgotten."""
        if self.asks:
            self._asked[namespace] = set(names)
            self._owners[namespace] = accounts.owners(
                self._connection, self._district, namespace, names
            )

    def look_at(self, ids: Sequence[str]) -> None:
        """Say whose names are given next: what these accounts own is asked for together."""
        self._accounts, self._own = ids, None

    def others(self, namespace: str, names: Sequence[str], account: str) -> Set[str]:
        """See ``accounts.naming.Ledger``."""
        given = self._given[namespace]
        if self.empty:
            return {name for name in names if xxh3_64_intdigest(name.encode()) in given}
        if not self._whole:
            return self._asked_for(namespace, names, account)
        whole = self._whole[namespace]
        found = set()
        for name in names:
            digest = xxh3_64_intdigest(name.encode())
            at = bisect_left(whole, digest)
            if at < len(whole) and whole[at] == digest:
                if not self._owns(namespace, name, account):
                    found.add(name)
            elif digest in given:
                found.add(name)
        return found

    def _asked_for(self, namespace: str, names: Sequence[str], account: str) -> Set[str]:
        asked, owners = self._asked[namespace], self._owners[namespace]
        if unknown := [name for name in names if name not in asked]:
            asked.update(unknown)
            owners.update(accounts.owners(self._connection, self._district, namespace, unknown))
        given = self._given[namespace]
        return {
            name
            for name in names
            if (
                owners[name] != account
                if name in owners
                else xxh3_64_intdigest(name.encode()) in given
            )
        }

    def _owns(self, namespace: str, name: str, account: str) -> bool:
        if self._own is None:
            self._own = accounts.names_of(self._connection, self._district, self._accounts)
        return (namespace, name, account) in self._own

    def give(self, namespace: str, name: str, account: str) -> None:
        """See ``accounts.naming.Ledger``."""
        self._given[namespace].add(xxh3_64_intdigest(name_key(name).encode()))

    def numbered_from(self, namespace: str, base: str, first: int) -> int:
        """See ``accounts.naming.Ledger``."""
        return self._numbers.get((namespace, base), first)

    def numbered_to(self, namespace: str, base: str, number: int) -> None:
        """See ``accounts.naming.Ledger``."""
        self._numbers[namespace, base] = number
