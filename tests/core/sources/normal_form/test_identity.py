"""A set that is translated as it stands says what it says when it is read directly."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.small_sis import small_sis
from core.sources.normal_form.identity import translate_as_it_stands
from rollbook.changes.plan import plan
from rollbook.directory.records import Directory
from rollbook.errors import InputRefused
from rollbook.roster.findings import Finding
from rollbook.roster.kinds import Kind
from rollbook.sources.normal_form import NormalSet, origins_of
from rollbook.sources.normal_form.columns import FILES
from rollbook.sources.oneroster_csv import read
from rollbook.sources.roster import Roster

SCRAPS = ("", "x", "teacher", "STUDENT", "NULL", "2026-02-30", "s1-01", "a b", 'a "b", c', "é", "ﬁ")

Told = tuple[Roster | None, tuple[Finding, ...], tuple[object, ...]]


def directly(folder: Path) -> Told:
    try:
        roster = read(folder)
    except InputRefused as error:
        return None, (), (error.code, error.message, error.file, error.line, error.field)
    return roster, roster.findings, ()


def translated(folder: Path, into: Path) -> Told:
    with NormalSet(into) as normal:
        translate_as_it_stands(folder, normal)
    origins = origins_of(into)
    try:
        roster = read(into)
    except InputRefused as found:
        error = origins.refusal(found)
        return None, (), (error.code, error.message, error.file, error.line, error.field)
    findings = origins.told(roster.findings)
    assert all(finding.file is None or finding.file in FILES for finding in findings)
    return roster, findings, ()


def in_order(findings: tuple[Finding, ...]) -> list[str]:
    return sorted(repr(finding) for finding in findings if finding.line != 1)


@st.composite
def wounds(draw: st.DrawFn) -> list[tuple[str, int, int, str]]:
    one = st.tuples(
        st.sampled_from(FILES), st.integers(0, 99), st.integers(-2, 30), st.sampled_from(SCRAPS)
    )
    return draw(st.lists(one, max_size=5))


def wound(folder: Path, file: str, row: int, cell: int, scrap: str) -> None:
    """Put something else into one cell, or take one from a row (-1) or add one to it (-2)."""
    path = folder / file
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    cells = rows[1 + row % (len(rows) - 1)]
    if cell == -1:
        cells.pop()
    elif cell == -2:
        cells.append(scrap)
    else:
        cells[cell % len(cells)] = scrap
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        yield Path(folder)


@given(wounds())
def test_the_same_roster_findings_and_changes(
    place: Path, wounded: list[tuple[str, int, int, str]]
) -> None:
    folder = small_sis(2, 4, classes=2).write(place / "set", "1.2")
    for each in wounded:
        wound(folder, *each)
    one, findings, refused = directly(folder)
    other, findings_told, refused_told = translated(folder, place / "normal")
    assert refused_told == refused
    if one is None or other is None:
        return
    assert other.records == one.records
    assert other.protected == one.protected
    assert other.complete == one.complete
    assert [(f.name, f.rows, f.rejected) for f in other.files] == [
        (f.name, f.rows, f.rejected) for f in one.files
    ]
    assert in_order(findings_told) == in_order(findings)
    nobody: Directory = {kind: {} for kind in Kind}
    assert plan(other, nobody, ()).digest == plan(one, nobody, ()).digest
