"""The form for a new district: fields of its type, no secret, a check, added whole, previewed."""

from __future__ import annotations

import threading
from collections.abc import Generator
from dataclasses import replace
from typing import Any

import pytest
from textual.events import Key
from textual.widgets import Input

from rollbook.config.home import find_district
from rollbook.desk import district_forms, districts, history
from rollbook.desk.desk import Desk
from rollbook.desk.views import Check, RunState
from rollbook.errors import Busy
from rollbook_tui.district_draft import Draft
from rollbook_tui.screens.add_district import AddDistrictScreen
from rollbook_tui.widgets.form_row import FormRow, row_id
from tui.consoles import console
from tui.forms import fill, opened

LITERAL = "hunter2-hunter2"


def row(screen: AddDistrictScreen, key: str) -> FormRow:
    return screen.query_one(f"#{row_id(key)}", FormRow)


def marvel(desk: Desk) -> dict[str, str]:
    """A district that can be read: another one's files."""
    return {"name": "Marvel Lake", "source__path": str(desk.home.root / "drops" / "marlow")}


async def test_the_id_is_proposed_until_one_is_typed(desk: Desk) -> None:
    async with console(desk) as running:
        screen = await opened(running)
        assert running.app.focused is screen.query_one("#field-name")
        await running.pilot.press(*"Cedar Falls")
        await running.settle()
        assert screen.query_one("#field-id", Input).value == "cedar-falls"
        await running.press("tab", "2")
        assert screen.query_one("#field-id", Input).value == "cedar-falls2"
        await fill(running, id="cedar")
        await fill(running, name="Cedar Rapids")
        assert screen.query_one("#field-id", Input).value == "cedar"


async def test_the_fields_are_those_of_the_type_with_their_help(desk: Desk) -> None:
    async with console(desk) as running:
        screen = await opened(running)
        assert row(screen, "source.path").display
        assert not row(screen, "source.sftp.password").display
        await fill(running, source__path="sftp://sis@files.example.org/out")
        assert row(screen, "source.sftp.password").display
        await fill(running, **{"source__type": "oneroster-rest"})
        assert not screen.query("#row-source-path")
        assert row(screen, "source.auth.secret").display
        await fill(running, source__auth__type="bearer")
        assert not row(screen, "source.auth.secret").display
        screen.query_one("#field-source-auth-token").focus()
        await running.settle()
        assert "keyring:SERVICE/NAME" in running.text


async def test_what_was_typed_is_there_again(desk: Desk) -> None:
    async with console(desk) as running:
        await opened(running)
        await fill(running, name="Cedar Falls", source__path="/srv/cedar")
        await fill(running, **{"source__type": "classlink"})
        await fill(running, source__url="https://sis.example.org/v1")
        await fill(running, **{"source__type": "oneroster-csv"})
        assert running.app.screen.query_one("#field-source-path", Input).value == "/srv/cedar"
        await running.press("escape")
        assert running.front[-1] == "Dashboard"
        screen = await opened(running)
        assert screen.query_one("#field-name", Input).value == "Cedar Falls"
        assert screen.query_one("#field-source-path", Input).value == "/srv/cedar"
        await fill(running, **{"source__type": "oneroster-rest"})
        url = screen.query_one("#field-source-url", Input).value
        assert url == "https://sis.example.org/v1", "what both need is kept"


def test_what_two_types_call_alike_and_mean_otherwise_stays_with_each() -> None:
    draft = Draft()
    draft.put("source.path", "/srv/cedar")
    draft.put("source.version", "1.1")
    draft.put("source.type", "remind-csv")
    assert (draft.get("source.path"), draft.get("source.version")) == ("/srv/cedar", "")
    draft.put("source.type", "classlink")
    assert draft.typed()["source.path"] == ""
    draft.put("source.url", "https://sis.example.org/v1")
    draft.put("source.type", "clever-api")
    assert draft.typed()["source.url"] == ""
    draft.put("source.type", "oneroster-csv")
    assert draft.get("source.version") == "1.1"


def test_secrets_are_forgotten_in_every_type() -> None:
    draft = Draft()
    draft.put("source.sftp.password", LITERAL)
    draft.put("source.type", "clever-api")
    draft.put("source.auth.token", "env:TOKEN")
    draft.put("source.type", "oneroster-rest")
    draft.put("source.auth.secret", LITERAL)
    draft.forget_secrets()
    assert LITERAL not in repr(draft)
    assert draft.get("source.auth.token") == "env:TOKEN"


