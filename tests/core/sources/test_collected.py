"""A thousand findings of a sort can be read; the rest is counted."""

from __future__ import annotations

from pathlib import Path

from rollbook.roster.kinds import Kind
from rollbook.sources.oneroster_csv.collected import SINGLY

from .small_set import SmallSet


def test_the_rest_becomes_one_finding(tmp_path: Path) -> None:
    small = SmallSet()
    sound = small.row("enrollments", "enroll-1")
    for at in range(SINGLY + 40):
        small.rows["enrollments"].append([f"e{at}", *sound[1:6], "pupil", *sound[7:]])
    small.rows["demographics"].append(["x", "", "", "soon", *[""] * 12])
    roster = small.read(tmp_path)
    enrollments = [f for f in roster.findings if f.file == "enrollments.csv"]
    assert len(enrollments) == SINGLY + 1
    assert [f.line for f in enrollments[:SINGLY]] == list(range(6, 6 + SINGLY))
    rest = enrollments[-1]
    assert (rest.code, rest.severity, rest.count) == ("bad-value", "error", 40)
    assert (rest.line, rest.kind, rest.record_id) == (6 + SINGLY, Kind.ENROLLMENT, None)
    assert sum(f.count for f in enrollments) == SINGLY + 40
    assert [f.count for f in roster.findings if f.file == "demographics.csv"] == [1]
    assert len(roster.protected[Kind.ENROLLMENT]) == SINGLY + 40
