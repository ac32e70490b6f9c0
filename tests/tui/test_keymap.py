"""``console.toml``: other keys and another theme, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from rollbook.desk.desk import Desk
from rollbook.errors import ConfigInvalid
from rollbook_tui.commands.catalogue import CONTEXTS
from rollbook_tui.keymap import Settings, load
from rollbook_tui.theme import THEMES
from tui.consoles import console

NAMES = [theme.name for theme in THEMES]


def settings(folder: Path, text: str) -> Settings:
    """What a file of that text says."""
    (folder / "console.toml").write_text(text, encoding="utf-8")
    return load(folder, CONTEXTS, NAMES)


def test_no_file_is_no_settings(tmp_path: Path) -> None:
    assert load(tmp_path, CONTEXTS, NAMES) == Settings()


def test_theme_and_keys(tmp_path: Path) -> None:
    text = 'theme = "rollbook-light"\n[keys]\n"hold.approve" = "ctrl+a"\n'
    assert settings(tmp_path, text) == Settings("rollbook-light", {"hold.approve": "ctrl+a"})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[keys]\n"hold.aprove" = "y"\n', "no command 'hold.aprove'"),
        ('[keys]\n"hold.approve" = "x"\n', "x is for both hold.approve and hold.reject"),
        ('[keys]\n"hold.approve" = "y,j"\n', "j is for both"),
        ('[keys]\n"hold.approve" = "?"\n', "? is for both hold.approve and help"),
        ('[keys]\n"hold.approve" = 3\n', "a text of keys"),
        ('theme = "mauve"\n', "no theme 'mauve'"),
        ('colour = "red"\n', "colour: no such setting"),
        ("keys = [", "console.toml"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(ConfigInvalid) as raised:
        settings(tmp_path, text)
    assert problem in str(raised.value)


async def test_a_remapped_key_works_and_is_the_one_that_is_shown(desk: Desk) -> None:
    (desk.home.root / "console.toml").write_text('[keys]\n"hold.approve" = "ctrl+a"\n')
    async with console(lambda: desk, (100, 30)) as running:
        await running.press("3")
        assert "^a Approve" in running.text
        await running.press("a")
        assert running.front[-1] == "Dashboard"
        await running.press("ctrl+a")
        assert running.front[-1] == "Decide"