async def test_an_id_keeps_up_with_whoever_types_fast(desk: Desk) -> None:
    async with console(desk) as running:
        screen = await opened(running)
        name = screen.query_one("#field-name", Input)
        for typed in ("Ced", "Cedar", "Cedar Falls"):
            name.value = typed
        await running.settle()
        assert screen.query_one("#field-id", Input).value == "cedar-falls"


async def test_what_is_typed_ahead_goes_into_the_field_that_is_meant(desk: Desk) -> None:
    async with console(desk) as running:
        screen = await opened(running)
        for key in ("C", "tab", "tab", "A", "shift+tab", "shift+tab", "D"):
            running.app.post_message(Key(key, key if len(key) == 1 else None))
        await running.settle()
        assert screen.query_one("#field-name", Input).value == "CD"
        assert screen.query_one("#field-timezone", Input).value == "A"


async def test_a_literal_secret_is_covered_refused_and_forgotten(desk: Desk) -> None:
    async with console(desk) as running:
        screen = await opened(running)
        await fill(running, **{"source__type": "clever-api"})
        token = screen.query_one("#field-source-auth-token", Input)
        token.focus()
        await running.pilot.press(*"en")
        assert not token.password, "this may become env:"
        token.value = ""
        await running.pilot.press(*LITERAL)
        await running.settle()
        assert token.value == LITERAL
        assert token.password
        assert LITERAL not in running.text
        assert "No secret may stand in this file" in running.text
        await fill(running, name="Cedar Falls")
        assert "x auth token" in running.text, "the mark is a sign"
        await running.press("f6")
        assert not desk.home.district_file("cedar-falls").exists()
        assert running.app.focused is token
        assert LITERAL not in "".join(running.toasts)
        await running.press("escape")
        assert LITERAL not in repr(running.screen.draft)
        screen = await opened(running)
        assert screen.query_one("#field-source-auth-token", Input).value == ""
        await fill(running, source__auth__token="env:CLEVER_TOKEN")
        assert "env:CLEVER_TOKEN" in running.text


async def test_a_field_is_judged_when_it_is_left_and_not_before(desk: Desk) -> None:
    async with console(desk) as running:
        await opened(running)
        assert "x name" not in running.text
        assert "needed." not in running.text
        await running.press("tab")
        assert "x name" in running.text
        await running.pilot.press(*"harlow")
        await running.settle()
        assert "There is a district of that id already." in running.text
        await fill(running, timezone="Mars/Olympus")
        assert "x Not an IANA time zone" in running.text


