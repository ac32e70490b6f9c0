"""The line at the bottom: the keys that do something here, dimmed where they cannot right now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.widgets import Static

MOST = 8
"""More keys than these are no longer read."""


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One key of the bar; ``action`` is what a click on it does."""

    key: str
    word: str
    action: str
    enabled: bool


class KeyBar(Static):
    """Up to ``MOST`` keys, as many as fit; the last entry is kept, it is the way to the help."""

    DEFAULT_CSS = """
    KeyBar {
        height: 1;
        padding: 0 1;
        background: $panel;
    }
    """

    # Textual would paint the entries as links, over the difference of key, word and dimmed.
    auto_links = False

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self._entries: tuple[KeyEntry, ...] = ()

    def show(self, entries: Sequence[KeyEntry]) -> None:
        """Show these keys; nothing is redrawn when they are the same as before."""
        if tuple(entries) != self._entries:
            self._entries = tuple(entries)
            self._draw()

    def on_resize(self) -> None:
        """Show as many keys as fit now."""
        self._draw()

    def _draw(self) -> None:
        entries = fitting(self._entries, self.size.width)
        dimmed = "dim" if self.app.no_color else "$dimmed"
        parts = [drawn(entry, dimmed) for entry in entries]
        self.update(Content("  ").join(parts), layout=False)


def drawn(entry: KeyEntry, dimmed: str) -> Content:
    """``a Approve``, the key standing out, or all of it in the style ``dimmed``."""
    if not entry.enabled:
        text = Content.styled(f"{entry.key} {entry.word}", dimmed)
    else:
        text = Content.assemble((entry.key, "bold $footer-key-foreground"), f" {entry.word}")
    return text.stylize(f"@click=screen.{entry.action}")


def fitting(entries: Sequence[KeyEntry], width: int) -> tuple[KeyEntry, ...]:
    """The first entries that fit into ``width`` cells, and always the last one."""
    if not entries:
        return ()
    *first, last = entries
    room = width - len(last.key) - len(last.word) - 1
    shown: list[KeyEntry] = []
    for entry in first[: MOST - 1]:
        room -= len(entry.key) + len(entry.word) + 3
        if room < 0:
            break
        shown.append(entry)
    return (*shown, last)
