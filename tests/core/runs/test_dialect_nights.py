"""Nights of a district in another dialect: only the lines that differ are read, and every
comparison of a part says what that of the whole says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from core.oracle import hold_against_the_whole
from core.scene import NORTH, Scene, new_scene
from core.scripted_clock import Clock
from core.small_sis import small_sis
from core.sources.dialects.exports import EXPORTS, write
from core.sources.dialects.translated import source_of
from rollbook.config.home import find_district, save_district
from rollbook.desk import decisions, syncing
from rollbook.desk.views import Kind, RunState, RunView


def begun(tmp_path: Path, dialect: str) -> Scene:
    scene = new_scene(tmp_path, small_sis(2, 8, classes=2), Clock())
    district = find_district(scene.desk.home, NORTH)
    source = source_of(dialect, scene.drop)
    save_district(scene.desk.home, district.model_copy(update={"source": source}))
    night(scene, dialect)
    while waiting := decisions.holds(scene.desk, NORTH):
        scene.approve(waiting[0])
    return scene


def night(scene: Scene, dialect: str) -> RunView:
    files = EXPORTS[dialect](scene.sis)
    # An export keeps no order.
    write({name: rows[::-1] for name, rows in files.items()}, scene.drop)
    return syncing.sync(scene.desk, NORTH)


@pytest.mark.parametrize("slices_of", [None, 6])
@pytest.mark.parametrize("dialect", EXPORTS)
def test_every_night_says_what_the_whole_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dialect: str, slices_of: int | None
) -> None:
    seen: Counter[str] = Counter()
    scene = begun(tmp_path, dialect)
    hold_against_the_whole(monkeypatch, seen, slices_of=slices_of)
    try:
        scene.sis.users["s1-03"]["familyName"] = "Andersson"
        night(scene, dialect)
        before = seen["lines read"]
        scene.sis.users["s1-04"]["familyName"] = "Andersson"
        scene.sis.enroll("s1-04", "c-s1-1")
        done = night(scene, dialect)
        assert done.summary.state in (RunState.APPLIED, RunState.NOOP)
        if slices_of is None:
            assert seen["lines read"] - before < 12
            assert seen["lines not read"] > 50
        scene.sis.drop_user("s2-08")
        scene.sis.users["s2-01"]["givenName"] = "N/A"
        night(scene, dialect)
        scene.sis.add_student("s1", "s1-20", agents="g-s1-01")
        night(scene, dialect)
        held = scene.users()
        _damage(scene.drop / PEOPLE[dialect])
        scene.configure(thresholds={"rejected_percent": 100.0})
        view = syncing.sync(scene.desk, NORTH)
        assert [f.file for f in view.findings if f.code == "cell-count"]
        assert view.counts[Kind.USER].remove == 0
        assert scene.users().keys() == held.keys()
        assert seen["comparisons"] == 5
    finally:
        scene.close()


PEOPLE = {
    "clever-csv": "students.csv",
    "sds-csv 1": "Student.csv",
    "sds-csv 2": "users.csv",
    "sds-csv 2.1": "users.csv",
    "remind-csv 1.0": "students.csv",
    "remind-csv 2.0": "users.csv",
    "schoolstatus-csv": "users.csv",
}
"""The file that students stand in."""


def _damage(file: Path) -> None:
    """Cut a row off after its first cell."""
    lines = file.read_bytes().split(b"\r\n")
    lines[3] = lines[3].split(b",")[0] + b",?"
    file.write_bytes(b"\r\n".join(lines))
