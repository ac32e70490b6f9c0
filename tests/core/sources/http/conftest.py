from collections.abc import Iterator

import pytest

from core.sources.http.scripted_server import Script, running_server
from core.sources.http.still_time import StillTime
from rollbook.config.connections import Bearer, Http
from rollbook.sources.http import HttpClient, open_client

TOKEN = "canary-token-4711"


@pytest.fixture
def server() -> Iterator[Script]:
    with running_server() as script:
        yield script


@pytest.fixture
def time() -> StillTime:
    return StillTime()


@pytest.fixture
def client(
    server: Script, time: StillTime, monkeypatch: pytest.MonkeyPatch
) -> Iterator[HttpClient]:
    """A client with a bearer token, whose clock stands still."""
    monkeypatch.setenv("SIS_TOKEN", TOKEN)
    auth = Bearer(type="bearer", token="env:SIS_TOKEN")
    http = Http(timeout_seconds=1)
    with open_client(f"{server.url}/v1", auth, http, waiting=time.waiting()) as client:
        yield client
