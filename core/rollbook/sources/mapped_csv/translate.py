"""Translating the files of an export into the normal form, as a mapping says."""

from __future__ import annotations

import shutil
from collections.abc import Mapping as ByName
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from rollbook.errors import InputRefused
from rollbook.sources.buckets import Buckets
from rollbook.sources.mapped_csv.cell_spec import Lookup
from rollbook.sources.mapped_csv.cells import Cells
from rollbook.sources.mapped_csv.lookups import Lookups, lookups_at
from rollbook.sources.mapped_csv.mapping import Mapping, People, Records
from rollbook.sources.mapped_csv.people import ROLES, USERS, PeopleWriter, write_people
from rollbook.sources.mapped_csv.records import RecordWriter, write_distinct
from rollbook.sources.mapped_csv.source_files import found_files, lookups_of, opened
from rollbook.sources.normal_form import NormalSet, SourceFile


def translate_mapped(mapping: Mapping, folder: Path, normal: NormalSet) -> None:
    """Write the normal set of the export in ``folder``.

    Raises ``InputRefused``: ``missing-file``, ``duplicate-file``, ``missing-header`` and what
    ``SourceFile`` raises; and ``OSError`` where a disk fails.
    """
    files = found_files(mapping, folder, normal)
    scratch = folder.with_name(f"{folder.name}-scratch")
    shutil.rmtree(scratch, ignore_errors=True)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, scratch, ignore_errors=True)
        lookups = stack.enter_context(lookups_at(_made(scratch) / "lookups.db"))
        for lookup in lookups_of(mapping):
            _look_over(lookup, mapping, files, normal, lookups)
        sources = {
            file: stack.enter_context(opened(file, path, mapping, normal))
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
        if not rows.only_with:
            return True
        part = f"{rows.file}: {' or '.join(rows.only_with)}"
        if any(column in present for column in rows.only_with):
            self.normal.has.add(part)
            return True
        if part in self.normal.had_last:
            raise InputRefused(
                f"The column {' or '.join(rows.only_with)} came last time, and is not there now.",
                code="missing-header",
                file=self.sources[rows.file].name,
                line=1,
                field=rows.only_with[0],
                remedy="Have the export write it again, or take it out of a profile of your own.",
            )
        return False

    def _cells(self, file: str) -> Cells:
        return Cells(self.sources[file].present, self.mapping.maps, self.lookups.find)

    def _gathered(self, file: str) -> Buckets:
        return self.distinct.setdefault(file, Buckets(self.scratch, file))


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
    with opened(lookup.file, path, mapping, normal, quiet=True) as source:
        for _, row in source.lines():
            put(row[lookup.by], row.get(lookup.column, ""))


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
