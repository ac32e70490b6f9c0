from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from core.sources.small_set import SmallSet
from rollbook.config.connections import Sftp
from rollbook.config.locations import SftpAddress
from rollbook.sources import sftp
from rollbook.sources.hashing import Digests
from rollbook.sources.sftp.drops import Drop, Patience
from servers.sftp_server import PASSWORD, USER, Behaviour, running_sftp_server


@dataclass
class Sleeper:
    """Time that passes only when somebody sleeps; ``then`` is what happens meanwhile."""

    seconds: float = 0.0
    slept: list[float] = field(default_factory=list)
    then: Callable[[int], None] = lambda number: None

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        self.then(len(self.slept))

    def patience(self) -> Patience:
        return Patience(lambda: self.seconds, self.sleep)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The server's root; its folder ``drop`` has a small set."""
    root = tmp_path / "root"
    SmallSet().write(root / "drop")
    return root


@pytest.fixture
def server(root: Path) -> Iterator[Behaviour]:
    with running_sftp_server(root) as behaviour:
        yield behaviour


@pytest.fixture
def sleeper() -> Sleeper:
    return Sleeper()


@dataclass
class Fetching:
    """Fetches from the server, as a district's file would have it."""

    server: Behaviour
    sleeper: Sleeper
    into: Path

    def settings(self, **changes: Any) -> Sftp:
        table = {
            "password": "env:SFTP_PASSWORD",
            "host_keys": self.server.fingerprints,
            "timeout_seconds": 10,
        }
        return Sftp.model_validate({**table, **changes})

    def address(self, folder: str = "/drop", user: str = USER) -> SftpAddress:
        return SftpAddress(user, "127.0.0.1", self.server.port, folder)

    def fetched(self, folder: str = "/drop", **changes: Any) -> tuple[dict[str, Digests], Drop]:
        settings = self.settings(**changes)
        patience = self.sleeper.patience()
        return sftp.fetch(self.address(folder), settings, self.into, patience=patience)

    def __call__(self, folder: str = "/drop", **changes: Any) -> dict[str, Digests]:
        return self.fetched(folder, **changes)[0]


@pytest.fixture
def fetch(
    server: Behaviour, sleeper: Sleeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Fetching:
    monkeypatch.setenv("SFTP_PASSWORD", PASSWORD)
    return Fetching(server, sleeper, tmp_path / "into")
