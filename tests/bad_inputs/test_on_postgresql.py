"""Items that end in the store as text, in a store on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bad_inputs import csv_damage, csv_dialect, roster_meaning
from bad_inputs.corpus import BadInput
from bad_inputs.district import good_sis
from bad_inputs.outcomes import check
from core.scene import Saved, Scene, new_scene, saved
from postgres.server import Server

NUMBERS = frozenset({4, 14, 15, 16, 18, 30, 37, 38, 42, 67})

CASES = [
    case
    for case in (*csv_damage.CASES, *csv_dialect.CASES, *roster_meaning.CASES)
    if case.number in NUMBERS
]


@pytest.fixture(scope="module")
def settled_there(tmp_path_factory: pytest.TempPathFactory, postgres: Server) -> Saved:
    """The good district after its first sync, its store on the server."""
    folder = tmp_path_factory.mktemp("bad-inputs-there")
    scene = new_scene(folder, good_sis(), server=postgres)
    scene.sync_through()
    return saved(scene, folder / "saved", postgres)


@pytest.fixture
def scene_there(settled_there: Saved) -> Iterator[Scene]:
    """The good district on PostgreSQL."""
    scene = settled_there.rewound()
    yield scene
    scene.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_input(case: BadInput, scene_there: Scene) -> None:
    check(scene_there, case)
