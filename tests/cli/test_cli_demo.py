"""Where the demo may seed, and when it seeds again."""

from collections.abc import Callable
from pathlib import Path

import pytest

import rollbook.demo
from cli.conftest import Call
from rollbook.cli.commands import console as console_module
from rollbook.cli.settings import Settings
from rollbook.desk.views import Progress


@pytest.fixture
def seeds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The seeds that the demo was made with, instead of half a minute of making it."""
    seen: list[int] = []

    def seed(home: Path, *, seed: int, progress: Callable[[Progress], None]) -> None:
        progress(Progress("northfield", "day 1"))
        (home / "store.db").write_text(str(seed), encoding="utf-8")
        seen.append(seed)
        if seed == 13:
            raise OSError("no room")

    monkeypatch.setattr(rollbook.demo, "seed", seed)
    return seen


def test_a_home_is_seeded_once_and_anew_with_another_seed(
    call: Call, seeds: list[int], tmp_path: Path
) -> None:
    made = call("demo", "--headless", "--json")
    assert made.document == {"home": str(tmp_path / "home"), "seed": 7, "made": True}
    assert "northfield: day 1" in made.err
    assert call("demo", "--headless", "--json").document["made"] is False
    assert seeds == [7]
    assert call("demo", "--headless", "--seed", "9").out == f"{tmp_path / 'home'}\n"
    assert seeds == [7, 9]
    assert (tmp_path / "home" / "store.db").read_text(encoding="utf-8") == "9"


def test_what_broke_off_is_seeded_again(call: Call, seeds: list[int]) -> None:
    assert call("demo", "--headless", "--seed", "13").code == 1
    assert call("demo", "--headless", "--seed", "13").code == 1
    assert seeds == [13, 13]
    assert call("demo", "--headless").code == 0


@pytest.mark.parametrize("mark", [None, "[]", '{"seed": 7}', "not json"])
def test_a_home_of_somebody_elses_is_left_alone(
    mark: str | None, call: Call, seeds: list[int], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "store.db").write_text("mine", encoding="utf-8")
    if mark is not None:
        (home / "demo.json").write_text(mark, encoding="utf-8")
    answer = call("demo", "--headless", "--json")
    assert answer.code == 2
    assert answer.document["error"]["code"] == "config-invalid"
    assert (home / "store.db").read_text(encoding="utf-8") == "mine"
    assert seeds == []


def test_the_demo_has_a_store_of_its_own(call: Call, seeds: list[int]) -> None:
    assert call("demo", "--headless", "--store", "sqlite:///elsewhere.db").code == 2
    assert seeds == []


def test_the_console_opens_on_what_was_seeded(
    call: Call, seeds: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Settings] = []

    def open_console(chosen: Settings) -> int:
        opened.append(chosen)
        return 0

    monkeypatch.setattr("rollbook.cli.commands.demo.require_terminal", lambda: None)
    monkeypatch.setattr("rollbook.cli.commands.demo.open_console", open_console)
    assert call("demo").code == 0
    assert opened == [Settings(tmp_path / "home", store=None, read_only=False, json=False)]
    assert console_module.TWINS.count("rollbook") == 4
