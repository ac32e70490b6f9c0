"""The districts that a service looks after: their files, read again when they change."""

from __future__ import annotations

from dataclasses import dataclass, field

from rollbook.config.district import District
from rollbook.config.home import Home, load_district
from rollbook.errors import RollbookError

_Stamp = tuple[int, int, int]


@dataclass
class DistrictFiles:
    """What was read last, by file."""

    home: Home
    _read: dict[str, tuple[_Stamp, District | None]] = field(default_factory=dict)

    def read(self) -> tuple[dict[str, District], frozenset[str]]:
        """The districts by id, and which of them have changed since the last look.

        A file that cannot be read is left out; the list of districts says what is wrong with it.
        """
        found: dict[str, tuple[_Stamp, District | None]] = {}
        changed: set[str] = set()
        for path in self.home.districts.glob("*.toml"):
            try:
                facts = path.stat()
            except OSError:
                continue
            stamp = (facts.st_mtime_ns, facts.st_size, facts.st_ino)
            known = self._read.get(path.stem)
            if known is None or known[0] != stamp:
                try:
                    known = (stamp, load_district(path))
                except RollbookError:
                    known = (stamp, None)
                changed.add(path.stem)
            found[path.stem] = known
        changed |= self._read.keys() - found.keys()
        self._read = found
        districts = {name: district for name, (_, district) in found.items() if district}
        return districts, frozenset(changed)
