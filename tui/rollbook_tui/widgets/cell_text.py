"""Text cut and filled to a width in cells, which is not its length in characters."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

from rollbook_tui.untrusted import drawable

ELLIPSIS = "…"


def fit(text: str, width: int, *, right: bool = False) -> str:
    """``text`` made drawable and exactly ``width`` cells wide: filled, or cut with an ellipsis."""
    if width <= 0:
        return ""
    text = drawable(text)
    length = len(text) if text.isascii() else cell_len(text)
    if length > width:
        text = set_cell_size(text, width - 1).rstrip() + ELLIPSIS
        length = cell_len(text)
    padding = " " * (width - length)
    return padding + text if right else text + padding
