from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from core.oracle import hold_against_the_whole
from core.rollover.rolled_sis import graded_sis
from core.scene import Saved, Scene, configure_quietly, new_scene, saved
from core.scripted_clock import Clock
from postgres.server import Server

JUNE = datetime(2026, 6, 8, 12, 0, tzinfo=UTC)
"""The Monday after the last day of school."""


@pytest.fixture(autouse=True)
def _every_comparison_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a desk syncs is compared in part and as a whole, with the same outcome."""
    hold_against_the_whole(monkeypatch, Counter())


@pytest.fixture(scope="session")
def before_rollover(tmp_path_factory: pytest.TempPathFactory, server: Server | None) -> Saved:
    """A district of six grades, of which the eighth is the top, when school is over."""
    folder = tmp_path_factory.mktemp("graded")
    scene = new_scene(folder, graded_sis(), Clock(JUNE), server=server)
    configure_quietly(scene, grades={"top": "08"})
    scene.sync_through()
    return saved(scene, folder / "saved", server)


@pytest.fixture
def rollover_scene(before_rollover: Saved) -> Iterator[Scene]:
    """The same, to be changed."""
    scene = before_rollover.rewound()
    yield scene
    scene.close()
