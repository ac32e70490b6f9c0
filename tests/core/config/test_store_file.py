"""Which store a home has: its own file, unless it, the environment or the caller says otherwise."""

from pathlib import Path

import pytest

from rollbook.config.home import Home
from rollbook.config.store_file import named_store
from rollbook.desk.desk import open_desk
from rollbook.directory.store import sqlite_url
from rollbook.errors import ConfigInvalid


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.delenv("ROLLBOOK_STORE", raising=False)
    return Home(tmp_path / "home")


def opened(home: Home, store_url: str | None = None) -> object:
    """Where the desk's store is."""
    desk = open_desk(home.root, store_url=store_url)
    desk.close()
    return desk.store.place


def name(home: Home, text: str | bytes) -> None:
    home.root.mkdir(exist_ok=True)
    home.store_file.write_bytes(text if isinstance(text, bytes) else text.encode())


def test_each_word_about_the_store_outdoes_the_one_before(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = [tmp_path / f"{number}.db" for number in range(3)]
    assert opened(home) == home.store
    name(home, f'url = "{sqlite_url(places[0])}"')
    assert opened(home) == places[0]
    monkeypatch.setenv("ROLLBOOK_STORE", sqlite_url(places[1]))
    assert opened(home) == places[1]
    assert opened(home, sqlite_url(places[2])) == places[2]


def test_a_home_without_the_file_names_none(home: Home) -> None:
    assert named_store(home) is None


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "url: has to be there"),
        ('url = ""', "url: is blank"),
        ("url = 5", "url: Input should be a valid string"),
        ('url = "sqlite:///x"\npassword = "hunter2"', "password: there is no such key"),
        ("url = hunter2", "not TOML"),
        (b"url = '\xff'", "not TOML"),
    ],
)
def test_a_file_that_makes_no_sense_is_told_without_what_it_says(
    home: Home, text: str | bytes, what: str
) -> None:
    name(home, text)
    with pytest.raises(ConfigInvalid, match=rf"store\.toml: {what}") as raised:
        open_desk(home.root)
    assert "hunter2" not in str(raised.value)
    assert not home.store.exists()


def test_a_file_that_cannot_be_read_is_told(home: Home) -> None:
    home.store_file.mkdir(parents=True)
    with pytest.raises(ConfigInvalid, match=r"store\.toml: cannot be read: Is a directory"):
        open_desk(home.root)
