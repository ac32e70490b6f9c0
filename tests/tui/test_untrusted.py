"""Names are drawn as they are: no markup, no control characters."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import tomli_w

from rollbook.desk.decisions import hold, holds
from rollbook.desk.desk import Desk
from rollbook.desk.districts import district
from rollbook.desk.history import run
from rollbook_tui.details.district import district_detail
from rollbook_tui.details.hold import hold_detail
from rollbook_tui.details.overview import overview
from rollbook_tui.details.run import run_detail
from rollbook_tui.dialogs.decide import Decide
from rollbook_tui.untrusted import drawable
from tui.consoles import console

NASTY = "[red]Bob[/red] [/x] $add\x1b[2J\x07\u202eevil\nnext"
DRAWN = "[red]Bob[/red] [/x] $add[2Jevil next"


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("Zoë Ångström 李", "Zoë Ångström 李"),
        (NASTY, DRAWN),
        ("a\tb\r\nc", "a b  c"),
        ("\x9b31mred", "31mred"),
        ("\u2066hidden\u2069", "hidden"),
        ("half \ud800 pair", "half  pair"),
        ("soft\u00adhyphen", "soft\u00adhyphen"),
    ],
)
def test_what_a_terminal_would_act_on_is_taken_out(text: str, drawn: str) -> None:
    assert drawable(text) == drawn


async def test_a_district_called_by_markup_is_called_that_everywhere(desk: Desk) -> None:
    path = desk.home.district_file("northfield")
    import tomllib

    document = tomllib.loads(path.read_text(encoding="utf-8"))
    path.write_text(tomli_w.dumps({**document, "name": NASTY}), encoding="utf-8")
    wanted = holds(desk, "northfield")[0]
    async with console(desk, (120, 36), draw_toasts=True) as running:
        await running.go_to("districts", "northfield")
        assert running.text.count("[red]Bob[/red] [/x]") >= 3
        await running.go_to("holds", wanted.id)
        await running.press("a")
        await running.until(lambda: isinstance(running.app.screen, Decide))
        await running.settle()
        assert DRAWN in running.text
        await running.press("escape")
        running.screen.say("[b]Zed[/b]", title="[i]Zoe[/i]")
        await running.until(lambda: "[b]Zed[/b]" in running.text)
        assert "[i]Zoe[/i]" in running.text
        await running.press("ctrl+p")
        await running.pilot.press(*"bob")
        await running.settle()
        assert "Go to [red]Bob[/red]" in running.text


def test_every_detail_draws_names_as_they_are(desk: Desk) -> None:
    now = desk.clock()
    wanted = hold(desk, holds(desk, "northfield")[0].id)
    nasty_hold = replace(wanted, title=NASTY, why=NASTY, cause=NASTY, school_name=NASTY)
    shown = run(desk, wanted.run)
    schools = tuple(replace(school, name=NASTY) for school in shown.schools)
    nasty_run = replace(
        shown,
        summary=replace(shown.summary, message=NASTY, created_by=NASTY),
        schools=schools,
        holds=(nasty_hold,),
        reason=NASTY,
    )
    found = district(desk, "pinecrest")
    nasty_district = replace(
        found,
        summary=replace(found.summary, name=NASTY, note=NASTY),
        schools=tuple((a, NASTY, c) for a, _, c in found.schools),
        pauses=tuple(replace(pause, words=NASTY) for pause in found.pauses),
    )
    snoozed = replace(nasty_hold, snoozed_until=now + timedelta(hours=2), reason=NASTY)
    for text in (
        hold_detail(snoozed, (), now, 100),
        run_detail(nasty_run, now, 100),
        district_detail(nasty_district, now, 100),
        overview([nasty_district.summary], [nasty_hold], now, 100),
    ):
        assert "[red]Bob[/red] [/x]" in text.plain
        assert not set(text.plain) & {"\x1b", "\x07", "\u202e"}
