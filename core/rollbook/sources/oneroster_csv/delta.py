"""A set in delta mode, made whole: the set that came last with the changes put into it.

A record that the delta does not name stays on the line that it had, byte by byte. So a delta takes
away what it names and nothing else, given twice it changes nothing the second time, and the bulk
set that comes after it is found to be the same but for what has changed since.
"""

from __future__ import annotations

import csv
import io
import shutil
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, NoReturn

from rollbook.errors import InputRefused
from rollbook.owner_only import owner_only
from rollbook.roster.findings import Finding
from rollbook.roster.kinds import Kind
from rollbook.sources.base import Base
from rollbook.sources.normal_form.normal_set import origins_folder
from rollbook.sources.normal_form.origins import OriginsWriter
from rollbook.sources.oneroster_csv.changes_by_id import DeltaRow, changes_at
from rollbook.sources.oneroster_csv.collected import Findings
from rollbook.sources.oneroster_csv.delta_rows import (
    DeltaRows,
    column_of,
    is_one_row,
    read_delta,
    stamp_of,
)
from rollbook.sources.oneroster_csv.files import MANIFEST, files_in
from rollbook.sources.oneroster_csv.header import clean, is_secret, match_header
from rollbook.sources.oneroster_csv.layouts import LAYOUTS, Layout
from rollbook.sources.oneroster_csv.manifest import Manifest, contents
from rollbook.sources.oneroster_csv.quoting import Splitter
from rollbook.sources.oneroster_csv.table import Table, is_filled

_BUFFER = 1 << 20
_CHANGES = "changes.db"
_ON_ITS_WAY = timedelta(days=2)
"""For so long a bulk set may be on its way: what changed meanwhile is news to it."""

_BULK_NEXT = "Have the export send a bulk set once."
_NOT_KEPT = frozenset({"status", "datelastmodified"})
"""Columns that say how a row came; a bulk set has nothing in them."""


@dataclass(frozen=True, slots=True)
class Completed:
    """What there is to say about a delta, the newest change that the whole set holds now, the rows
    that were set aside, by kind, and the kinds of which not everything came."""

    findings: tuple[Finding, ...]
    as_of: str | None
    set_aside: Mapping[Kind, int]
    of_changes: frozenset[Kind]


def complete(
    came: Path,
    base: Base | None,
    folder: Path,
    version: str | None,
    now: datetime | None = None,
) -> Completed:
    """Write into ``folder`` the whole set that comes of the delta in ``came``.

    A change that is dated later than ``now`` does not keep those away that come after it.

    Where its lines came from is written beside it. Raises ``InputRefused``: ``delta-without-base``,
    ``delta-version``, ``delta-columns``, ``delta-out-of-order``, and as the reader does.
    """
    files = files_in(came, Findings())
    manifest = contents(came, files, version, Findings())
    if base is None:
        _refuse(
            "delta-without-base",
            "The set holds changes only, and no whole set has come before it.",
            _BULK_NEXT,
        )
    if base.turned_down:
        _refuse(
            "delta-without-base",
            "The set holds changes only, and what came last was turned down as a whole.",
            _BULK_NEXT,
        )
    old_files = files_in(base.folder, Findings())
    old = contents(base.folder, old_files, version, Findings())
    if old.version != manifest.version:
        _refuse(
            "delta-version",
            f"The changes are of OneRoster {manifest.version}, the set before them is of "
            f"{old.version}.",
            _BULK_NEXT,
        )
    findings = Findings()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    origins = OriginsWriter(origins_folder(folder))
    newest, whole, set_aside = "", set[str](), Counter[Kind]()
    try:
        for layout in LAYOUTS[manifest.version]:
            name = layout.name
            if name in manifest.delta:
                _check_there(name, layout, files, old)
                with changes_at(came / _CHANGES) as rows:
                    delta = read_delta(files[name], layout, findings, rows)
                    newest = max(newest, delta.newest if delta else "")
                    set_aside[layout.kind] += delta.set_aside if delta else 0
                    if delta is None:
                        _copy(old_files[name], folder / layout.file)
                    else:
                        put = _Put(delta, layout, base, files[name].name, origins)
                        put.into(old_files[name], folder / layout.file)
            elif name in manifest.bulk and name in files:
                _copy(files[name], folder / layout.file)
            elif name in old.bulk and name not in manifest.bulk:
                _copy(old_files[name], folder / layout.file)
            else:
                continue
            whole.add(name)
    finally:
        origins.close()
    known = base.about.as_of or ""
    if now is not None:
        newest = min(newest, stamp_of(now))
    # What a bulk set came after is in it already, and older than it.
    late = newest <= known if base.about.whole_at else newest < known
    if newest and late:
        _refuse(
            "delta-out-of-order",
            f"The newest change in it is of {newest}, and changes of {known} have come before.",
            f"Send the deltas in the order in which they were made. {_BULK_NEXT}",
        )
    came_at, exported = base.about.whole_at, ""
    if came_at:
        exported = stamp_of(datetime.fromisoformat(came_at) - _ON_ITS_WAY)
    if newest and newest < exported:
        _refuse(
            "delta-out-of-order",
            f"The newest change in it is of {newest}, and a bulk set came at {came_at}.",
            f"Send the deltas in the order in which they were made. {_BULK_NEXT}",
        )
    ours = {layout.name: layout.kinds for layout in LAYOUTS[manifest.version]}
    bulk = manifest.bulk & ours.keys()
    _write_manifest(folder, manifest, whole | bulk)
    of_changes = frozenset(Kind).difference(*(ours[name] for name in bulk))
    return Completed(findings.all(), max(newest, known, exported) or None, set_aside, of_changes)


