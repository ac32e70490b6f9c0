import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rollbook.directory import runs
from rollbook.directory.audit import Actor
from rollbook.directory.store import Store, open_store, sqlite_url
from rollbook.roster.states import RunKind

ACTOR = Actor("sam", datetime(2026, 3, 2, 12, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def empty_store_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store without rows; copied by ``store``, so that migrations run once."""
    path = tmp_path_factory.mktemp("empty") / "store.db"
    open_store(sqlite_url(path)).close()
    return path


@pytest.fixture
def store(empty_store_file: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty store in a file of its own."""
    shutil.copy(empty_store_file, tmp_path / "store.db")
    store = open_store(sqlite_url(tmp_path / "store.db"))
    yield store
    store.close()


@pytest.fixture
def run(store: Store) -> str:
    """A run of the district ``north``, which is at generation 0."""
    with store.write() as connection:
        return runs.create(connection, ACTOR, "north", RunKind.SYNC)
