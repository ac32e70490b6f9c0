from collections.abc import Iterator
from pathlib import Path

import pytest

from core.scene import Scene, copy_scene, new_scene
from core.small_sis import SmallSis, small_sis


@pytest.fixture
def sis() -> SmallSis:
    """Two schools with 30 students each."""
    return small_sis()


@pytest.fixture
def empty_scene(tmp_path: Path, sis: SmallSis) -> Iterator[Scene]:
    """A district whose first sync is still to come."""
    scene = new_scene(tmp_path, sis)
    yield scene
    scene.close()


@pytest.fixture(scope="session")
def settled_template(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A district whose first sync has been approved; copied by ``scene``, never written to."""
    scene = new_scene(tmp_path_factory.mktemp("settled"), small_sis())
    scene.sync_through()
    scene.close()
    return scene


@pytest.fixture
def scene(settled_template: Scene, tmp_path: Path) -> Iterator[Scene]:
    """A district of two schools with 30 students each, all of it in the directory."""
    scene = copy_scene(settled_template, tmp_path)
    yield scene
    scene.close()
