"""The store: its tables are those of its migrations, and it opens safely or not at all."""

import re
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, insert, select, text

from rollbook.directory import audit
from rollbook.directory import store as store_module
from rollbook.directory.sqlite import give_room
from rollbook.directory.store import HEAD, Store, open_store, schema_version, sqlite_url
from rollbook.directory.tables import distinct_pairs, metadata
from rollbook.errors import ConfigInvalid, RollbookError

from .conftest import ACTOR

PAIR = {"district": "n", "a": "1", "b": "2", "decided_by": "sam", "decided_at": ACTOR.at}


def test_the_migrations_make_the_tables_that_the_code_knows(store: Store) -> None:
    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_head_is_the_newest_migration() -> None:
    folder = Path(store_module.__file__).parent / "migrations" / "versions"
    revisions = [
        re.findall(r'^revision\b.*= "(\d+)"', file.read_text(encoding="utf-8"), re.MULTILINE)
        for file in sorted(folder.glob("v*.py"))
    ]
    assert revisions[-1] == [HEAD]
    assert [file.name[1:5] for file in sorted(folder.glob("v*.py"))] == [r[0] for r in revisions]


@pytest.fixture
def new_store(tmp_path: Path) -> Iterator[Store]:
    """A store that was made just now, in a folder that was not there."""
    made = open_store(sqlite_url(tmp_path / "new" / "store.db"))
    yield made
    made.close()


def test_a_new_store_is_at_head_and_opens_again(new_store: Store) -> None:
    with new_store.read() as connection:
        assert schema_version(connection) == HEAD
    again = open_store(new_store.url)
    with again.read() as connection:
        assert schema_version(connection) == HEAD
    again.close()


def test_two_desks_may_make_the_same_store_at_once(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "store.db")
    opened: list[Store] = []
    failed: list[BaseException] = []

    def make() -> None:
        try:
            opened.append(open_store(url))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    for made in opened:
        with made.read() as connection:
            assert schema_version(connection) == HEAD
        made.close()


def test_the_store_of_a_newer_rollbook_is_refused(store: Store) -> None:
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigInvalid, match="9999"):
        open_store(store.url)
    with store.read() as connection:
        assert schema_version(connection) == "9999"


def test_a_store_that_was_upgraded_meanwhile_is_not_written(store: Store) -> None:
    """A service or a console of the older rollbook, open all the time, knows nothing of it."""
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with (
        pytest.raises(ConfigInvalid, match="at version 9999 by now"),
        store.write() as connection,
    ):
        audit.write(connection, ACTOR, "test.event")
    with store.read() as connection:
        assert audit.last_seq(connection) == 0


def test_the_files_of_the_store_are_for_their_owner_alone(new_store: Store, tmp_path: Path) -> None:
    with new_store.write() as connection:
        connection.execute(insert(distinct_pairs).values(PAIR))
    files = list((tmp_path / "new").iterdir())
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in files}
    assert "store.db-wal" in modes
    assert set(modes.values()) == {0o600}


@pytest.mark.parametrize("url", ["nonsense", "sqlite+nodriver:///x", "nosuch://x"])
def test_a_url_that_names_no_store_is_said(url: str) -> None:
    with pytest.raises(ConfigInvalid, match="store"):
        open_store(url)


def test_a_file_that_is_no_store_is_said_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_text("These are the minutes of the school board. " * 50, encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(RollbookError, match="cannot be used"):
        open_store(sqlite_url(path))
    assert path.read_bytes() == before


def test_a_store_in_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigInvalid, match="cannot open the store"):
        open_store(sqlite_url(tmp_path / "file" / "store.db"))


def test_a_write_that_fails_writes_nothing(store: Store) -> None:
    def fail_half_way() -> None:
        with store.write() as connection:
            connection.execute(insert(distinct_pairs).values(PAIR))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    with store.read() as connection:
        assert connection.execute(select(distinct_pairs)).all() == []


def test_a_reader_sees_one_state_throughout(store: Store) -> None:
    with store.read() as reading:
        assert reading.execute(select(distinct_pairs)).all() == []
        with store.write() as writing:
            writing.execute(insert(distinct_pairs).values(PAIR))
        assert reading.execute(select(distinct_pairs)).all() == []
    with store.read() as reading:
        assert len(reading.execute(select(distinct_pairs)).all()) == 1


def test_commits_are_durable_and_foreign_keys_count(new_store: Store) -> None:
    with new_store.read() as connection:
        values = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert values == ["wal", 2, 1]


def test_a_write_of_many_rows_has_room_in_memory_until_it_ends(store: Store) -> None:
    if store.is_shared:
        with store.write() as connection:
            give_room(connection, 1_000_000)
        return

    def room(connection: Connection) -> int:
        size: int = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
        return -size

    with store.write() as connection:
        usual = room(connection)
        give_room(connection, 100)
        assert room(connection) == usual
        give_room(connection, 1_000_000)
        assert room(connection) > 50 * usual
        give_room(connection, 10**12)
        assert room(connection) == 1 << 20
        give_room(connection, 1_000)
        assert room(connection) == 1 << 20
    with store.write() as connection:
        assert room(connection) == usual
