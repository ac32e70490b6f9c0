"""What comes of the files of a dialect."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from rollbook.config.sources import Source
from rollbook.errors import InputRefused
from rollbook.roster.findings import Finding
from rollbook.snapshots.stage import Staged, stage
from rollbook.sources.base import Base
from rollbook.sources.oneroster_csv import read
from rollbook.sources.roster import Roster

_SOURCE: TypeAdapter[Source] = TypeAdapter(Source)


@dataclass(frozen=True)
class Translated:
    """The roster of a dialect's files, and everything that there is to say about them."""

    staged: Staged
    roster: Roster
    findings: tuple[Finding, ...]

    def places(self, code: str) -> list[tuple[str | None, int | None, str | None]]:
        """File, line and field of the findings of a code."""
        return [(f.file, f.line, f.field) for f in self.findings if f.code == code]


def source_of(dialect: str, path: Path, **more: Any) -> Source:
    """The source of a dialect, by type and version."""
    kind, _, version = dialect.partition(" ")
    named = {"version": version} if kind == "remind-csv" and version else {}
    return _SOURCE.validate_python({"type": kind, "path": path, **named, **more})


def translated(
    dialect: str, path: Path, into: Path, *, base: Base | None = None, **more: Any
) -> Translated:
    """Stage and read a dialect's files, as a sync does; ``base`` is what came last."""
    staged = stage(source_of(dialect, path, **more), into / "staging-1", base)
    try:
        roster = read(staged.folder)
    except InputRefused as error:
        raise staged.refusal(error) from None
    return Translated(staged, roster, staged.told(roster.findings))
