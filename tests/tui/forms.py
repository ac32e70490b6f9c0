"""Filling in the form for a new district."""

from __future__ import annotations

from textual.widgets import Input

from rollbook_tui.screens.add_district import AddDistrictScreen
from rollbook_tui.widgets.choice_line import ChoiceLine
from rollbook_tui.widgets.form_row import field_id
from tui.consoles import Console


async def opened(running: Console) -> AddDistrictScreen:
    """The form, from the dashboard."""
    await running.press("N")
    await running.until(lambda: isinstance(running.app.screen, AddDistrictScreen))
    await running.settle()
    screen = running.app.screen
    assert isinstance(screen, AddDistrictScreen)
    return screen


async def fill(running: Console, **fields: str) -> None:
    """Fill in some of the fields; ``source__path`` is ``source.path``.

    A choice is taken by a key, from the one beside it: each one on the way would draw a form.
    """
    for name, value in fields.items():
        field = running.app.screen.query_one(f"#{field_id(name.replace('__', '.'))}")
        field.focus()
        await running.settle()
        if isinstance(field, Input):
            field.value = value
        else:
            assert isinstance(field, ChoiceLine)
            keys = [key for key, _ in field.choices]
            at = keys.index(value)
            if field.taken != {value}:
                field.take(keys[at - 1] if at else keys[1])
                await running.press("right" if at else "left")
            assert field.taken == {value}
        await running.settle()
