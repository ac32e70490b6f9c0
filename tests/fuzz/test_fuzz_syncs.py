"""Damaged sets through the whole engine: nobody leaves who still stands in the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from core.scene import NORTH, Saved, new_scene, saved
from core.small_sis import small_sis
from fuzz.budget import fuzzed
from fuzz.damage import Damaged, Edit, edits
from fuzz.good_set import KINDS
from fuzz.nobody_lost import good_rows, still_there
from rollbook.desk import auditing, syncing
from rollbook.desk.views import RunState
from rollbook.roster.kinds import Kind

_ENDED = {
    RunState.APPLIED,
    RunState.NOOP,
    RunState.HELD,
    RunState.INPUT_REFUSED,
}

_settled: list[Saved] = []


@pytest.fixture(scope="module", autouse=True)
def _district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A district of 252 people, so that a row or two may be set aside."""
    folder = tmp_path_factory.mktemp("fuzz-syncs")
    scene = new_scene(folder, small_sis(2, 60))
    scene.sync_through()
    _settled.append(saved(scene, folder / "saved"))
    yield
    _settled.clear()


@fuzzed(25)
@given(st.lists(st.tuples(st.integers(0, 9), edits), min_size=1, max_size=3))
def test_nobody_leaves_who_is_there(wounds: list[tuple[int, Edit]]) -> None:
    scene = _settled[0].rewound()
    try:
        before = scene.held()
        scene.sis.write(scene.drop)
        paths = sorted(scene.drop.glob("*.csv"))
        names = [*(path.stem for path in paths), "users", "users"]
        files = {path.stem: Damaged(path.read_bytes()) for path in paths}
        for number, edit in wounds:
            files[names[number % len(names)]].do(edit)
        _write(scene.drop, files)
        view = syncing.sync(scene.desk, NORTH)
        after = scene.held()
        assert auditing.verify(scene.desk).ok
    finally:
        scene.close()
    event(view.summary.state)
    assert view.summary.state in _ENDED
    if view.summary.state is RunState.INPUT_REFUSED:
        assert after == before
        assert "Given" not in view.summary.message
    for file, kind in KINDS.items():
        if file in files and kind not in (Kind.ROLE, Kind.ENROLLMENT, Kind.DEMOGRAPHICS):
            left = before[kind].keys() - after[kind].keys()
            wrongly = left & {row.id for row in still_there(files[file])}
            assert not wrongly or _follow(kind, files)


def _follow(kind: Kind, files: dict[str, Damaged]) -> bool:
    """Whether classes and courses may have left with their school."""
    rows = good_rows(files["orgs"].good)
    return kind in (Kind.CLASS, Kind.COURSE) and len([*still_there(files["orgs"])]) < len(rows)


def _write(folder: Path, files: dict[str, Damaged]) -> None:
    for name, file in files.items():
        (folder / f"{name}.csv").write_bytes(bytes(file.content))
