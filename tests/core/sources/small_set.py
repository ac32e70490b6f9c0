"""A small district as a OneRoster CSV set, 1.1 and 1.2, that tests change before they write it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from rollbook.roster.findings import Finding
from rollbook.sources.oneroster_csv import read
from rollbook.sources.roster import Roster

_LAKESIDE = Path(__file__).parent / "lakeside"
"""One district, two schools, four people; what differs by version is in a folder for each."""

FILES = (
    "orgs",
    "academicSessions",
    "courses",
    "classes",
    "users",
    "roles",
    "enrollments",
    "demographics",
)


class SmallSet:
    """The set as rows of cells by file name, the header first; ``manifest`` is one of them.

    ``raw`` are files that are written as they stand there instead.
    """

    def __init__(self, version: str = "1.1") -> None:
        self.version = version
        self.rows: dict[str, list[list[str]]] = {}
        self.raw: dict[str, bytes] = {}
        for file in FILES:
            for path in (_LAKESIDE / f"{file}.csv", _LAKESIDE / version / f"{file}.csv"):
                if path.is_file():
                    self.rows[file] = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
        self.rows["manifest"] = [
            ["propertyName", "value"],
            ["manifest.version", "1.0"],
            ["oneroster.version", version],
            *([f"file.{file}", "bulk"] for file in self.rows),
        ]

    def set(self, file: str, row_id: str, header: str, cell: str) -> None:
        """Change one cell."""
        self.row(file, row_id)[self.rows[file][0].index(header)] = cell

    def row(self, file: str, row_id: str) -> list[str]:
        """The first row with that id, to be changed."""
        at = 0 if file == "manifest" else self.rows[file][0].index("sourcedId")
        return next(row for row in self.rows[file][1:] if row[at] == row_id)

    def line(self, file: str, row_id: str) -> int:
        """The line of a row; the header is line 1."""
        return self.rows[file].index(self.row(file, row_id)) + 1

    def rename(self, file: str, header: str, name: str) -> None:
        """Call a column something else."""
        self.rows[file][0][self.rows[file][0].index(header)] = name

    def add_column(self, file: str, header: str, *cells: str) -> None:
        """Add a column at the end; rows without a cell get a blank one."""
        for row, cell in zip(
            self.rows[file], (header, *cells, *[""] * len(self.rows[file])), strict=False
        ):
            row.append(cell)

    def drop_column(self, file: str, header: str) -> None:
        """Take a column out."""
        at = self.rows[file][0].index(header)
        for row in self.rows[file]:
            del row[at]

    def absent(self, file: str) -> None:
        """Mark a file absent and take it out."""
        self.row("manifest", f"file.{file}")[1] = "absent"
        del self.rows[file]

    def text(self, file: str, end: str = "\n") -> str:
        """A file as it will be written."""
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator=end).writerows(self.rows[file])
        return out.getvalue()

    def overwrite(self, file: str, text: str) -> None:
        """Write a file as this text instead."""
        self.raw[file] = text.encode()

    def write(self, folder: Path) -> Path:
        """Write the set into a folder, made if need be."""
        folder.mkdir(parents=True, exist_ok=True)
        for file in self.rows:
            (folder / f"{file}.csv").write_bytes(self.raw.get(file, self.text(file).encode()))
        for file in self.raw.keys() - self.rows.keys():
            (folder / f"{file}.csv").write_bytes(self.raw[file])
        return folder

    def read(self, folder: Path, *, tobedeleted: str = "refuse") -> Roster:
        """Write the set and read it."""
        return read(self.write(folder), tobedeleted=tobedeleted)


def errors(roster: Roster) -> list[Finding]:
    """The findings that set rows aside."""
    return [finding for finding in roster.findings if finding.severity == "error"]


def warnings(roster: Roster) -> list[Finding]:
    """The other findings."""
    return [finding for finding in roster.findings if finding.severity == "warning"]


def codes(roster: Roster) -> list[str]:
    """The codes of all findings."""
    return [finding.code for finding in roster.findings]
