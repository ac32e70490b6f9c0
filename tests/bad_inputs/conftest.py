from collections.abc import Iterator

import pytest

from bad_inputs.district import good_sis
from core.scene import Saved, Scene, new_scene, saved


@pytest.fixture(scope="session")
def settled_district(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """The good district after its first sync, all of it in the directory."""
    folder = tmp_path_factory.mktemp("bad-inputs")
    scene = new_scene(folder, good_sis())
    scene.sync_through()
    return saved(scene, folder / "saved")


@pytest.fixture
def scene(settled_district: Saved) -> Iterator[Scene]:
    """The good district, 300 people at three schools."""
    scene = settled_district.rewound()
    yield scene
    scene.close()
