"""Everything that can be done here, found by typing: ``ctrl+p`` and the ``:`` line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.dialogs.choose import OptionDown, OptionUp
from rollbook_tui.dialogs.dialog import Cancel, Dialog
from rollbook_tui.dialogs.entry import Entry
from rollbook_tui.untrusted import drawable

MOST = 50


class Palette(Dialog[str | None]):
    """The action of the entry chosen, or ``None``. What cannot be done says why, and is not
    taken."""

    ACTS: ClassVar[Commands] = (OptionDown, OptionUp, Cancel)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS)]
    AUTO_FOCUS = "Input"
    takes_type_ahead = True
    DEFAULT_CSS = """
    Palette { align: center top; }
    Palette > .frame { width: 72; margin-top: 2; padding: 0 1; }
    Palette OptionList {
        height: auto;
        max-height: 12;
        border: none;
        padding: 0;
        background: $surface;
        scrollbar-size-vertical: 1;
    }
    Palette OptionList > .option-list--option-highlighted { background: $cursor; }
    Palette OptionList:nocolor > .option-list--option-highlighted { text-style: bold underline; }
    Palette #about { color: $muted; height: 2; margin-top: 1; }
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        super().__init__()
        self._entries = entries
        self._shown: Sequence[Entry] = ()

    def compose(self) -> ComposeResult:
        frame = Vertical(classes="frame")
        frame.border_title = Content("Command")
        frame.border_subtitle = Content("↑↓ choose · enter do it · esc leave")
        with frame:
            yield Input(placeholder="Type a part of a command or of a district", compact=True)
            yield OptionList(markup=False)
            yield Static("", id="about", markup=False)

    def on_mount(self) -> None:
        """List everything."""
        self.query_one(OptionList).can_focus = False
        self._list("")

    def action_option_down(self) -> None:
        """The next entry."""
        self.query_one(OptionList).action_cursor_down()

    def action_option_up(self) -> None:
        """The entry before."""
        self.query_one(OptionList).action_cursor_up()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._list(event.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._take()

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._take()

    @on(OptionList.OptionHighlighted)
    def _about(self) -> None:
        entry = self._entry()
        text = "" if entry is None else entry.help
        if entry is not None and entry.refusal:
            text = f"Not now: {entry.refusal}"
        self.query_one("#about", Static).update(Content(drawable(text)))

    def _list(self, typed: str) -> None:
        self._shown = matching(self._entries, typed)[:MOST]
        options = self.query_one(OptionList)
        options.set_options(Option(_drawn(entry)) for entry in self._shown)
        options.highlighted = 0 if self._shown else None
        self._about()

    def _entry(self) -> Entry | None:
        at = self.query_one(OptionList).highlighted
        return self._shown[at] if at is not None and at < len(self._shown) else None

    def _take(self) -> None:
        entry = self._entry()
        if entry is not None and not entry.refusal:
            self.dismiss(entry.action)


def matching(entries: Sequence[Entry], typed: str) -> list[Entry]:
    """The entries that have every word typed: what can be done first, and of that what has them
    in its label."""
    wanted = typed.casefold().split()

    def has(text: str) -> bool:
        return all(word in text.casefold() for word in wanted)

    def place(entry: Entry) -> tuple[bool, bool, bool]:
        begins = entry.label.casefold().startswith(typed.strip().casefold())
        return bool(entry.refusal), not begins, not has(entry.label)

    return sorted((entry for entry in entries if has(entry.words)), key=place)


def _drawn(entry: Entry) -> Content:
    style = "$dimmed" if entry.refusal else "$foreground"
    label = Content.styled(drawable(entry.label), style).truncate(50, ellipsis=True, pad=True)
    keys = "not now" if entry.refusal else entry.keys
    return Content.assemble(label, Content.styled(f"  {keys}", "$muted"))
