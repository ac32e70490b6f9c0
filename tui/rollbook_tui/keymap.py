"""``console.toml`` in the home folder: the theme, and other keys for commands.

.. code:: toml

    theme = "rollbook-light"

    [keys]
    "hold.approve" = "y"
    "move.down" = "j,down,n"
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rollbook.errors import ConfigInvalid
from rollbook_tui.commands.command import Commands
from rollbook_tui.commands.keys import written

FILE = "console.toml"


@dataclass(frozen=True)
class Settings:
    """What ``console.toml`` says; ``theme`` is ``None`` for the default."""

    theme: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)


def load(home: Path, contexts: Mapping[str, Commands], themes: Iterable[str]) -> Settings:
    """Read the file, where there is one. Raises ``ConfigInvalid`` for anything it cannot use."""
    path = home / FILE
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigInvalid(f"{path}: {error}.", remedy="Mend the file.") from None
    theme, keys = document.pop("theme", None), document.pop("keys", {})
    problems = [f"{key}: no such setting" for key in document]
    if theme is not None and theme not in set(themes):
        problems.append(f"theme: no theme {theme!r}; there are {', '.join(sorted(themes))}")
    if not isinstance(keys, dict) or not all(isinstance(v, str) for v in keys.values()):
        problems.append("keys: give each command's id a text of keys separated by commas")
    else:
        problems += clashes(contexts, keys)
    if problems:
        raise ConfigInvalid(f"{path}: {'; '.join(problems)}.", remedy="Mend the file.")
    return Settings(theme, keys)


def clashes(contexts: Mapping[str, Commands], keys: Mapping[str, str]) -> list[str]:
    """What is wrong with a keymap: ids that no command has, and keys that two commands of one
    screen would have. Textual says nothing of the latter: one of the two just loses its key."""
    known = {command.id for commands in contexts.values() for command in commands}
    problems = [f"keys: no command {name!r}" for name in keys if name not in known]
    for context, commands in contexts.items():
        taken: dict[str, str] = {}
        for command in commands:
            for key in _keys(keys.get(command.id, command.keys)):
                holder = taken.setdefault(key, command.id)
                if holder != command.id:
                    problems.append(
                        f"keys: {written(key)} is for both {holder} and {command.id} in {context}"
                    )
    return problems


def _keys(keys: str) -> list[str]:
    return [_NAMES.get(key, key) for key in (part.strip() for part in keys.split(",")) if key]


_NAMES = {"?": "question_mark", ":": "colon", "/": "slash", "+": "plus", "_": "underscore"}
