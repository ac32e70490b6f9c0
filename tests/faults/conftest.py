import pytest

from faults.arena import Arena, count_points, prepared
from postgres.server import Server


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> Server | None:
    """The server that the store is on, or nothing where it is a file."""
    if request.param == "sqlite":
        return None
    running: Server = request.getfixturevalue("postgres")
    return running


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory, server: Server | None) -> Arena:
    """A place with the undisturbed life lived once."""
    return prepared(tmp_path_factory.mktemp("arena"), server)


@pytest.fixture(scope="module")
def points(arena: Arena) -> list[list[str]]:
    """The names of the points of each act."""
    return count_points(arena)
