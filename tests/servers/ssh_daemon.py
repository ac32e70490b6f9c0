"""OpenSSH's own server, on a free port of this machine, with a configuration of its own."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_PLACES = ("/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/lib/ssh/sshd")


def sshd() -> str | None:
    """Where OpenSSH's server is, if it is installed."""
    return shutil.which("sshd") or next((p for p in _PLACES if Path(p).exists()), None)


@dataclass(frozen=True)
class Daemon:
    """A running server. ``key`` is the private key that it lets in."""

    user: str
    port: int
    key: Path
    fingerprints: tuple[str, ...]


def new_key(file: Path, kind: str, passphrase: str = "") -> str:
    """Make a pair of keys; the fingerprint of the public one."""
    make = ["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", "", "-f", str(file)]
    subprocess.run(make, check=True)
    listed = subprocess.run(
        ["ssh-keygen", "-l", "-f", f"{file}.pub"], check=True, capture_output=True, text=True
    )
    return listed.stdout.split()[1]


@contextmanager
def running_daemon(
    folder: Path, *lines: str, kinds: tuple[str, ...] = ("ed25519", "rsa"), passphrase: str = ""
) -> Iterator[Daemon]:
    """A server that lets this user in by key, with further ``lines`` of configuration."""
    program = sshd()
    assert program is not None
    # It starts itself anew for each connection and wants this place to be there.
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    fingerprints = tuple(new_key(folder / f"host-{kind}", kind) for kind in kinds)
    new_key(folder / "key", "ed25519", passphrase)
    shutil.copy(folder / "key.pub", folder / "authorized")
    configuration = [
        "ListenAddress 127.0.0.1",
        *(f"HostKey {folder}/host-{kind}" for kind in kinds),
        f"AuthorizedKeysFile {folder}/authorized",
        "PasswordAuthentication no",
        "KbdInteractiveAuthentication no",
        "UsePAM no",
        "StrictModes no",
        "PermitRootLogin prohibit-password",
        f"PidFile {folder}/pid",
        "Subsystem sftp internal-sftp",
        *lines,
    ]
    (folder / "sshd_config").write_text("\n".join(configuration) + "\n")
    process, port = _started(program, folder)
    try:
        yield Daemon(getpass.getuser(), port, folder / "key", fingerprints)
    finally:
        process.terminate()
        process.wait()


def _started(program: str, folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    """The server and its port: it takes none by itself, and a free one may be gone by then."""
    log = folder / "log"
    for _ in range(10):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        started = [program, "-D", "-e", "-p", str(port), "-f", str(folder / "sshd_config")]
        with log.open("w") as output:
            process = subprocess.Popen(started, stderr=output)
        while process.poll() is None:
            if f"Server listening on 127.0.0.1 port {port}" in log.read_text():
                return process, port
            time.sleep(0.02)
    raise AssertionError(f"sshd does not listen: {log.read_text()}")
