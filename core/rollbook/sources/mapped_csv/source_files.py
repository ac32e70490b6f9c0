"""The files of an export: which of them is which, and opening one for all that is made of it."""

from __future__ import annotations

from pathlib import Path

from rollbook.errors import InputRefused
from rollbook.sources.mapped_csv.cell_spec import Lookup
from rollbook.sources.mapped_csv.mapping import Mapping, Records, cells_of, columns_of
from rollbook.sources.mapped_csv.people import ROLES, USERS
from rollbook.sources.mapped_csv.taking import headers
from rollbook.sources.normal_form import NormalSet, SourceFile
from rollbook.sources.normal_form.columns import FACT_FILES


def found_files(mapping: Mapping, folder: Path, normal: NormalSet) -> dict[str, Path | None]:
    """The source files by the names that the mapping gives them; ``None`` for one that may be
    missing and is.

    One that was there last time has to be there again: people who stand in it are not gone, they
    are unknown.
    """
    there: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        there.setdefault(path.name.casefold(), []).append(path)
    found: dict[str, Path | None] = {}
    optional = {
        file: all(one.optional for one in mapping.rows if one.file == file)
        for file in (
            *(one.file for one in mapping.rows),
            *(one.file for one in lookups_of(mapping)),
        )
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
        if may_be_missing and _only_facts(mapping, file):
            # Who is missing from it is missing nowhere else.
            found[file] = paths[0] if paths else None
            continue
        if may_be_missing and paths:
            normal.has.add(file)
        elif may_be_missing and file in normal.had_last:
            raise InputRefused(
                f"{file} came last time, and is not there now.",
                code="missing-file",
                file=file,
                remedy="Have the export write it again, or take it out of a profile of your own.",
            )
        elif not paths and not may_be_missing:
            raise InputRefused(
                f"The export has no {file}, which {mapping.name} needs.",
                code="missing-file",
                file=file,
                remedy="Wait until all files have arrived, or have the export write it.",
            )
        found[file] = paths[0] if paths else None
    known = {name.casefold() for name in mapping.not_read}
    for path in (p for name, paths in there.items() if name not in known for p in paths):
        normal.findings.warn(
            "not-read",
            f"The file is no part of {mapping.name}; it was not read.",
            "Nothing, if no records of the roster are in it.",
            file=path.name,
        )
    return found


def opened(
    file: str, path: Path, mapping: Mapping, normal: NormalSet, *, quiet: bool = False
) -> SourceFile:
    """A file, opened for all rows that are made of it, and for those who look something up in it.
    ``quiet`` is for one that is read once more."""
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
    for lookup in lookups_of(mapping):
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
        may_be_empty=file in mapping.empty or _only_facts(mapping, file),
        aliases=mapping.aliases,
        quiet=quiet,
    )


def _only_facts(mapping: Mapping, file: str) -> bool:
    """Whether all that is made of a file are facts about students."""
    rows = [one for one in mapping.rows if one.file == file]
    return bool(rows) and all(isinstance(r, Records) and r.to in FACT_FILES for r in rows)


def lookups_of(mapping: Mapping) -> list[Lookup]:
    """Everything that is looked up, each once."""
    found: dict[Lookup, None] = {}
    for one in mapping.rows:
        for cell, _ in cells_of(one):
            if cell.lookup is not None:
                found[cell.lookup] = None
    return list(found)
