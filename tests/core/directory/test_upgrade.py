"""A store of an older rollbook is upgraded whole, with a copy beside it, or stays what it was."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, make_url

from core.directory.older_store import Contents, contents, make_older, unopened
from postgres.server import Server
from rollbook.directory import backup, migrate
from rollbook.directory.store import HEAD, Store, open_store, schema_version, sqlite_url
from rollbook.directory.tables import (
    KEPT_FOR_EVER,
    NEVER_DELETED,
    RECORD_TABLE_NAMES,
    metadata,
)
from rollbook.errors import ConfigInvalid, NotPermitted, RollbookError

FIRST = "0001"


@pytest.fixture
def url(tmp_path: Path, server: Server | None) -> Iterator[str]:
    """Where a store may be made."""
    if not server:
        yield sqlite_url(tmp_path / "store.db")
        return
    database = server.new_database()
    yield server.url(database)
    server.drop(database)


@pytest.fixture
def before(url: str) -> Contents:
    """What is in the store that the first rollbook left at ``url``."""
    return make_older(url, FIRST)


def on_sqlite_only(test: object) -> object:
    """There the copy is a file."""
    return pytest.mark.parametrize("server", ["sqlite"], indirect=True)(test)


def on_postgresql_only(test: object) -> object:
    """There the copy is a schema."""
    return pytest.mark.parametrize("server", ["postgresql"], indirect=True)(test)


def opened(url: str) -> Store:
    """The store at ``url``, upgraded and closed again."""
    store = open_store(url)
    store.close()
    return store


def copies(tmp_path: Path) -> dict[str, Contents]:
    """What is in each file beside the store, by its name."""
    found = {}
    for path in tmp_path.glob("store.db.*"):
        copy = unopened(sqlite_url(path))
        found[path.name] = contents(copy)
        copy.close()
        for left in tmp_path.glob(f"{path.name}-*"):
            left.unlink()
    return found


def test_every_table_of_the_first_release_is_filled(before: Contents) -> None:
    assert len(before) > 20
    assert all(len(rows) == 1 for rows in before.values())


def test_what_was_in_it_is_in_it_still(url: str, before: Contents) -> None:
    store = open_store(url)
    after = contents(store)
    store.close()
    for table in before.keys() & after.keys():
        columns = before[table][0].keys() & after[table][0].keys()
        assert columns
        assert {c: after[table][0][c] for c in columns} == {c: before[table][0][c] for c in columns}
    assert before.keys() & after.keys() >= {
        *RECORD_TABLE_NAMES.values(),
        *("audit", "runs", "changes", "holds"),
    }


def test_its_tables_are_then_those_that_the_code_knows(url: str, before: Contents) -> None:
    store = open_store(url)
    with store.read() as connection:
        assert schema_version(connection) == HEAD
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    store.close()


def test_its_guards_are_those_of_a_new_store(
    url: str, before: Contents, tmp_path: Path, server: Server | None
) -> None:
    new = server.url(server.new_database()) if server else sqlite_url(tmp_path / "new.db")
    assert guards(opened(url)) == guards(opened(new))
    assert len(guards(opened(url))) >= len(NEVER_DELETED) + 2 * len(KEPT_FOR_EVER)


def guards(store: Store) -> set[tuple[str, ...]]:
    """The triggers of a store, and its unique indexes that are not those of a key."""
    triggers = (
        "SELECT event_object_table, trigger_name, event_manipulation "
        "FROM information_schema.triggers"
        if store.is_shared
        else "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'"
    )
    with store.read() as connection:
        found = {tuple(row) for row in connection.exec_driver_sql(triggers)}
        inspector = inspect(connection)
        for table in inspector.get_table_names():
            for index in inspector.get_indexes(table):
                if index["unique"]:
                    found.add((table, str(index["name"]), str(index["column_names"])))
    store.close()
    return found


def test_it_says_what_it_did_once(url: str, before: Contents, tmp_path: Path) -> None:
    upgraded = opened(url).upgraded
    assert upgraded is not None
    assert (upgraded.before, upgraded.after) == (FIRST, HEAD)
    assert opened(url).upgraded is None


def test_a_new_store_is_no_upgrade(url: str) -> None:
    assert opened(url).upgraded is None


@on_sqlite_only
def test_the_copy_is_what_the_store_was(url: str, before: Contents, tmp_path: Path) -> None:
    upgraded = opened(url).upgraded
    name = f"store.db.before-{HEAD}"
    assert upgraded is not None
    assert isinstance(upgraded.copy, Path)
    assert upgraded.copy == tmp_path / name
    assert stat.S_IMODE(upgraded.copy.stat().st_mode) == 0o600
    assert copies(tmp_path) == {name: before}
    copy = unopened(sqlite_url(upgraded.copy))
    with copy.read() as connection:
        assert schema_version(connection) == FIRST
    copy.close()


@on_sqlite_only
def test_what_stands_only_in_the_write_ahead_log_is_in_the_copy(
    url: str, before: Contents, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "store.db")) as writer:
        writer.execute("INSERT INTO districts (id, generation, created_at) VALUES ('b', 0, '')")
        writer.commit()
        assert (tmp_path / "store.db-wal").stat().st_size > 0
        opened(url)
    with closing(sqlite3.connect(tmp_path / f"store.db.before-{HEAD}")) as copy:
        assert copy.execute("SELECT count(*) FROM districts").fetchone() == (2,)


def break_half_way(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    real = migrate.run_migrations

    def run(connection: object, to: str = "head") -> None:
        real(connection, to)  # type: ignore[arg-type]
        raise error

    monkeypatch.setattr(migrate, "run_migrations", run)


@pytest.mark.parametrize("error", [OSError(28, "No space left"), KeyboardInterrupt()])
def test_an_upgrade_that_breaks_leaves_the_store_as_it_was(
    url: str,
    before: Contents,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
) -> None:
    with monkeypatch.context() as broken:
        break_half_way(broken, error)
        with pytest.raises(type(error)):
            open_store(url)
    store = unopened(url)
    with store.read() as connection:
        assert schema_version(connection) == FIRST
    assert contents(store) == before
    store.close()
    assert opened(url).upgraded is not None


def test_a_newer_rollbook_may_be_quicker(url: str, before: Contents, tmp_path: Path) -> None:
    """It has done it while this one waited for its turn: nothing is copied or changed."""
    store = unopened(url)
    with store.write_as_it_is() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ConfigInvalid, match="version 9999"):
        migrate.upgrade(store)
    with store.read() as connection:
        assert schema_version(connection) == "9999"
        assert "before" not in str(inspect(connection).get_schema_names())
    store.close()
    assert copies(tmp_path) == {}


@on_sqlite_only
def test_no_copy_is_written_over(
    url: str, before: Contents, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as broken:
        break_half_way(broken, OSError())
        with pytest.raises(OSError):  # noqa: PT011
            open_store(url)
    opened(url)
    name = f"store.db.before-{HEAD}"
    assert copies(tmp_path) == {name: before, f"{name}.2": before}


@on_sqlite_only
def test_without_a_copy_there_is_no_upgrade(
    url: str, before: Contents, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(backup, "_to_disk", full)
        with pytest.raises(RollbookError, match=r"no copy .* No space left") as raised:
            open_store(url)
    assert f"Make room in {tmp_path}" in raised.value.remedy
    assert [path.name for path in tmp_path.iterdir() if "before" in path.name] == []
    store = unopened(url)
    assert contents(store) == before
    store.close()


def in_schema(url: str, schema: str) -> Contents:
    """What is in the tables of a schema."""
    store = unopened(url)
    with store.read() as connection:
        found = {
            table: [
                dict(row._mapping)
                for row in connection.exec_driver_sql(f'SELECT * FROM "{schema}"."{table}"')
            ]
            for table in inspect(connection).get_table_names(schema=schema)
        }
    store.close()
    return found


@on_postgresql_only
def test_the_copy_is_what_the_tables_were(url: str, before: Contents) -> None:
    upgraded = opened(url).upgraded
    assert upgraded is not None
    assert upgraded.copy == f"before_{HEAD}"
    copy = in_schema(url, upgraded.copy)
    assert copy.pop("alembic_version") == [{"version_num": FIRST}]
    assert copy == before


@on_postgresql_only
def test_no_schema_is_written_over(url: str, before: Contents, server: Server) -> None:
    store = unopened(url)
    with store.write_as_it_is() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA before_{HEAD}")
    store.close()
    upgraded = opened(url).upgraded
    assert upgraded is not None
    assert upgraded.copy == f"before_{HEAD}_2"
    assert not in_schema(url, f"before_{HEAD}")


@on_postgresql_only
def test_a_broken_upgrade_leaves_no_schema(
    url: str, before: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        break_half_way(broken, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            open_store(url)
    store = unopened(url)
    with store.read() as connection:
        assert f"before_{HEAD}" not in inspect(connection).get_schema_names()
    store.close()


@on_postgresql_only
def test_who_may_make_no_copy_is_told(url: str, before: Contents, server: Server) -> None:
    database = str(make_url(url).database)
    server.execute("CREATE ROLE {role} LOGIN", role=f"{database}_mover")
    store = unopened(server.url(database, f"{database}_mover"))
    with (
        pytest.raises(NotPermitted, match="no copy of the tables") as told,
        store.read() as connection,
    ):
        backup.back_up_tables(connection, "before")
    assert f"GRANT CREATE ON DATABASE {database}" in told.value.remedy
    store.close()


@on_postgresql_only
def test_who_does_not_own_the_tables_is_told_who_does(
    url: str, before: Contents, server: Server
) -> None:
    database = str(make_url(url).database)
    reader = f"{database}_reader"
    server.execute("CREATE ROLE {role} LOGIN", role=reader)
    with server.connect(database) as owner:
        owner.execute(f"GRANT SELECT ON alembic_version TO {reader}")
    with pytest.raises(NotPermitted, match=f"version {FIRST}, not {HEAD}.* upgraded by postgres"):
        open_store(server.url(database, reader))


@on_sqlite_only
def test_rows_that_name_rows_that_are_not_there_stop_an_upgrade(
    url: str, before: Contents, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "store.db")) as writer:
        writer.execute("UPDATE holds SET run = 'gone'")
        writer.commit()
    with pytest.raises(RollbookError, match="rows of holds name rows of runs"):
        open_store(url)
    store = unopened(url)
    with store.read() as connection:
        assert schema_version(connection) == FIRST
    store.close()


def test_a_read_only_desk_upgrades_nothing(url: str, before: Contents) -> None:
    with pytest.raises(ConfigInvalid, match="at version 0001"):
        open_store(url, read_only=True)
    store = unopened(url)
    assert contents(store) == before
    store.close()
