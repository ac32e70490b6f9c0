"""Keys as they are written for people."""

from __future__ import annotations

_WRITTEN = {
    "question_mark": "?",
    "colon": ":",
    "slash": "/",
    "space": "space",
    "escape": "esc",
    "plus": "+",
    "underscore": "_",
    "asterisk": "*",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
}


def written(key: str) -> str:
    """One key as it is written: ``^p`` for ``ctrl+p``, ``?`` for ``question_mark``."""
    key = key.strip()
    if key.startswith("ctrl+"):
        return f"^{key.removeprefix('ctrl+')}"
    if key.startswith("f") and key[1:].isdigit():
        return key.upper()
    return _WRITTEN.get(key, key)


def all_written(keys: str) -> str:
    """Every key of a command: ``j ↓``."""
    return " ".join(written(key) for key in keys.split(",")) if keys else ""


def first_written(keys: str) -> str:
    """The key that the key bar shows."""
    return written(keys.split(",")[0]) if keys else ""
