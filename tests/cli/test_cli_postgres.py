"""A home whose store is on PostgreSQL, through the real program."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.program import Program
from postgres.server import OWNER, Server
from rollbook.demo.shape import District
from rollbook.demo.write import write_oneroster


@pytest.fixture
def database(postgres: Server) -> Iterator[str]:
    name = postgres.new_database()
    yield name
    postgres.drop(name)


@pytest.fixture
def on_postgres(rollbook: Program, tmp_path: Path, postgres: Server, database: str) -> Program:
    """The program on a home that names the store in its ``store.toml``."""
    (tmp_path / "home").mkdir(mode=0o700)
    (tmp_path / "home" / "store.toml").write_text(f'url = "{postgres.url(database)}"\n')
    return rollbook


def test_a_day_from_the_first_sync_to_an_undo(
    on_postgres: Program, tmp_path: Path, postgres: Server, database: str, northfield: District
) -> None:
    rollbook = on_postgres
    drop = str(write_oneroster(northfield, tmp_path / "drop"))
    assert rollbook("district", "add", "northfield", "--name", "N", "--path", drop).code == 0
    first = rollbook("sync", "northfield", "--json")
    assert first.code == 3
    [hold] = first.document["holds"]
    approve = ("hold", "approve", hold["id"], "--confirm", str(hold["count"]), "--reason", "x")
    assert rollbook(*approve).code == 0
    again = rollbook(*approve, "--json")
    assert again.code == 6
    assert "already approved by" in again.document["error"]["message"]
    assert rollbook("sync", "northfield").code == 0
    undo = rollbook("undo", hold["run"], "--reason", "x")
    assert undo.code == 3, undo.err
    assert rollbook("audit", "verify").code == 0
    assert not (tmp_path / "home" / "store.db").exists()
    with postgres.connect(database) as connection:
        [(people,)] = connection.execute("SELECT count(*) FROM users").fetchall()
        assert people > 180


def test_the_doctor_and_the_paths_name_the_store(
    on_postgres: Program, postgres: Server, database: str
) -> None:
    assert on_postgres("paths", "--json").document["store"] == postgres.url(database)
    checks = on_postgres("doctor", "--json")
    assert checks.code == 0
    assert "postgresql, schema" in checks.out
    assert database in checks.out


def test_a_database_that_is_not_there_is_told_in_a_line(
    on_postgres: Program, tmp_path: Path, postgres: Server
) -> None:
    (tmp_path / "home" / "store.toml").write_text(f'url = "{postgres.url("nowhere")}"\n')
    answer = on_postgres("districts")
    assert answer.code == 2
    assert answer.err.splitlines() == [
        "rollbook: there is no database nowhere. Make it with "
        "`createdb --template=template0 --locale=C --encoding=UTF8 nowhere`."
    ]
    assert not (tmp_path / "home" / "store.db").exists()


def test_a_password_in_the_url_is_refused_and_shown_nowhere(
    rollbook: Program, tmp_path: Path
) -> None:
    answer = rollbook("--store", "postgresql://sam:hunter2@127.0.0.1/rollbook", "districts")
    assert answer.code == 2
    assert "has a password in it" in answer.err
    assert "hunter2" not in answer.out + answer.err
    logs = (tmp_path / "home" / "logs").glob("*")
    assert not [log for log in logs if "hunter2" in log.read_text(encoding="utf-8")]


def test_an_administrator_pipes_the_roles_into_psql(
    on_postgres: Program, tmp_path: Path, postgres: Server, database: str
) -> None:
    printed = on_postgres("roles")
    assert printed.code == 0
    done = subprocess.run(
        [postgres.psql, "-v", "ON_ERROR_STOP=1", "-h", postgres.folder, "-U", OWNER, database],
        input=printed.out,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with postgres.connect(database) as connection:
        query = "SELECT has_table_privilege('rollbook_viewer', 'runs', 'SELECT')"
        assert connection.execute(query).fetchone() == (True,)
    assert on_postgres("roles", "--json").document == {"sql": printed.out}
    assert on_postgres("--store", f"sqlite:///{tmp_path}/x.db", "roles").code == 2
