"""Translating the files of an export into the normal form, as a mapping says."""

from __future__ import annotations

import shutil
from collections.abc import Mapping as ByName
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from rollbook.errors import InputRefused
from rollbook.sources.mapped_csv.buckets import Buckets
from rollbook.sources.mapped_csv.cells import Cells
from rollbook.sources.mapped_csv.lookups import Lookups
from rollbook.sources.mapped_csv.mapping import (
    Lookup,
    Mapping,
    People,
    Records,
    cells_of,
    columns_of,
)
from rollbook.sources.mapped_csv.people import ROLES, USERS, PeopleWriter, write_people
from rollbook.sources.mapped_csv.records import RecordWriter, write_distinct
from rollbook.sources.mapped_csv.taking import headers
from rollbook.sources.normal_form import NormalSet, SourceFile
from rollbook.sources.oneroster_csv.collected import Findings


def translate_mapped(mapping: Mapping, folder: Path, normal: NormalSet) -> None:
    """Write the normal set of the export in ``folder``.

    Raises ``InputRefused``: ``missing-file``, ``duplicate-file``, ``missing-header`` and what
    ``SourceFile`` raises.
    """
    files = _files(mapping, folder, normal.findings)
    scratch = folder.with_name(f"{folder.name}-scratch")
    shutil.rmtree(scratch, ignore_errors=True)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, scratch, ignore_errors=True)
        lookups = Lookups(_made(scratch) / "lookups.db")
        stack.callback(lookups.close)
        for lookup in _lookups(mapping):
            _look_over(lookup, mapping, files, normal, lookups)
        sources = {
            file: stack.enter_context(_opened(file, path, mapping, normal))
            for file, path in files.items()
            if path is not None and any(one.file == file for one in mapping.rows)
        }
        work = _Work(mapping, sources, lookups, scratch, normal)
        stack.callback(work.close)
        for file, source in sources.items():
            work.take_file(file, source)
        work.finish()


@dataclass
class _Work:
    """One translation under way: what each source file's rows go through."""

    mapping: Mapping
    sources: ByName[str, SourceFile]
    lookups: Lookups
    scratch: Path
    normal: NormalSet
    writers: dict[str, list[RecordWriter | PeopleWriter]] = field(default_factory=dict)
    distinct: dict[str, Buckets] = field(default_factory=dict)
    people: Buckets = field(init=False)

    def __post_init__(self) -> None:
        self.people = Buckets(self.scratch, "people")
        columns: dict[str, set[str]] = {}
        for person in self.mapping.people:
            if self._holds(person):
                one = PeopleWriter(person, self._cells(person.file), self.people)
                self.writers.setdefault(person.file, []).append(one)
                columns.setdefault(USERS, set()).update(one.columns)
                if one.has_roles:
                    columns.setdefault(ROLES, set())
        for rows in self.mapping.records:
            if self._holds(rows):
                gathered = self._gathered(rows.to) if rows.distinct else None
                writer = RecordWriter(rows, self._cells(rows.file), gathered)
                self.writers.setdefault(rows.file, []).append(writer)
                columns.setdefault(rows.to, set()).update(writer.columns)
        for file, names in columns.items():
            self.normal.open(file, names)

    def take_file(self, file: str, source: SourceFile) -> None:
        """Pass every row of a file on to all that is made of it."""
        writers = self.writers.get(file, [])
        for number, row in source.lines():
            for writer in writers:
                writer.take(row, self.normal, source.origin, number)

    def finish(self) -> None:
        """Write what had to be gathered."""
        if USERS in self.normal.opened:
            most = {k: v for one in self.mapping.people for k, v in one.most.items()}
            write_people(self.people, self.normal, most)
        for file, gathered in self.distinct.items():
            write_distinct(gathered, file, self.normal)

    def close(self) -> None:
        """Let go of the files of what was gathered."""
        for gathered in (self.people, *self.distinct.values()):
            gathered.close()

    def _holds(self, rows: Records | People) -> bool:
        """Whether rows are made at all of what is there."""
        if rows.file not in self.sources or rows.instead_of in self.sources:
            return False
        present = self.sources[rows.file].present
        return not rows.only_with or any(column in present for column in rows.only_with)

    def _cells(self, file: str) -> Cells:
        return Cells(self.sources[file].present, self.mapping.maps, self.lookups.find)

    def _gathered(self, file: str) -> Buckets:
        return self.distinct.setdefault(file, Buckets(self.scratch, file))


def _files(mapping: Mapping, folder: Path, findings: Findings) -> dict[str, Path | None]:
    """The source files by the names that the mapping gives them; ``None`` for one that may be
    missing and is."""
    there: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        there.setdefault(path.name.casefold(), []).append(path)
    found: dict[str, Path | None] = {}
    optional = {
        file: all(one.optional for one in mapping.rows if one.file == file)
        for file in (*(one.file for one in mapping.rows), *(one.file for one in _lookups(mapping)))
    }
    for file, may_be_missing in optional.items():
        names = {name.casefold() for name in mapping.files.get(file, (file,))}
        paths = [path for name in sorted(names) for path in there.pop(name, [])]
        if len(paths) > 1:
            raise InputRefused(
                f"{' and '.join(path.name for path in paths)} are one file under two names.",
                code="duplicate-file",
                file=paths[0].name,
                remedy="Keep the one that is meant.",
            )
        if not paths and not may_be_missing:
            raise InputRefused(
                f"The export has no {file}, which {mapping.name} needs.",
                code="missing-file",
                file=file,
                remedy="Wait until all files have arrived, or have the export write it.",
            )
        found[file] = paths[0] if paths else None
    known = {name.casefold() for name in mapping.not_read}
    for path in (p for name, paths in there.items() if name not in known for p in paths):
        findings.warn(
            "not-read",
            f"The file is no part of {mapping.name}; it was not read.",
            "Nothing, if no records of the roster are in it.",
            file=path.name,
        )
    return found


def _opened(
    file: str, path: Path, mapping: Mapping, normal: NormalSet, *, quiet: bool = False
) -> SourceFile:
    rows = [one for one in mapping.rows if one.file == file]
    needed, optional = set[str](), set[str]()
    names: dict[str, str] = {}
    fed: list[str] = []
    for one in rows:
        more = columns_of(one)
        needed |= more[0]
        optional |= more[1]
        into = [one.to] if isinstance(one, Records) else [USERS, *[ROLES] * (one.orgs is not None)]
        fed += into
        names |= headers(into[0], one)
    for lookup in _lookups(mapping):
        if lookup.file == file:
            needed.add(lookup.by)
            optional.add(lookup.column)
    return SourceFile(
        path,
        normal,
        columns=sorted(optional - needed),
        required=sorted(needed),
        fed=sorted(set(fed)),
        headers=names,
        may_be_empty=file in mapping.empty,
        aliases=mapping.aliases,
        quiet=quiet,
    )


def _lookups(mapping: Mapping) -> list[Lookup]:
    found: dict[Lookup, None] = {}
    for one in mapping.rows:
        for cell, _ in cells_of(one):
            if cell.lookup is not None:
                found[cell.lookup] = None
    return list(found)


def _look_over(
    lookup: Lookup,
    mapping: Mapping,
    files: ByName[str, Path | None],
    normal: NormalSet,
    lookups: Lookups,
) -> None:
    """Read the column of a file that others refer to."""
    put = lookups.begin(lookup)
    path = files.get(lookup.file)
    if path is None:
        return
    with _opened(lookup.file, path, mapping, normal, quiet=True) as source:
        for _, row in source.lines():
            put(row[lookup.by], row.get(lookup.column, ""))


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
