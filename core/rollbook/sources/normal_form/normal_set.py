"""Writing a normal set, row by row, in memory that does not grow with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from rollbook.errors import InputRefused
from rollbook.owner_only import owner_only, owner_only_text
from rollbook.roster.findings import Finding
from rollbook.roster.records import role_id
from rollbook.sources.normal_form.columns import FACT_FILES, FILES, VERSION, in_order
from rollbook.sources.normal_form.origins import Origins, OriginsWriter
from rollbook.sources.oneroster_csv.collected import Findings

_BUFFER = 1 << 18
_BREAKS = re.compile(r"[\r\n]+")
MOST_TOUCHED = 50_000
"""Records of a file that a set of changes may be about. They are held in memory while they are put
into the set before; where there are more, everything costs little more."""

_UNREADABLE = "?"
"""Stands in the second and last cell of a line that is one of a source's rows, taken for a whole
one by nobody: the reader sets it aside, as it would the row itself."""

Row = Mapping[str, str | None]
"""Columns of a file by name, as OneRoster writes them; a column that is left out is blank."""


@dataclass(frozen=True, slots=True)
class Origin:
    """One of the places that rows come from: a file of the source, or a page of an endpoint."""

    number: int


@dataclass(slots=True)
class _File:
    stream: BinaryIO
    columns: tuple[str, ...]
    known: frozenset[str]
    rows: int = 0
    unreadable: int = 0


@dataclass(slots=True)
class Touched:
    """The rows of a file that are all there anew, or gone: those with one of ``keys`` in
    ``column``."""

    column: str
    keys: set[str]


@dataclass(slots=True)
class NormalSet:
    """A normal set that is being written into ``folder`` (made by ``with``).

    Where its rows come from is written into a folder of its own beside it. ``findings`` takes what
    a translator has to say itself, and ``has`` the parts that its source may lack and that are
    there; ``had_last`` are those of the set before. A set whose block ends with an exception gets
    no manifest.

    ``as_of`` is up to where a source has told its changes, in its own words; ``None`` where it
    cannot be asked for what comes after. ``touched`` says of a set of changes what it is about.
    """

    folder: Path
    findings: Findings = field(default_factory=Findings)
    had_last: frozenset[str] = frozenset()
    has: set[str] = field(default_factory=set)
    as_of: str | None = None
    touched: dict[str, Touched] = field(default_factory=dict)
    _files: dict[str, _File] = field(default_factory=dict)
    _origins: OriginsWriter = field(init=False)

    def __enter__(self) -> NormalSet:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._origins = OriginsWriter(origins_folder(self.folder))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for file in self._files.values():
            file.stream.close()
        self._origins.close()
        if kind is None:
            self._write_manifest()

    def begin_again(self) -> None:
        """Forget everything that was written and said so far; what stays open is nothing."""
        for name, file in self._files.items():
            file.stream.close()
            self._path(name).unlink()
        self._files = {}
        self._origins.close()
        self._origins = OriginsWriter(origins_folder(self.folder))
        self.findings = Findings()
        self.as_of = None
        self.touched = {}

    def open(self, file: str, columns: Iterable[str]) -> None:
        """Begin a file with the columns that its rows may have; ``sourcedId`` is always one.

        A file that is opened holds everything that the source knows of its records, for what is
        not in it counts as gone; one that stays closed, or gets no row, says nothing of them.
        Raises ``ValueError`` for what the normal set does not have.
        """
        ordered = in_order(file, columns)
        if file in self._files:
            raise ValueError(f"{file} is open already")
        stream = owner_only(self._path(file), buffering=_BUFFER)
        stream.write(f"{','.join(ordered)}\n".encode())
        self._files[file] = _File(stream, ordered, frozenset(ordered))
        self._origins.open(file)

    def origin(self, name: str, headers: Mapping[str, str] | None = None) -> Origin:
        """A place that rows come from: ``students.csv``, or ``GET /users?offset=5000, page 6``.

        ``headers`` are the source's names of columns, by ``file:column`` of the normal set.
        """
        return Origin(self._origins.name(name, headers or {}))

    def add(self, file: str, row: Row, origin: Origin, number: int = 0) -> None:
        """Write a row; ``number`` is its line in the origin, 0 where it has none.

        Line breaks in a cell become blanks, since OneRoster allows none. Raises ``ValueError`` for
        a column that the file was not opened with.
        """
        to = self._files[file]
        if not row.keys() <= to.known:
            raise ValueError(
                f"{file} was opened without {', '.join(sorted(row.keys() - to.known))}"
            )
        get = row.get
        cells = [get(column) or "" for column in to.columns]
        line = ",".join(cells)
        if '"' in line or "\n" in line or "\r" in line or line.count(",") != len(cells) - 1:
            line = ",".join(map(_quoted, cells))
        self._write(file, to, line, origin, number)

    def touch(self, file: str, key: str, column: str = "sourcedId") -> None:
        """Say that all rows of a file with ``key`` in ``column`` come anew, or are gone.

        Raises ``InputRefused`` (``too-many-changes``) beyond ``MOST_TOUCHED``.
        """
        keys = self.touched.setdefault(file, Touched(column, set())).keys
        keys.add(_on_one_line(key))
        if len(keys) > MOST_TOUCHED:
            raise InputRefused(
                f"More than {MOST_TOUCHED:,} records of {file} have changed.",
                code="too-many-changes",
                remedy="Ask for everything.",
            )

    def put(
        self, file: str, line: bytes, origin: Origin, number: int, fault: Finding | None = None
    ) -> None:
        """Write a row as another normal set has it, its line end included; ``fault`` is why it
        cannot be read, if so."""
        to = self._files[file]
        to.stream.write(line)
        to.rows += 1
        self._origins.add(file, origin.number, number)
        if fault is not None:
            self._origins.note_fault(file, to.rows + 1, fault)

    def add_role(
        self,
        user: str,
        role: str,
        org: str,
        origin: Origin,
        number: int = 0,
        *,
        primary: bool,
        more: Row | None = None,
    ) -> None:
        """Write a row of roles.csv under the id that a role has in every dialect."""
        row = {
            "sourcedId": role_id(user, role, org),
            "userSourcedId": user,
            "roleType": "primary" if primary else "secondary",
            "role": role,
            "orgSourcedId": org,
        }
        self.add("roles.csv", {**row, **(more or {})}, origin, number)

    def add_unreadable(
        self, file: str, origin: Origin, number: int, fault: Finding, record_id: str = ""
    ) -> None:
        """Say that a row of the source belongs into a file and cannot be read, for ``fault``.

        The reader sets it aside and protects ``record_id``; where that is not known, nothing of
        the file counts as gone.
        """
        to = self._files[file]
        self._write(file, to, f"{_quoted(record_id)},{_UNREADABLE}", origin, number)
        to.unreadable += 1
        self._origins.note_fault(file, to.rows + 1, fault)

    def name_of(self, origin: Origin) -> str:
        """The name of an origin."""
        return self._origins.names[origin.number]

    def rows(self, file: str) -> int:
        """The rows of a file so far."""
        return self._files[file].rows

    @property
    def opened(self) -> frozenset[str]:
        """The files that have been begun."""
        return frozenset(self._files)

    def _path(self, file: str) -> Path:
        """Where a file is written: facts about students lie beside the roster."""
        if file not in FACT_FILES:
            return self.folder / file
        beside = facts_folder(self.folder)
        beside.mkdir(mode=0o700, parents=True, exist_ok=True)
        return beside / file

    def _write(self, file: str, to: _File, line: str, origin: Origin, number: int) -> None:
        try:
            content = f"{line}\n".encode()
        except UnicodeEncodeError:
            content = f"{line}\n".encode("utf-8", "surrogatepass")
            content = content.decode("utf-8", "replace").encode()
        to.stream.write(content)
        to.rows += 1
        self._origins.add(file, origin.number, number)

    def _write_manifest(self) -> None:
        """Say which files are there; one without rows is taken away, for it says nothing."""
        lines = ["propertyName,value", "manifest.version,1.0", f"oneroster.version,{VERSION}"]
        for file in FILES:
            opened = self._files.get(file)
            if opened and not opened.rows:
                (self.folder / file).unlink()
            mode = "bulk" if opened and opened.rows else "absent"
            lines.append(f"file.{file.removesuffix('.csv')},{mode}")
        with owner_only_text(self.folder / "manifest.csv") as manifest:
            manifest.writelines(f"{line}\n" for line in lines)


def origins_folder(folder: Path) -> Path:
    """The folder of the origins of the set in ``folder``."""
    return folder.with_name(f"{folder.name}-origins")


def facts_folder(folder: Path) -> Path:
    """The folder of the facts about students of the set in ``folder``."""
    return folder.with_name(f"{folder.name}-facts")


def origins_of(folder: Path) -> Origins:
    """The origins of a set that has been written into ``folder``."""
    return Origins.load(origins_folder(folder))


def listed(items: Iterable[str]) -> str:
    """Several values as one cell: the filled ones, each once, in order of first appearance."""
    return ",".join(dict.fromkeys(item for item in items if item))


def _quoted(cell: str) -> str:
    """A cell on one line, in quotes where it needs them."""
    cell = _on_one_line(cell)
    if "," in cell or '"' in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _on_one_line(cell: str) -> str:
    if "\n" in cell or "\r" in cell:
        return _BREAKS.sub(" ", cell).strip()
    return cell
