"""Who the server is, and who rollbook is on it."""

import logging
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from core.sources.sftp.conftest import Fetching
from rollbook.errors import SourceUnreachable
from rollbook.sources import sftp
from servers.sftp_server import PASSWORD, Behaviour

OTHER = "SHA256:" + "A" * 43


def refusal(fetch: Fetching, **changes: Any) -> SourceUnreachable:
    with pytest.raises(SourceUnreachable) as refused:
        fetch(**changes)
    assert PASSWORD not in str(refused.value)
    return refused.value


def test_an_unknown_server_is_sent_nothing(fetch: Fetching, server: Behaviour) -> None:
    shown, *_ = server.fingerprints
    told = refusal(fetch, host_keys=[])
    assert f"is not known here; its key is {shown}. Nothing was sent" in told.message
    assert f"--trust-host-key {shown}" in told.remedy
    assert server.logins == []


def test_a_changed_key_stops_with_both_fingerprints(fetch: Fetching, server: Behaviour) -> None:
    shown, *_ = server.fingerprints
    told = refusal(fetch, host_keys=[OTHER])
    assert f"shows another key than it should: {shown} instead of {OTHER}" in told.message
    assert server.logins == []


def test_no_other_files_of_this_user_vouch_for_a_server(
    fetch: Fetching, server: Behaviour, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = server.host_keys[0].export_public_key().decode().strip()
    ssh = tmp_path / "home" / ".ssh"
    ssh.mkdir(parents=True)
    (ssh / "known_hosts").write_text(f"[127.0.0.1]:{server.port} {public}\n")
    (ssh / "config").write_text("Host *\n  StrictHostKeyChecking no\n")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert "is not known here" in refusal(fetch, host_keys=[]).message


@pytest.mark.parametrize("pinned", [0, 1, 2])
def test_any_of_the_servers_keys_may_be_the_pinned_one(
    fetch: Fetching, server: Behaviour, pinned: int
) -> None:
    assert fetch(host_keys=[server.fingerprints[pinned]])


def test_the_key_that_is_shown_or_the_one_that_is_wanted(
    fetch: Fetching, server: Behaviour
) -> None:
    ed25519, ecdsa, rsa = server.fingerprints
    settings = fetch.settings(host_keys=[])
    assert sftp.shown_host_key(fetch.address(), settings, rsa) == rsa
    assert sftp.shown_host_key(fetch.address(), settings, ecdsa) == ecdsa
    assert sftp.shown_host_key(fetch.address(), settings, ed25519) == ed25519
    assert sftp.shown_host_key(fetch.address(), settings, OTHER) == ed25519
    assert server.logins == []


def test_a_wrong_password(
    fetch: Fetching, server: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SFTP_PASSWORD", "canary-wrong")
    told = refusal(fetch)
    assert "does not accept the password of northfield" in told.message
    assert "canary" not in str(told)
    assert fetch.sleeper.slept == []


def test_a_password_that_is_not_where_it_should_be(
    fetch: Fetching, server: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SFTP_PASSWORD")
    assert "password was not found: the environment has no SFTP_PASSWORD" in refusal(fetch).message
    assert server.logins == []


def test_a_key_that_is_none(fetch: Fetching, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("canary")
    key.chmod(0o600)
    told = refusal(fetch, password=None, key=f"file:{key}")
    assert "is none that can be read" in told.message
    assert "canary" not in str(told)


def test_nobody_listens(fetch: Fetching, server: Behaviour) -> None:
    fetch.server = Behaviour(server.host_keys, port=1)
    assert "No connection to 127.0.0.1, port 1." in refusal(fetch).message
    assert fetch.sleeper.slept == [5.0, 10.0]


@contextmanager
def resetting() -> Iterator[int]:
    """A server that greets, hears what is offered and cuts the line; its port."""
    reset_on_close = struct.pack("ii", 1, 0)

    def cut_every_line() -> None:
        while True:
            try:
                line, _ = listening.accept()
            except OSError:
                return
            with line:
                line.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
                line.recv(1)
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset_on_close)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=cut_every_line, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def test_a_server_that_cuts_the_line_has_hung_up(fetch: Fetching, server: Behaviour) -> None:
    """As OpenSSH does where it has no key of the only kind that it is asked for."""
    with resetting() as port:
        fetch.server = Behaviour(server.host_keys, port=port)
        assert "hung up before any encryption was agreed on" in refusal(fetch).message
    assert fetch.sleeper.slept == [5.0, 10.0]


def test_no_log_holds_the_password(fetch: Fetching, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        assert fetch()
    assert "Auth for user northfield" in caplog.text
    assert PASSWORD not in caplog.text
