"""Every comparison of a part held against the comparison of the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import Connection

from rollbook.changes.changeset import Changeset, SchoolTallies, Tally
from rollbook.changes.plan import plan
from rollbook.changes.resolve import Merge
from rollbook.config.district import District
from rollbook.directory import fingerprints
from rollbook.directory.records import load_directory
from rollbook.roster.findings import Finding
from rollbook.runs import sliced, slices, sync, touched
from rollbook.runs.comparison import Comparison, compare_snapshot
from rollbook.snapshots.stage import Staged
from rollbook.sources.oneroster_csv import read


def hold_against_the_whole(
    monkeypatch: pytest.MonkeyPatch,
    seen: Counter[str],
    *,
    share: float = 1.0,
    slices_of: int | None = None,
) -> None:
    """From now on every sync compares twice: as it does, and all of it; the two must agree.

    ``share`` is the share of unknown lines up to which a file is read in part. With ``slices_of``
    everything is compared in slices of at least so many rows. ``seen`` counts.
    """
    monkeypatch.setattr(touched, "BULK_SHARE", share)
    if slices_of is not None:
        monkeypatch.setattr(touched, "BULK_SHARE", -1.0)
        monkeypatch.setattr(sliced, "SLICED_FROM", 0)
        monkeypatch.setattr(slices, "SLICE_ROWS", slices_of)
        cut = slices.cut

        def counting_slices(*args: Any) -> slices.Slices:
            found = cut(*args)
            seen["slices"] += found.number
            seen["cut"] += 1
            return found

        monkeypatch.setattr(sliced, "cut", counting_slices)
    original = touched.read_touched

    def counting(connection: Connection, district: str, *rest: Any) -> touched.Touched:
        found = original(connection, district, *rest)
        for part in found.parts.values():
            _says_what_the_records_say(connection, district, part, seen)
            seen["whole files" if part.whole else "files in part"] += 1
            seen["lines read"] += len(part.read)
            seen["lines not read"] += len(part.hashes) - part.first - len(part.read)
        return found

    def compare_twice(
        connection: Connection,
        district: District,
        staged: Staged,
        merges: Sequence[Merge],
        report: Callable[[str, int, int | None], None],
    ) -> Comparison:
        part = compare_snapshot(connection, district, staged, merges, report)
        source = district.source
        roster = read(staged.folder, version=source.set_version, tobedeleted=source.set_tobedeleted)
        whole = plan(roster, load_directory(connection, district.id), merges)
        same(part.changeset, whole)
        assert _told(part.roster.findings) == _told(roster.findings)
        assert part.roster.files == roster.files
        assert part.roster.complete == roster.complete
        seen["comparisons"] += 1
        seen["changes"] += len(whole.changes)
        return part

    monkeypatch.setattr("rollbook.runs.comparison.read_touched", counting)
    monkeypatch.setattr(sync, "compare_snapshot", compare_twice)


def _says_what_the_records_say(
    connection: Connection, district: str, part: touched.Part, seen: Counter[str]
) -> None:
    """Assert that a base, in however many parts it is kept, is that of the records themselves."""
    if part.base is None:
        return
    truth = fingerprints.read_base(connection, district, part.kind)
    for kept, read_anew in (
        (part.base.hashes, truth.hashes),
        (part.base.rows, truth.rows),
        (part.base.noted, truth.noted),
    ):
        assert kept.tolist() == read_anew.tolist()
    seen[f"bases of {part.base.parts} parts"] += 1


def same(part: Changeset, whole: Changeset) -> None:
    """Assert that two changesets say the same."""
    assert part.changes == whole.changes
    assert part.digest == whole.digest
    assert part.totals == whole.totals
    assert _filled(part.schools) == _filled(whole.schools)
    assert {s: n for s, n in part.live.items() if n} == dict(whole.live)
    assert _told(part.findings) == _told(whole.findings)
    assert part.rejected == whole.rejected
    assert part.ownerless == whole.ownerless
    assert part.incoming_students == whole.incoming_students
    assert part.students_by_school == whole.students_by_school


def _filled(schools: SchoolTallies) -> SchoolTallies:
    return {
        school: found
        for school, kinds in schools.items()
        if (found := {kind: tally for kind, tally in kinds.items() if tally != Tally()})
    }


def _told(findings: Sequence[Finding]) -> Counter[Finding]:
    return Counter(findings)
