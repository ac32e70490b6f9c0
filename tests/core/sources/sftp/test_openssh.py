"""The same against OpenSSH's own server, as vendors run it, new and old."""

from __future__ import annotations

import os
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core.sources.sftp.conftest import Sleeper
from core.sources.small_set import SmallSet
from rollbook.config.connections import Sftp
from rollbook.config.locations import SftpAddress
from rollbook.errors import InputRefused, SourceUnreachable
from rollbook.sources import folder, sftp
from servers.ssh_daemon import Daemon, running_daemon, sshd


@pytest.fixture(autouse=True)
def installed() -> None:
    """Where CI runs it has to be there."""
    if sshd() is None:
        if os.environ.get("CI"):
            pytest.fail("OpenSSH's server is not installed: apt-get install openssh-server")
        pytest.skip("OpenSSH's server is not installed: apt-get install openssh-server")


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    return SmallSet().write(tmp_path / "drop")


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    (tmp_path / "keys").mkdir()
    return tmp_path / "keys"


def settings(daemon: Daemon, **changes: Any) -> Sftp:
    table = {
        "key": f"file:{daemon.key}",
        "host_keys": daemon.fingerprints,
        "timeout_seconds": 20,
        "settle_seconds": 0,
    }
    return Sftp.model_validate({**table, **changes})


def address(daemon: Daemon, place: Path) -> SftpAddress:
    return SftpAddress(daemon.user, "127.0.0.1", daemon.port, str(place))


def test_by_key(drop: Path, keys: Path, tmp_path: Path) -> None:
    with running_daemon(keys) as daemon:
        digests, _ = sftp.fetch(address(daemon, drop), settings(daemon), tmp_path / "into")
    assert digests == folder.fetch(drop, tmp_path / "local")
    assert all(stat.S_IMODE(f.stat().st_mode) == 0o600 for f in (tmp_path / "into").iterdir())


@pytest.mark.parametrize("right", [True, False])
def test_by_a_key_with_a_passphrase(
    drop: Path, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, right: bool
) -> None:
    monkeypatch.setenv("PASSPHRASE", "canary-phrase" if right else "canary-other")
    with running_daemon(keys, passphrase="canary-phrase") as daemon:
        chosen = settings(daemon, passphrase="env:PASSPHRASE")
        if right:
            sftp.fetch(address(daemon, drop), chosen, tmp_path / "into")
            return
        with pytest.raises(SourceUnreachable, match="could not be opened with the passphrase") as e:
            sftp.fetch(address(daemon, drop), chosen, tmp_path / "into")
        assert "canary" not in str(e.value)


def test_a_key_that_the_server_does_not_know(drop: Path, keys: Path, tmp_path: Path) -> None:
    with running_daemon(keys) as daemon:
        (keys / "authorized").write_text("")
        with pytest.raises(SourceUnreachable, match=f"does not accept the key of {daemon.user}"):
            sftp.fetch(address(daemon, drop), settings(daemon), tmp_path / "into")


