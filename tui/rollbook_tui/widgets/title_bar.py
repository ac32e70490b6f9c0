"""The line at the top: where one is, and what holds everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from rollbook_tui.untrusted import drawable


class TitleBar(Static):
    """The path to what is shown on the left, a standing notice such as READ-ONLY on the right."""

    DEFAULT_CSS = """
    TitleBar {
        height: 1;
        padding: 0 1;
        color: $muted;
        background: $panel;
    }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self._path: Sequence[str] = ()
        self._notice = ""

    def show(self, path: Sequence[str], notice: str = "") -> None:
        """Show where one is; the last part of ``path`` stands out."""
        self._path = path
        self._notice = notice
        self._draw()

    def on_resize(self) -> None:
        """Keep the notice at the right edge."""
        self._draw()

    def _draw(self) -> None:
        left = title(self._path)
        notice = Content.styled(f" {self._notice} ", "bold reverse $held") if self._notice else None
        if notice is None:
            self.update(left, layout=False)
            return
        room = max(0, self.size.width - notice.cell_length - 1)
        left = left.truncate(room, ellipsis=True, pad=True)
        self.update(Content.assemble(left, " ", notice), layout=False)


def title(path: Sequence[str]) -> Content:
    """``rollbook / Northfield USD / northfield.12``."""
    parts = [Content.styled("rollbook", "bold $primary")]
    for position, part in enumerate(path, start=1):
        style = "bold $foreground" if position == len(path) else "$muted"
        parts += [Content.styled(" / ", "$rule"), Content.styled(drawable(part), style)]
    return Content.assemble(*parts)
