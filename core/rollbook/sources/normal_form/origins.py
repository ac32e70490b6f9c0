"""Where each line of a normal set came from, kept on disk: eight bytes a line.

A finding about a line of the set is told about the row of the source that it was made from.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from rollbook.errors import InputRefused
from rollbook.owner_only import owner_only
from rollbook.roster.findings import Finding, Severity
from rollbook.roster.kind_words import PLURALS
from rollbook.sources.oneroster_csv.collected import SINGLY

_ABSENT = frozenset({"absent-file", "absent-column"})
"""What a set does not have, a source of another dialect does not have under that name either."""

_PAIR = 8
_AT_ONCE = 1 << 14
_FIRST_LINE = 2
_TABLE = "origins.json"
_SUFFIX = ".lines"


class OriginsWriter:
    """Takes the origins down while a set is written."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}
        self._headers: list[dict[str, str]] = []
        self._faults: dict[str, dict[int, Finding]] = {}
        self._streams: dict[str, BinaryIO] = {}
        self._pending: dict[str, array[int]] = {}
        self._of_file: dict[str, set[int]] = {}

    def open(self, file: str) -> None:
        """Begin the origins of a file's lines."""
        self._streams[file] = owner_only(self._folder / f"{file}{_SUFFIX}")
        self._pending[file] = array("I")
        self._of_file[file] = set()

    def name(self, name: str, headers: Mapping[str, str]) -> int:
        """The number of an origin of that name."""
        number = self._numbers.setdefault(name, len(self.names))
        if number == len(self.names):
            self.names.append(name)
            self._headers.append(dict(headers))
        return number

    def add(self, file: str, origin: int, number: int) -> None:
        """The origin of the next line of a file."""
        pending = self._pending[file]
        pending.append(origin)
        pending.append(number)
        if len(pending) >= _AT_ONCE:
            pending.tofile(self._streams[file])
            self._pending[file] = array("I")
            self._of_file[file].update(pending[::2])

    def note_fault(self, file: str, line: int, fault: Finding) -> None:
        """Keep what is wrong with the row behind a line; only as many as are listed singly."""
        faults = self._faults.setdefault(file, {})
        if len(faults) < SINGLY:
            faults[line] = fault

    def close(self) -> None:
        """Write what is pending, and the table of names."""
        for file, stream in self._streams.items():
            with stream:
                self._pending[file].tofile(stream)
            self._of_file[file].update(self._pending[file][::2])
        table = {
            "names": self.names,
            "headers": self._headers,
            "files": {file: sorted(found)[:2] for file, found in self._of_file.items()},
            "faults": {
                file: {str(line): asdict(fault) for line, fault in faults.items()}
                for file, faults in self._faults.items()
            },
        }
        (self._folder / _TABLE).write_text(json.dumps(table), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Origins:
    """The origins of a set, to be asked for one line at a time.

    ``files`` has the numbers of the first two origins of each file of the set.
    """

    folder: Path
    names: list[str]
    headers: list[dict[str, str]]
    files: dict[str, list[int]]
    faults: dict[str, dict[str, dict[str, Any]]]

    @classmethod
    def load(cls, folder: Path) -> Origins:
        """The origins that were written into a folder."""
        return cls(folder, **json.loads((folder / _TABLE).read_text(encoding="utf-8")))

    def of(self, file: str, line: int) -> tuple[int, int] | None:
        """The numbers of the origin and of the row in it, of a line of the set (1 is the header).

        ``None`` for the header and for a line that the set does not have.
        """
        if file not in self.files or line < _FIRST_LINE:
            return None
        pair = array("I")
        with (self.folder / f"{file}{_SUFFIX}").open("rb") as stream:
            stream.seek((line - _FIRST_LINE) * _PAIR)
            pair.frombytes(stream.read(_PAIR))
        return (pair[0], pair[1]) if len(pair) == 2 else None

    def pairs(self, file: str) -> array[int]:
        """The number of the origin and that of the row in it, of every line of a file of the set
        one after the other. Empty for a file that the set does not have."""
        pairs = array("I")
        if file in self.files:
            path = self.folder / f"{file}{_SUFFIX}"
            with path.open("rb") as stream:
                pairs.fromfile(stream, path.stat().st_size // pairs.itemsize)
        return pairs

    def fault(self, file: str | None, line: int | None) -> Finding | None:
        """What was said to be wrong with the row behind a line of the set."""
        found = self.faults.get(file or "", {}).get(str(line))
        if found is None:
            return None
        words = (found["code"], found["message"], found["remedy"])
        return Finding(Severity.ERROR, *words, field=found["field"])

    def told(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Findings about lines of the set, told about the rows that these were made from."""
        return tuple(map(self._told, findings))

    def refusal(self, error: InputRefused) -> InputRefused:
        """A refusal for a line of the set, told about the row that it was made from."""
        file, line, field = self._place(error.file, error.line, error.field)
        return InputRefused(
            error.message, code=error.code, file=file, line=line, field=field, remedy=error.remedy
        )

    def _told(self, finding: Finding) -> Finding:
        file, line, field = self._place(finding.file, finding.line, finding.field)
        fault = self.fault(finding.file, finding.line)
        if fault is not None and finding.count == 1 and finding.severity is Severity.ERROR:
            finding = replace(finding, code=fault.code, message=fault.message, remedy=fault.remedy)
            field = fault.field
        if finding.severity is Severity.WARNING and finding.code in _ABSENT and finding.kind:
            return replace(
                finding,
                message=f"The source says nothing of {PLURALS[finding.kind]}: what the directory "
                "holds of them stays as it is.",
                remedy="Nothing, unless it should.",
                file=None,
                line=None,
                field=None,
            )
        return replace(finding, file=file, line=line, field=field)

    def _place(
        self, file: str | None, line: int | None, field: str | None
    ) -> tuple[str | None, int | None, str | None]:
        if file is None or file not in self.files:
            return file, line, field
        found = self.of(file, line) if line is not None else None
        if found is not None:
            origin, number = found
            header = self.headers[origin].get(f"{file}:{field}", field)
            return self.names[origin], number or None, header
        only = self.files[file]
        return (self.names[only[0]] if len(only) == 1 else file), None, field
