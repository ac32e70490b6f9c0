import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from postgres.server import Server
from rollbook.directory import runs
from rollbook.directory.audit import Actor
from rollbook.directory.store import Store, open_store, sqlite_url
from rollbook.roster.states import RunKind

ACTOR = Actor("sam", datetime(2026, 3, 2, 12, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory, server: Server | None) -> str:
    """A store without rows, to be copied by ``store``: a file, or a database's name."""
    if server:
        database = server.new_database()
        open_store(server.url(database)).close()
        return database
    path = tmp_path_factory.mktemp("empty") / "store.db"
    open_store(sqlite_url(path)).close()
    return str(path)


@pytest.fixture
def store(empty_store: str, tmp_path: Path, server: Server | None) -> Iterator[Store]:
    """An empty store of its own."""
    if server:
        database = server.new_database(empty_store)
        url = server.url(database)
    else:
        shutil.copy(empty_store, tmp_path / "store.db")
        url = sqlite_url(tmp_path / "store.db")
    store = open_store(url)
    yield store
    store.close()
    if server:
        server.drop(database)


@pytest.fixture
def run(store: Store) -> str:
    """A run of the district ``north``, which is at generation 0."""
    with store.write() as connection:
        return runs.create(connection, ACTOR, "north", RunKind.SYNC)
