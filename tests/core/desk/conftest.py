from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from core.desk.psql import LOGINS, OUTSIDER
from core.oracle import hold_against_the_whole
from core.rollover.rolled_sis import graded_sis
from core.scene import NORTH, Saved, Scene, configure_quietly, new_scene, saved
from core.scripted_clock import Clock
from postgres.server import Server
from rollbook.desk import syncing
from rollbook.desk.desk import Desk, open_desk
from rollbook.desk.views import HoldView
from rollbook.directory.role_script import role_script

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


@pytest.fixture(scope="session")
def _logins(postgres: Server) -> None:
    with postgres.connect() as connection:
        for login in (*LOGINS, OUTSIDER):
            connection.execute(f"CREATE ROLE {login} LOGIN")


@pytest.fixture
def database(scene: Scene, postgres: Server, _logins: None) -> str:
    """The scene's database, after an administrator has run the script there, twice."""
    name = str(scene.desk.store.engine.url.database)
    with postgres.connect(name) as connection:
        for _ in range(2):
            connection.execute(role_script())
        for login, role in LOGINS.items():
            connection.execute(f"GRANT {role} TO {login}")
    return name


@pytest.fixture
def desks(scene: Scene, postgres: Server, database: str) -> Iterator[dict[str, Desk]]:
    """A desk for each login; nobody says who the operator is."""
    opened = {
        login: open_desk(
            scene.desk.home.root, store_url=postgres.url(database, login), clock=scene.clock
        )
        for login in LOGINS
    }
    yield opened
    for desk in opened.values():
        desk.close()


@pytest.fixture
def hold(scene: Scene, desks: dict[str, Desk]) -> HoldView:
    """Six of thirty students are missing: an operator's sync holds that."""
    scene.sis.drop_students("s1", 6)
    scene.sis.write(scene.drop)
    [hold] = syncing.sync(desks["otto"], NORTH).holds
    return hold
