from collections.abc import Iterator

import pytest

from core.accounts.policies import POLICY, set_policy
from core.graded_sis import graded
from core.scene import Saved, Scene, new_scene, saved
from core.small_sis import SmallSis, small_sis
from postgres.server import Server


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> Server | None:
    """Whatever needs it is tested twice: with a store in a file, and with one on this server."""
    if request.param == "sqlite":
        return None
    running: Server = request.getfixturevalue("postgres")
    return running


@pytest.fixture
def sis() -> SmallSis:
    """Two schools with 30 students each."""
    return small_sis()


@pytest.fixture(scope="session")
def added(tmp_path_factory: pytest.TempPathFactory, server: Server | None) -> Saved:
    """A district that was just added."""
    folder = tmp_path_factory.mktemp("added")
    return saved(new_scene(folder, small_sis(), server=server), folder / "saved", server)


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory, server: Server | None) -> Saved:
    """A district whose first sync has been approved."""
    folder = tmp_path_factory.mktemp("settled")
    scene = new_scene(folder, small_sis(), server=server)
    scene.sync_through()
    return saved(scene, folder / "saved", server)


@pytest.fixture(scope="session")
def in_grades(tmp_path_factory: pytest.TempPathFactory, server: Server | None) -> Saved:
    """A district whose students have grades, a week after its first sync."""
    folder = tmp_path_factory.mktemp("graded")
    scene = new_scene(folder, graded(small_sis()), server=server)
    scene.sync_through()
    scene.clock.forward(days=8)
    return saved(scene, folder / "saved", server)


@pytest.fixture(scope="session")
def with_accounts(tmp_path_factory: pytest.TempPathFactory, server: Server | None) -> Saved:
    """A district whose students have grades and accounts, a week after its first sync."""
    folder = tmp_path_factory.mktemp("accounts")
    scene = new_scene(folder, graded(small_sis(2, 15, classes=1)), server=server)
    set_policy(scene, POLICY)
    scene.sync_through()
    scene.clock.forward(days=8)
    return saved(scene, folder / "saved", server)


@pytest.fixture
def empty_scene(added: Saved) -> Iterator[Scene]:
    """A district whose first sync is still to come."""
    scene = added.rewound()
    yield scene
    scene.close()


@pytest.fixture
def scene(settled: Saved) -> Iterator[Scene]:
    """A district of two schools with 30 students each, all of it in the directory."""
    scene = settled.rewound()
    yield scene
    scene.close()


@pytest.fixture
def graded_scene(in_grades: Saved) -> Iterator[Scene]:
    """A district of two schools with six students in each of five grades."""
    scene = in_grades.rewound()
    yield scene
    scene.close()


@pytest.fixture
def accounts_scene(with_accounts: Saved) -> Iterator[Scene]:
    """A district of two schools with fifteen students and one teacher each, and their accounts."""
    scene = with_accounts.rewound()
    yield scene
    scene.close()
