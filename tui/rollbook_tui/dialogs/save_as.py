"""Where to write an export to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rollbook_tui.dialogs.ask import Ask


class SaveAs(Ask):
    """The path of a file that does not exist yet and ends in one of ``suffixes``."""

    def __init__(self, what: str, suggested: Path, suffixes: Sequence[str]) -> None:
        self._suffixes = tuple(suffixes)
        super().__init__(
            f"Export {what}",
            f"Write to ({' or '.join(self._suffixes)})",
            value=str(suggested),
            problem=self._wrong,
        )

    def _wrong(self, answer: str) -> str:
        path = typed_path(answer)
        if not answer:
            return "Give the name of a file."
        if path.suffix not in self._suffixes:
            return f"The name must end in {' or '.join(self._suffixes)}."
        if path.exists():
            return "There is a file of that name already; give another name."
        return ""


def typed_path(answer: str) -> Path:
    """The path that was typed, with ``~`` for the home folder of whoever typed it."""
    return Path(answer).expanduser()


def free_path(folder: Path, stem: str, suffix: str) -> Path:
    """A name that is not taken: ``stem.csv``, else ``stem-2.csv`` and so on."""
    path, number = folder / f"{stem}{suffix}", 2
    while path.exists():
        path = folder / f"{stem}-{number}{suffix}"
        number += 1
    return path
