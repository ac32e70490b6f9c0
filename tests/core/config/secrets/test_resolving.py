"""Fetching secrets from where they are, and what is said when they are not there."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from rollbook.config.secrets import command, resolve
from rollbook.errors import SourceUnreachable

CANARY = "hunter2-canary"


def refusal(reference: str, **environment: str) -> str:
    with pytest.raises(SourceUnreachable) as refused:
        resolve(reference, purpose="password", environment={**os.environ, **environment})
    assert refused.value.message.startswith("The password was not found: ")
    assert refused.value.remedy
    assert CANARY not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
    return str(refused.value)


def private(path: Path, text: str = CANARY, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def test_from_the_environment() -> None:
    found = resolve("env:SIS_PASSWORD", purpose="password", environment={"SIS_PASSWORD": CANARY})
    assert found.reveal() == CANARY


def test_the_environment_of_the_process_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIS_PASSWORD", CANARY)
    assert resolve("env:SIS_PASSWORD", purpose="password").reveal() == CANARY


def test_what_the_environment_has_not_is_named() -> None:
    assert "no SIS_PASSWORD" in refusal("env:SIS_PASSWORD")
    assert "env:SIS_PASSWORD is empty" in refusal("env:SIS_PASSWORD", SIS_PASSWORD="")


@pytest.mark.parametrize(
    ("written", "meant"), [(CANARY, CANARY), (f"{CANARY}\n", CANARY), (f"{CANARY}\r\n", CANARY)]
)
def test_from_a_file_without_its_line_end(tmp_path: Path, written: str, meant: str) -> None:
    file = private(tmp_path / "password", written)
    assert resolve(f"file:{file}", purpose="password").reveal() == meant


def test_spaces_and_inner_lines_belong_to_it(tmp_path: Path) -> None:
    file = private(tmp_path / "key", " a\nb \n\n")
    assert resolve(f"file:{file}", purpose="key").reveal() == " a\nb \n"


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o644, 0o610, 0o666])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    file = private(tmp_path / "password", mode=mode)
    assert f"mode {mode:03o}" in refusal(f"file:{file}")
    assert f"chmod 600 {file}" in refusal(f"file:{file}")


def test_a_managed_credential_is_found_by_its_name(tmp_path: Path) -> None:
    private(tmp_path / "sis", mode=0o440)
    found = resolve(
        "file:sis", purpose="password", environment={"CREDENTIALS_DIRECTORY": str(tmp_path)}
    )
    assert found.reveal() == CANARY


def test_a_name_does_not_lead_out_of_the_managed_folder(tmp_path: Path) -> None:
    private(tmp_path / "sis")
    (tmp_path / "credentials").mkdir()
    folder = str(tmp_path / "credentials")
    assert "leads upwards" in refusal("file:../sis", CREDENTIALS_DIRECTORY=folder)


def test_a_file_that_is_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    (tmp_path / "binary").chmod(0o600)
    (tmp_path / "large").write_bytes(b"x" * 100_000)
    (tmp_path / "large").chmod(0o600)
    assert "No such file" in refusal(f"file:{tmp_path}/missing")
    assert "no plain file" in refusal(f"file:{tmp_path}/pipe")
    assert "no text in UTF-8" in refusal(f"file:{tmp_path}/binary")
    assert "too large" in refusal(f"file:{tmp_path}/large")
    assert "is empty" in refusal(f"file:{private(tmp_path / 'empty', '')}")
    assert "relative" in refusal("file:password", CREDENTIALS_DIRECTORY="")
    assert "has a home" in refusal("file:~nobody-of-that-name/password")


class Ring(KeyringBackend):
    """A keyring of one entry."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        return CANARY if (service, username) == ("rollbook", "northfield") else None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError

    def delete_password(self, service: str, username: str) -> None:
        raise NotImplementedError


@pytest.fixture
def ring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(Ring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


def test_from_a_keyring(ring: None) -> None:
    assert resolve("keyring:rollbook/northfield", purpose="password").reveal() == CANARY
    assert "keyring set rollbook elkridge" in refusal("keyring:rollbook/elkridge")


def test_a_machine_without_a_keyring(ring: None) -> None:
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
    assert "no keyring can be opened" in refusal("keyring:rollbook/northfield")


def program(tmp_path: Path, script: str) -> str:
    file = tmp_path / "say"
    file.write_text(f"#!{sys.executable}\n{script}\n")
    file.chmod(0o700)
    return f"cmd:{file}"


def test_from_a_command_that_no_shell_sees(tmp_path: Path) -> None:
    say = program(tmp_path, "import sys; print('+'.join(sys.argv[1:]))")
    found = resolve(f"{say} '$(id)' `id` $HOME ; id > {tmp_path}/made", purpose="password")
    assert found.reveal() == f"$(id)+`id`+$HOME+;+id+>+{tmp_path}/made"
    assert not (tmp_path / "made").exists()


def test_a_command_that_fails_says_nothing_of_what_it_said(tmp_path: Path) -> None:
    script = f"import sys; print('{CANARY}'); print('{CANARY}', file=sys.stderr); sys.exit(3)"
    told = refusal(f"{program(tmp_path, script)} --with {CANARY}")
    assert "ended with 3" in told


def test_a_command_that_says_what_is_no_secret(tmp_path: Path) -> None:
    assert "said too much" in refusal(program(tmp_path, "print('x' * 100_000)"))
    assert "is empty" in refusal(program(tmp_path, "pass"))
    script = "import sys; sys.stdout.buffer.write(bytes([255]))"
    assert "no text in UTF-8" in refusal(program(tmp_path, script))
    assert "cannot be started" in refusal(f"cmd:{tmp_path}/missing {CANARY}")


def test_a_command_that_waits_for_somebody(tmp_path: Path) -> None:
    say = program(tmp_path, "import time; time.sleep(60)").removeprefix("cmd:")
    with pytest.raises(command.CommandFailed, match=r"had not finished after 0\.2 s"):
        command.said_by(say, os.environ, timeout=0.2)


def test_a_command_cannot_ask_at_the_terminal(tmp_path: Path) -> None:
    say = program(tmp_path, "import sys; print(repr(sys.stdin.read()))")
    kept, (typed, hand) = os.dup(0), os.pipe()
    os.write(hand, b"typed")
    os.close(hand)
    os.dup2(typed, 0)
    try:
        assert resolve(say, purpose="password").reveal() == "''"
    finally:
        os.dup2(kept, 0)
        os.close(kept)
        os.close(typed)


def test_no_process_shows_a_secret_that_was_resolved(tmp_path: Path) -> None:
    """The first command's secret is held while the second runs: who lists processes sees none."""
    first = resolve(program(tmp_path, "print('canary-hunter2'[7:] + '-canary')"), purpose="key")
    assert first.reveal() == CANARY
    listing = tmp_path / "listing"
    script = (
        "import pathlib\n"
        "lines = []\n"
        "for process in pathlib.Path('/proc').glob('[0-9]*'):\n"
        "    try:\n"
        "        lines.append((process / 'cmdline').read_bytes())\n"
        "    except OSError:\n"
        "        pass\n"
        f"pathlib.Path('{listing}').write_bytes(b' '.join(lines))\n"
        "print('x')"
    )
    resolve(program(tmp_path, script), purpose="token")
    assert str(tmp_path / "say").encode() in listing.read_bytes()
    assert CANARY.encode() not in listing.read_bytes()
