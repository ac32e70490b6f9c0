"""Opening a desk where it cannot stand, and one that may only look."""

from __future__ import annotations

import pwd
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rollbook.desk import roles
from rollbook.desk.desk import open_desk
from rollbook.desk.districts import districts
from rollbook.desk.login import login
from rollbook.directory.roles import Role
from rollbook.errors import ConfigInvalid


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigInvalid, match=r"home folder .*/file/home cannot be made") as raised:
        open_desk(tmp_path / "file" / "home")
    assert "--home" in raised.value.remedy


def test_a_read_only_desk_makes_no_store(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with pytest.raises(ConfigInvalid, match="no store"):
        open_desk(home, read_only=True)
    assert not home.exists()


def test_a_read_only_desk_upgrades_no_store(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "store.db").touch()
    with pytest.raises(ConfigInvalid, match="version None"):
        open_desk(home, read_only=True)
    with closing(sqlite3.connect(home / "store.db")) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)


def test_a_read_only_desk_reads_a_store_that_is_there(tmp_path: Path) -> None:
    open_desk(tmp_path / "home").close()
    desk = open_desk(tmp_path / "home", read_only=True)
    assert districts(desk) == ()
    desk.close()


def test_a_store_in_a_file_knows_no_roles(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "home")
    assert desk.role is Role.APPROVER
    with pytest.raises(ConfigInvalid, match="is a file, which knows no roles"):
        roles.script(desk)
    desk.close()


def test_a_disk_that_fails_while_a_desk_is_opened_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("rollbook.desk.desk.close_all_interrupted", fails)
    with pytest.raises(ConfigInvalid, match="looked through: Input/output error") as told:
        open_desk(tmp_path / "home")
    assert "Look after its disk" in told.value.remedy


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the kernel keeps who has logged in; the environment says somebody else."""
    file = tmp_path / "loginuid"
    monkeypatch.setattr("rollbook.desk.login._LOGGED_IN", file)
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody.else")
    return file


def test_the_operator_is_who_has_logged_in_whatever_the_environment_says(
    kept: Path, tmp_path: Path
) -> None:
    kept.write_text("0")
    desk = open_desk(tmp_path)
    assert desk.operator == pwd.getpwuid(0).pw_name
    desk.close()


@pytest.mark.parametrize("text", ["4294967295", "", None])
def test_where_nobody_has_logged_in_it_is_who_the_environment_says(
    text: str | None, kept: Path
) -> None:
    if text is not None:
        kept.write_text(text)
    assert login() == "somebody.else"


def test_an_account_without_a_name_is_a_number(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.write_text("54321")
    assert login() == "uid 54321"
    kept.unlink()
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name)
    monkeypatch.setattr("os.getuid", lambda: 54322)
    assert login() == "uid 54322"