class _Put:
    """Puts the changes of one file into the file that came last."""

    def __init__(
        self, delta: DeltaRows, layout: Layout, base: Base, name: str, origins: OriginsWriter
    ) -> None:
        self._delta = delta
        self._layout = layout
        self._origins = origins
        self._of_delta = origins.name(f"{name} (delta)", {})
        self._of_base = origins.name(f"{name} of snapshot {base.snapshot}", {})
        self._splitter = Splitter()

    def into(self, before: Path, after: Path) -> None:
        """Write the whole file: what stays on its line, what has changed in its place, what is new
        at the end, as is what has changed on a line that may be about others, too: that one stays.
        Raises ``InputRefused`` (``delta-columns``)."""
        with Table(before, Findings()) as table:
            header, first = table.header, table.first
            matched = match_header(header, self._layout, before.name, Findings())
        order, rows = self._order(header), self._delta.rows
        self._origins.open(self._layout.file)
        end = "\n"
        # The lines are those of the reader, which knows three ends of a line.
        with (
            before.open(encoding="utf-8", newline="") as source,
            owner_only(after, buffering=_BUFFER) as target,
        ):
            for number, line in enumerate(source, 1):
                if number < first:
                    if is_filled(line):
                        end = line[len(line.rstrip("\r\n")) :]
                        target.write(line.encode())
                    continue
                record = self._id(line, matched.id_at)
                row = rows.get(record)
                if row is None or not self._is_one_row(line, matched.id_at, len(header)):
                    target.write((line if line.endswith(("\n", "\r")) else line + end).encode())
                    self._origins.add(self._layout.file, self._of_base, number)
                elif rows.take(row):
                    self._write(target, row, order, end)
            for row in rows.left():
                self._write(target, row, order, end)

    def _order(self, header: list[str]) -> list[int | None]:
        """Of each column of the file before, where it stands in the delta; ``None`` where it is to
        be blank."""
        names = [clean(name).casefold() for name in header]
        came = [clean(name).casefold() for name in self._delta.header]
        other = sorted({n for n in {*names} ^ {*came} if n not in _NOT_KEPT and not is_secret(n)})
        if other:
            _refuse(
                "delta-columns",
                f"The columns differ from those of the set before: {', '.join(other)}.",
                _BULK_NEXT,
                self._layout.file,
            )
        return [
            None if n in _NOT_KEPT or is_secret(n) else column_of(self._delta.header, n)
            for n in names
        ]

    def _id(self, line: str, at: int) -> str:
        if not line.isascii():
            line = unicodedata.normalize("NFC", line)
        if at == 0 and not line.startswith('"'):
            return line[: line.find(",")].strip()
        cells, _ = self._splitter.split(line)
        return cells[at].strip() if at < len(cells) else ""

    def _is_one_row(self, line: str, at: int, width: int) -> bool:
        """Whether a line is about the record whose id it has and no other, damaged or not."""
        cells, _ = self._splitter.split(line)
        return is_one_row(cells, at, width)

    def _write(self, target: BinaryIO, row: DeltaRow, order: list[int | None], end: str) -> None:
        """Write what a record is now, where it is still there."""
        if row.cells is None:
            return
        text = io.StringIO()
        cells = ("" if at is None else row.cells[at] for at in order)
        csv.writer(text, lineterminator="").writerow(cells)
        target.write(f"{text.getvalue()}{end}".encode())
        self._origins.add(self._layout.file, self._of_delta, row.line)


def _check_there(name: str, layout: Layout, files: Mapping[str, Path], old: Manifest) -> None:
    if name not in files:
        _refuse(
            "missing-file",
            "The manifest says that the file is there (delta), and it is not.",
            "Wait until all files have arrived, or have the export mark it absent.",
            layout.file,
        )
    if name not in old.bulk:
        _refuse(
            "delta-without-base",
            "The file holds changes only, and no whole file has come before it.",
            _BULK_NEXT,
            layout.file,
        )


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as reader, owner_only(target, buffering=_BUFFER) as writer:
        shutil.copyfileobj(reader, writer, _BUFFER)


def _write_manifest(folder: Path, manifest: Manifest, whole: set[str]) -> None:
    lines = ["propertyName,value", "manifest.version,1.0"]
    lines.append(f"oneroster.version,{manifest.version}")
    lines += [f"file.{name},bulk" for name in sorted(whole)]
    with owner_only(folder / f"{MANIFEST}.csv", buffering=_BUFFER) as target:
        target.write("".join(f"{line}\n" for line in lines).encode())


def _refuse(code: str, message: str, remedy: str, file: str | None = f"{MANIFEST}.csv") -> NoReturn:
    raise InputRefused(message, code=code, file=file, remedy=remedy)