def test_a_password_where_none_is_taken(
    drop: Path, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSWORD", "canary")
    with running_daemon(keys) as daemon:
        chosen = settings(daemon, key=None, password="env:PASSWORD")
        with pytest.raises(SourceUnreachable, match="does not accept the password") as refused:
            sftp.fetch(address(daemon, drop), chosen, tmp_path / "into")
    assert "canary" not in str(refused.value)
    assert "canary" not in (keys / "log").read_text()


@pytest.mark.parametrize("pinned", [0, 1])
def test_each_of_its_keys_may_be_pinned(
    drop: Path, keys: Path, tmp_path: Path, pinned: int
) -> None:
    with running_daemon(keys) as daemon:
        chosen = settings(daemon, host_keys=[daemon.fingerprints[pinned]])
        sftp.fetch(address(daemon, drop), chosen, tmp_path / "into")
        for fingerprint in daemon.fingerprints:
            shown = sftp.shown_host_key(address(daemon, drop), chosen, fingerprint)
            assert shown == fingerprint


def test_a_changed_key(drop: Path, keys: Path, tmp_path: Path) -> None:
    other = "SHA256:" + "A" * 43
    with running_daemon(keys) as daemon:
        with pytest.raises(SourceUnreachable) as refused:
            sftp.fetch(
                address(daemon, drop), settings(daemon, host_keys=[other]), tmp_path / "into"
            )
        assert other in refused.value.message
        assert daemon.fingerprints[0] in refused.value.message
    assert "Accepted" not in (keys / "log").read_text()


OLD = (
    "HostKeyAlgorithms ssh-rsa",
    "KexAlgorithms diffie-hellman-group14-sha1",
    "Ciphers aes128-ctr",
    "MACs hmac-sha1",
    "PubkeyAcceptedAlgorithms +ssh-rsa",
)


def test_a_server_of_many_years_ago(drop: Path, keys: Path, tmp_path: Path) -> None:
    with running_daemon(keys, *OLD, kinds=("rsa",)) as daemon:
        digests, _ = sftp.fetch(address(daemon, drop), settings(daemon), tmp_path / "into")
    assert "users.csv" in digests


def test_a_server_that_speaks_nothing_safe(drop: Path, keys: Path, tmp_path: Path) -> None:
    old = "KexAlgorithms diffie-hellman-group1-sha1"
    patience = Sleeper().patience()
    with (
        running_daemon(keys, old) as daemon,
        pytest.raises(SourceUnreachable, match="encryption"),
    ):
        sftp.fetch(address(daemon, drop), settings(daemon), tmp_path / "into", patience=patience)


def test_a_zip_and_putting_it_away(drop: Path, keys: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(drop / "set.zip", "w") as archive:
        for file in sorted(drop.glob("*.csv")):
            archive.write(file, file.name)
            file.unlink()
    with running_daemon(keys) as daemon:
        chosen = settings(daemon, processed_folder="read")
        digests, found = sftp.fetch(address(daemon, drop), chosen, tmp_path / "into")
        assert "users.csv" in digests
        sftp.move_processed(address(daemon, drop), chosen, found)
    [moved] = (drop / "read").iterdir()
    assert moved.suffix == ".zip"
    assert not (drop / "set.zip").exists()


def test_a_missing_folder(drop: Path, keys: Path, tmp_path: Path) -> None:
    with running_daemon(keys) as daemon, pytest.raises(SourceUnreachable, match="There is no "):
        sftp.fetch(address(daemon, drop / "none"), settings(daemon), tmp_path / "into")


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_permission_denied(drop: Path, keys: Path, tmp_path: Path) -> None:
    drop.chmod(0)
    with running_daemon(keys) as daemon, pytest.raises(SourceUnreachable, match="may not read"):
        sftp.fetch(address(daemon, drop), settings(daemon), tmp_path / "into")
    drop.chmod(0o700)


def test_an_upload_that_goes_on(drop: Path, keys: Path, tmp_path: Path) -> None:
    whole = (drop / "users.csv").read_bytes()
    (drop / "users.csv").write_bytes(whole[:20])
    sleeper = Sleeper()

    def upload(number: int) -> None:
        if number == 1:
            (drop / "users.csv").write_bytes(whole)

    sleeper.then = upload
    with running_daemon(keys) as daemon:
        chosen = settings(daemon, settle_seconds=5)
        sftp.fetch(address(daemon, drop), chosen, tmp_path / "into", patience=sleeper.patience())
    assert sleeper.slept == [5.0, 5.0]
    assert (tmp_path / "into" / "users.csv").read_bytes() == whole


def test_a_line_that_breaks_in_the_middle_of_a_file(
    drop: Path, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server's process for this connection is killed at the second block of a large file."""
    import signal

    import asyncssh
    import psutil  # type: ignore[import-untyped]

    with (drop / "users.csv").open("ab") as file:
        file.write(b"x" * (9 << 20))
    whole = (drop / "users.csv").read_bytes()
    reads: list[int] = []
    read = asyncssh.SFTPClientFile.read

    async def killing(self: asyncssh.SFTPClientFile, size: int = -1) -> Any:
        reads.append(size)
        if len(reads) == 5:
            for child in psutil.Process().children(recursive=True):
                if "sshd" in child.name() and child.ppid() != os.getpid():
                    child.send_signal(signal.SIGKILL)
        return await read(self, size)

    monkeypatch.setattr(asyncssh.SFTPClientFile, "read", killing)
    sleeper = Sleeper()
    with running_daemon(keys) as daemon:
        sftp.fetch(
            address(daemon, drop), settings(daemon), tmp_path / "into", patience=sleeper.patience()
        )
    assert 5.0 in sleeper.slept
    assert (tmp_path / "into" / "users.csv").read_bytes() == whole


def test_a_server_that_is_made_to_lie_about_names(drop: Path, keys: Path, tmp_path: Path) -> None:
    (drop / "a\\b.csv").write_text("x")
    with running_daemon(keys) as daemon, pytest.raises(InputRefused) as refused:
        sftp.fetch(address(daemon, drop), settings(daemon), tmp_path / "into")
    assert refused.value.code == "odd-name"