async def test_a_check_tells_its_steps_as_they_come_and_can_be_stopped(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, ended = threading.Event(), threading.Event()

    def slow(desk: Desk, typed: Any) -> Generator[Check, None, None]:
        try:
            yield Check("connection", True, "answers [b]well[/b]")
            go_on.wait(20)
            yield Check("users", False, "403", "Ask for the scope.")
        finally:
            ended.set()

    monkeypatch.setattr(district_forms, "check_typed", slow)
    async with console(desk) as running:
        await opened(running)
        await fill(running, source__path="/srv/cedar")
        await running.pilot.press("f5")
        await running.until(lambda: "✓ connection answers [b]well[/b]" in running.text)
        assert "Checking · 1 step so far" in running.text
        await running.pilot.press("f5")
        await running.until(lambda: any("A check is under way" in t for t in running.toasts))
        await running.pilot.press("escape")
        await running.pilot.pause()
        assert running.front[-1] == "AddDistrictScreen", "escape stops the check first"
        assert "Checking" not in running.text
        go_on.set()
        await running.until(ended.is_set)
        await running.settle()
        assert "users" not in running.text, "a check that was stopped tells no more"
        await running.press("f5")
        await running.until(lambda: "Check · 2 steps, 1 failed" in running.text)
        assert "x users 403" in running.text
        assert running.text.index("x users") < running.text.index("✓ connection"), "failed first"
        assert "Ask for the scope." in running.text


async def test_a_check_needs_no_name_and_writes_nothing(desk: Desk) -> None:
    before = sorted(desk.home.districts.iterdir())
    async with console(desk) as running:
        await opened(running)
        await fill(running, source__path=marvel(desk)["source__path"])
        await running.press("f5")
        await running.until(lambda: "all well" in running.text)
        assert "users.csv" in running.text
    assert sorted(desk.home.districts.iterdir()) == before


async def test_the_findings_of_a_check_are_listed(desk: Desk) -> None:
    drop = desk.home.root / "drops" / "marlow"
    lines = (drop / "users.csv").read_text(encoding="utf-8").splitlines()
    lines[5] = lines[5].split(",")[0] + "," * (lines[0].count(","))
    (drop / "users.csv").unlink()
    (drop / "users.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    async with console(desk) as running:
        await opened(running)
        await fill(running, **marvel(desk))
        await running.press("f7")
        assert running.front[-1] == "AddDistrictScreen", "there are none yet"
        await running.press("f5")
        await running.until(lambda: "1 failed" in running.text or "2 failed" in running.text)
        assert "press F7" in running.text
        await running.press("f7")
        assert running.front[-1] == "FindingsScreen"
        assert "users.csv:6" in running.text
        await running.press("e")
        await running.until(lambda: running.front[-1] == "SaveAs")
        assert running.app.screen.query_one(Input).value.endswith("marvel-lake-findings.csv")
        await running.press("escape", "escape")
        assert running.front[-1] == "AddDistrictScreen"


async def test_it_is_added_and_previewed(desk: Desk) -> None:
    async with console(desk) as running:
        await opened(running)
        await fill(running, **marvel(desk), timezone="America/Denver")
        await running.press("f6")
        await running.acts_done()
        assert running.front[-1] == "Dashboard"
        line = running.pane("districts").row
        assert getattr(line, "id", None) == "marvel-lake"
        [run] = history.runs(desk, "marvel-lake")
        assert run.preview
        assert run.state is RunState.HELD, "a first run waits for somebody"
        assert find_district(desk.home, "marvel-lake").timezone == "America/Denver"
        screen = await opened(running)
        assert screen.query_one("#field-name", Input).value == "", "the form is empty again"


async def test_what_cannot_be_added_is_told_and_nothing_is_lost(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(desk: Desk, typed: Any) -> None:
        raise Busy("somebody else is about to add marvel-lake.", remedy="Look again.")

    monkeypatch.setattr(district_forms, "add_typed", busy)
    async with console(desk) as running:
        screen = await opened(running)
        await fill(running, **marvel(desk))
        await running.press("f6")
        await running.acts_done()
        assert any("somebody else" in toast for toast in running.toasts)
        assert running.front[-1] == "AddDistrictScreen"
        assert screen.query_one("#field-name", Input).value == "Marvel Lake"
        assert "marvel-lake" not in {d.id for d in districts.districts(desk)}


async def test_the_buttons_do_what_the_keys_do(desk: Desk) -> None:
    async with console(desk) as running:
        screen = await opened(running)
        await fill(running, **marvel(desk))
        screen.query_one("#check").focus()
        await running.press("enter")
        await running.until(lambda: "all well" in running.text)
        screen.query_one("#add").focus()
        await running.press("enter")
        await running.acts_done()
        assert "marvel-lake" in {d.id for d in districts.districts(desk)}


async def test_a_read_only_desk_adds_nothing(read_only_desk: Desk) -> None:
    async with console(read_only_desk) as running:
        await running.press("N")
        assert running.front[-1] == "Dashboard"
        assert any("Add a district: not now" in toast for toast in running.toasts)
        form = AddDistrictScreen(read_only_desk, running.screen.draft, lambda district: None)
        await running.app.push_screen(form)
        await fill(running, **marvel(read_only_desk))
        form.query_one("#add").focus()
        await running.press("enter")
        assert any("Add and preview: not now" in toast for toast in running.toasts)
        assert not read_only_desk.home.district_file("marvel-lake").exists()


async def test_markup_in_what_is_typed_is_text(desk: Desk) -> None:
    async with console(replace(desk)) as running:
        await opened(running)
        await fill(running, name="[red]Bob[/red]", source__path="/srv/[b]x")
        await running.press("f5")
        await running.until(lambda: "1 failed" in running.text)
        assert "There is nothing at /srv/[b]x." in running.text
