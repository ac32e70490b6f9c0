"""Opening a store on PostgreSQL: who gets in, and what is said to who does not."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text

from postgres.server import OWNER, UNWELCOME, WITH_PASSWORD, Server
from rollbook.directory.store import HEAD, Store, open_store, schema_version
from rollbook.directory.tables import audit
from rollbook.errors import Busy, ConfigInvalid, NotPermitted, RollbookError

PASSWORD = "hunter2"


@pytest.fixture
def database(postgres: Server) -> Iterator[str]:
    """A database with nothing in it."""
    name = postgres.new_database()
    yield name
    postgres.drop(name)


@pytest.fixture
def role(postgres: Server, database: str) -> Iterator[str]:
    """A role that may log in and nothing else; the server asks it for ``PASSWORD``."""
    postgres.execute(f"CREATE ROLE {{role}} LOGIN PASSWORD '{PASSWORD}'", role=WITH_PASSWORD)
    yield WITH_PASSWORD
    postgres.drop(database)
    postgres.execute("DROP ROLE {role}", role=WITH_PASSWORD)


@pytest.fixture(autouse=True)
def _no_password(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))


def version(url: str) -> str | None:
    store = open_store(url)
    with store.read() as connection:
        found = schema_version(connection)
    store.close()
    return found


def test_an_empty_database_gets_its_tables_and_opens_again(postgres: Server, database: str) -> None:
    assert version(postgres.url(database)) == HEAD
    assert version(postgres.url(database).replace("postgresql", "postgres")) == HEAD
    assert version(postgres.url(database).replace("postgresql", "postgresql+psycopg")) == HEAD


def test_a_password_comes_from_the_environment_or_from_a_file(
    postgres: Server, database: str, role: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    open_store(postgres.url(database)).close()
    postgres.execute("ALTER DATABASE {name} OWNER TO {role}", name=database, role=role)
    with postgres.connect(database) as connection:
        connection.execute(f"GRANT SELECT ON alembic_version TO {role}")
    url = postgres.url(database, role)
    with monkeypatch.context() as environment:
        environment.setenv("PGPASSWORD", PASSWORD)
        assert version(url) == HEAD
    with pytest.raises(ConfigInvalid, match=f"a password is wanted for {role}") as raised:
        open_store(url)
    assert "passfile" in raised.value.remedy
    passfile = tmp_path / "pass word"
    passfile.write_text(f"*:*:*:*:{PASSWORD}\n", encoding="ascii")
    passfile.chmod(0o600)
    assert version(f"{url}&passfile={passfile}") == HEAD


def test_a_wrong_password_is_told_and_not_repeated(
    postgres: Server, database: str, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", "swordfish")
    with pytest.raises(ConfigInvalid, match=f"the password of {role} is wrong") as raised:
        open_store(postgres.url(database, role))
    assert "swordfish" not in str(raised.value)


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://sam:{PASSWORD}@db.example.org/rollbook",
        f"postgresql://sam@db.example.org/rollbook?password={PASSWORD}",
    ],
)
def test_a_url_with_a_password_is_refused(url: str) -> None:
    with pytest.raises(ConfigInvalid, match="has a password in it") as raised:
        open_store(url)
    assert PASSWORD not in str(raised.value)


def test_a_url_without_a_database_is_refused() -> None:
    with pytest.raises(ConfigInvalid, match="names no database"):
        open_store("postgresql://sam@db.example.org")


def test_a_database_that_is_not_there_is_named_with_the_way_to_make_it(postgres: Server) -> None:
    with pytest.raises(ConfigInvalid, match="no database nowhere") as raised:
        open_store(postgres.url("nowhere"))
    assert "createdb --template=template0 --locale=C --encoding=UTF8 nowhere" in str(raised.value)


def test_a_role_that_is_not_there_is_named(postgres: Server, database: str) -> None:
    with pytest.raises(ConfigInvalid, match="the server knows no role nobody_here"):
        open_store(postgres.url(database, "nobody_here"))


def test_a_role_that_is_not_let_in_is_named(postgres: Server, database: str) -> None:
    with pytest.raises(ConfigInvalid, match=f"the server lets {UNWELCOME} not in from here"):
        open_store(postgres.url(database, UNWELCOME))


@pytest.mark.parametrize("where", ["sam@127.0.0.1:1/rollbook", "sam@no-such-host.invalid/rollbook"])
def test_a_server_that_is_not_there_is_named(where: str) -> None:
    with pytest.raises(RollbookError, match="no connection to the database rollbook at") as raised:
        open_store(f"postgresql://{where}")
    assert raised.value.exit_code == 1
    assert where.split("@")[1].split("/")[0] in raised.value.message
    assert raised.value.remedy


def test_a_role_that_may_not_make_tables_is_told(
    postgres: Server, database: str, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    with pytest.raises(NotPermitted, match=f"does not allow that to {role}"):
        open_store(postgres.url(database, role))
    with postgres.connect(database) as connection:
        tables = "SELECT FROM pg_tables WHERE schemaname = 'public'"
        assert connection.execute(tables).fetchall() == []


def test_a_database_that_sorts_by_a_language_is_refused(postgres: Server) -> None:
    """There is no such language on every machine; one that is not in UTF-8 is as bad."""
    postgres.execute(
        "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
    )
    with pytest.raises(ConfigInvalid, match="latin sorts by a language, or is not in UTF-8"):
        open_store(postgres.url("latin"))
    postgres.drop("latin")


def test_a_read_only_desk_makes_no_tables(postgres: Server, database: str) -> None:
    with pytest.raises(ConfigInvalid, match="at version None"):
        open_store(postgres.url(database), read_only=True)
    open_store(postgres.url(database)).close()
    open_store(postgres.url(database), read_only=True).close()


@pytest.fixture
def store(postgres: Server, database: str) -> Iterator[Store]:
    store = open_store(postgres.url(database))
    yield store
    store.close()


def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(NotPermitted, match="takes no writes"), store.read() as connection:
        connection.execute(text("DELETE FROM distinct_pairs"))


def test_a_store_goes_on_after_the_server_cut_its_connections(
    postgres: Server, database: str, store: Store
) -> None:
    cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"

    def cut_all() -> None:
        with postgres.connect() as connection:
            connection.execute(cut)

    def write_while_it_is_cut() -> None:
        with store.write() as connection:
            cut_all()
            connection.execute(select(audit))

    with store.read() as connection:
        connection.execute(select(audit))
    cut_all()
    with store.read() as reading:
        assert reading.execute(select(audit)).all() == []
    with pytest.raises(RollbookError, match="no connection"):
        write_while_it_is_cut()


def test_a_writer_waits_its_turn_and_not_for_ever(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rollbook.directory.postgresql._WAIT", "200ms")
    with store.write(), pytest.raises(Busy, match="somebody else has been writing"), store.write():
        pass
    with store.write() as connection:
        connection.execute(text("SELECT 1"))


@pytest.mark.parametrize(
    "limit",
    ["statement_timeout", "transaction_timeout", "idle_in_transaction_session_timeout"],
)
def test_a_server_that_gives_too_little_time_is_told_of(store: Store, limit: str) -> None:
    """It is up, and can be reached."""

    def take_long() -> None:
        with store.read() as connection:
            connection.execute(text(f"SET LOCAL {limit} = '50ms'"))
            if limit != "statement_timeout":
                time.sleep(0.2)
            connection.execute(text("SELECT pg_sleep(0.2)"))

    with pytest.raises(RollbookError, match=f"less time than this takes.*{limit}"):
        take_long()


def test_a_connection_says_whose_it_is(postgres: Server, database: str, store: Store) -> None:
    with store.read() as connection:
        query = text("SELECT application_name, usename FROM pg_stat_activity WHERE datname = :d")
        found = connection.execute(query, {"d": database}).all()
    assert found == [("rollbook", OWNER)]


def test_two_desks_may_make_the_same_store_at_once(postgres: Server, database: str) -> None:
    made: list[str | None] = []
    threads = [
        threading.Thread(target=lambda: made.append(version(postgres.url(database))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [HEAD] * 4


def test_what_a_writer_reads_is_what_the_writer_before_it_left(store: Store) -> None:
    """The wait for one's turn comes before the first look at the store."""
    row = {
        **{"seq": 1, "at": "2026-03-02 12:00+00", "who": "sam", "event": "x", "body": "{}"},
        **{"previous": "", "hash": ""},
    }
    seen: list[int] = []
    inside = threading.Event()

    def second() -> None:
        inside.set()
        with store.write() as connection:
            seen.append(len(connection.execute(select(audit.c.seq)).all()))

    waiting = threading.Thread(target=second)
    with store.write() as connection:
        waiting.start()
        inside.wait()
        values = ", ".join(f"'{value}'" for value in row.values())
        connection.exec_driver_sql(f"INSERT INTO audit ({', '.join(row)}) VALUES ({values})")
    waiting.join()
    assert seen == [1]
