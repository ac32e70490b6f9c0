"""Trying again: when, how often, and how long after."""

import socket
import threading
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from core.sources.http.scripted_server import Script, answer, raw
from core.sources.http.still_time import START, StillTime
from rollbook.config.connections import Bearer, Http
from rollbook.errors import SourceUnreachable
from rollbook.sources.http import HttpClient, Waiting, open_client
from rollbook.sources.http.waiting import MAX_TRIES


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_trouble_that_passes(
    server: Script, client: HttpClient, time: StillTime, status: int
) -> None:
    server.answers = [answer({}, status), answer({}, status), answer({"users": []})]
    assert client.get_json("/users").json == {"users": []}
    assert time.slept == [1.0, 2.0]


def test_trouble_that_stays(server: Script, client: HttpClient, time: StillTime) -> None:
    server.answers = [raw(500, b"<h1>oh</h1>")]
    with pytest.raises(SourceUnreachable, match=r"GET /users: the server has trouble .*500"):
        client.get_json("/users")
    assert len(server.seen) == MAX_TRIES
    assert time.slept == [1.0, 2.0, 4.0, 8.0, 16.0]


@pytest.mark.parametrize("header", ["7", "7.0", "date"])
def test_the_server_says_when(
    server: Script, client: HttpClient, time: StillTime, header: str
) -> None:
    if header == "date":
        header = format_datetime(START.replace(second=7), usegmt=True)
    page = raw(429, b"<html>slow down", Content_Type="text/html", Retry_After=header)
    server.answers = [page, answer({})]
    client.get_json("/users")
    assert time.slept == [7.0]


@pytest.mark.parametrize("header", ["soon", "nan", "inf", "Tue, 99 Nov 2026 03:00:00 GMT", ""])
def test_the_server_says_nothing_sensible(
    server: Script, client: HttpClient, time: StillTime, header: str
) -> None:
    server.answers = [answer({}, 429, Retry_After=header), answer({})]
    client.get_json("/users")
    assert time.slept == [1.0]


@pytest.mark.parametrize(
    ("status", "reset", "slept"),
    [
        (429, f"{START.replace(second=41).timestamp():.0f}", 41.0),
        (429, "41", 41.0),
        (429, f"{START.timestamp() - 41:.0f}", 1.0),
        (429, "soon", 1.0),
        (429, "nan", 1.0),
        (429, f"{START.timestamp() * 1000:.0f}", 1.0),
        (429, "86400", 1.0),
        (503, "41", 1.0),
    ],
)
def test_the_server_says_when_its_limit_counts_anew(
    server: Script, client: HttpClient, time: StillTime, status: int, reset: str, slept: float
) -> None:
    server.answers = [answer({}, status, X_RateLimit_Reset=reset), answer({})]
    client.get_json("/users")
    assert time.slept == [slept]


def test_retry_after_counts_for_more(server: Script, client: HttpClient, time: StillTime) -> None:
    server.answers = [answer({}, 429, Retry_After="7", X_RateLimit_Reset="41"), answer({})]
    client.get_json("/users")
    assert time.slept == [7.0]


def test_a_time_that_has_passed_is_now(server: Script, client: HttpClient, time: StillTime) -> None:
    past = format_datetime(datetime(2020, 1, 1, tzinfo=UTC), usegmt=True)
    server.answers = [answer({}, 503, Retry_After=past), answer({})]
    client.get_json("/users")
    assert time.slept == [0.0]


def test_nobody_waits_longer_than_the_file_says(
    server: Script, client: HttpClient, time: StillTime
) -> None:
    server.answers = [answer({}, 429, Retry_After="86400")]
    with pytest.raises(SourceUnreachable, match="wants fewer requests"):
        client.get_json("/users")
    assert time.slept == []
    assert len(server.seen) == 1


def test_backoff_is_spread_by_chance() -> None:
    def waits(chance: float) -> list[float]:
        return [Waiting(random=lambda: chance).backoff(tries) for tries in range(1, 9)]

    assert waits(0.0) == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
    assert waits(1.0) == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]


def test_a_server_that_says_nothing(time: StillTime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIS_TOKEN", "t")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        auth, http = Bearer(type="bearer", token="env:SIS_TOKEN"), Http(timeout_seconds=0.05)
        with (
            open_client(url, auth, http, waiting=time.waiting()) as client,
            pytest.raises(SourceUnreachable, match="did not answer in time"),
        ):
            client.get_json("/users")
    assert len(time.slept) == MAX_TRIES - 1


def test_nobody_listens(time: StillTime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIS_TOKEN", "t")
    with socket.create_server(("127.0.0.1", 0)) as gone:
        url = f"http://127.0.0.1:{gone.getsockname()[1]}"
    with (
        open_client(
            url, Bearer(type="bearer", token="env:SIS_TOKEN"), Http(), waiting=time.waiting()
        ) as client,
        pytest.raises(SourceUnreachable, match="no connection to the server"),
    ):
        client.get_json("/users")
    assert len(time.slept) == MAX_TRIES - 1


def test_a_body_that_trickles_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte comes in time; all of them never do."""
    monkeypatch.setenv("SIS_TOKEN", "t")
    seconds = iter(range(10_000))
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def trickle() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(10_000)
                connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                try:
                    while not done.wait(0.001):
                        connection.sendall(b"1\r\n \r\n")
                except OSError:
                    pass

        thread = threading.Thread(target=trickle)
        thread.start()
        waiting = Waiting(clock=lambda: float(next(seconds)), sleep=lambda s: None)
        http = Http(max_wait_minutes=1)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        auth = Bearer(type="bearer", token="env:SIS_TOKEN")
        with (
            open_client(url, auth, http, waiting=waiting) as client,
            pytest.raises(SourceUnreachable, match="too slowly"),
        ):
            client.get_json("/users")
        done.set()
        thread.join()


def test_no_more_requests_a_minute_than_allowed(
    server: Script, time: StillTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIS_TOKEN", "t")
    auth, http = Bearer(type="bearer", token="env:SIS_TOKEN"), Http(requests_per_minute=3)
    moments = []
    with open_client(server.url, auth, http, waiting=time.waiting()) as client:
        for _ in range(8):
            client.get_json("/users")
            moments.append(time.seconds)
    assert all(later - earlier >= 60 for earlier, later in zip(moments, moments[3:], strict=False))
    assert 120 <= moments[-1] < 121


def test_tries_count_against_the_rate(
    server: Script, time: StillTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIS_TOKEN", "t")
    server.answers = [answer({}, 503), answer({}, 503), answer({})]
    auth, http = Bearer(type="bearer", token="env:SIS_TOKEN"), Http(requests_per_minute=2)
    with open_client(server.url, auth, http, waiting=time.waiting()) as client:
        client.get_json("/users")
    assert 60 <= time.seconds < 61


@pytest.mark.parametrize(("accounts", "waits"), [(("", ""), True), (("a", "b"), False)])
def test_all_clients_of_a_host_share_its_rate_unless_it_counts_each(
    server: Script,
    time: StillTime,
    monkeypatch: pytest.MonkeyPatch,
    accounts: tuple[str, str],
    waits: bool,
) -> None:
    """A pull, and then a client of its own that asks by id; two districts of one service."""
    monkeypatch.setenv("SIS_TOKEN", "t")
    auth, http = Bearer(type="bearer", token="env:SIS_TOKEN"), Http(requests_per_minute=2)
    waiting = time.waiting()
    for account in accounts:
        with open_client(server.url, auth, http, account=account, waiting=waiting) as client:
            client.get_json("/users")
            client.get_json("/users")
    assert (time.seconds >= 60) == waits
