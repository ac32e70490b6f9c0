"""Deciding about held deletions: what is asked, what confirms, and what came of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.widgets import Button, Input

import rollbook_tui.dialogs.dialog
from rollbook.desk import decisions
from rollbook.desk.decisions import hold, holds
from rollbook.desk.desk import Desk
from rollbook.desk.districts import district
from rollbook.desk.views import HoldState, HoldView, Kind, RunView
from rollbook.errors import Stale
from rollbook_tui.acts.deciding import moved_on
from rollbook_tui.dialogs.choose import Choose
from rollbook_tui.dialogs.decide import Decide
from rollbook_tui.messages import JobEnded, JobStarted
from tui.consoles import Console, console


def light(desk: Desk) -> HoldView:
    """A held deletion that yes or no decides."""
    return next(h for h in holds(desk) if h.rung == 1 and h.verb and h.district == "northfield")


def grave(desk: Desk) -> HoldView:
    """One that wants its number typed."""
    return next(h for h in holds(desk) if h.rung == 2)


async def ask(running: Console, wanted: HoldView, key: str = "a") -> Decide:
    """Open the question about a hold."""
    await running.go_to("holds", wanted.id)
    await running.press(key)
    await running.until(lambda: isinstance(running.app.screen, Decide))
    await running.settle()
    question = running.app.screen
    assert isinstance(question, Decide)
    return question


async def test_the_question_names_number_school_district_and_rule(desk: Desk) -> None:
    wanted = light(desk)
    async with console(desk, (120, 36)) as running:
        await ask(running, wanted)
        for words in (
            f"Approve the removal of {wanted.count} students",
            f"of {wanted.base}",
            wanted.school_name,
            district(desk, wanted.district).summary.name,
            f"Rule {wanted.rule}",
            f"Approve {wanted.count}",
        ):
            assert words in running.text


async def test_focus_is_on_no_and_enter_approves_nothing(desk: Desk) -> None:
    wanted = light(desk)
    async with console(desk) as running:
        await ask(running, wanted)
        assert running.app.focused is not None
        assert running.app.focused.id == "no"
        await running.press("enter")
        assert running.app.screen is running.screen
        assert hold(desk, wanted.id).state is HoldState.OPEN


@pytest.mark.parametrize("key", ["escape", "n"])
async def test_escape_and_n_are_no(desk: Desk, key: str) -> None:
    wanted = light(desk)
    async with console(desk) as running:
        await ask(running, wanted)
        await running.press(key)
        assert running.app.screen is running.screen
        assert not running.said(JobStarted)
        assert hold(desk, wanted.id).state is HoldState.OPEN


async def test_the_key_that_opens_never_confirms(desk: Desk) -> None:
    wanted = light(desk)
    async with console(desk) as running:
        await ask(running, wanted)
        await running.press("a", "a", "a")
        assert isinstance(running.app.screen, Decide)
        assert hold(desk, wanted.id).state is HoldState.OPEN


async def test_without_a_reason_there_is_no_approval(desk: Desk) -> None:
    wanted = light(desk)
    async with console(desk) as running:
        question = await ask(running, wanted)
        assert question.query_one("#yes", Button).disabled
        await running.press("y")
        assert isinstance(running.app.screen, Decide)
        assert "Give a reason" in running.text
        assert question.query_one("#reason", Input).has_focus
        question.query_one("#reason", Input).focus()
        await running.pilot.press("space", "enter")
        assert question.query_one("#yes", Button).disabled


async def test_approving_takes_the_removals_out_and_says_so(desk: Desk) -> None:
    wanted = light(desk)
    before = district(desk, wanted.district).counts[Kind.USER]
    async with console(desk) as running:
        question = await ask(running, wanted)
        question.query_one("#reason", Input).focus()
        await running.pilot.press(*"They moved away")
        question.query_one("#yes", Button).focus()
        await running.press("enter")
        await running.acts_done()
        assert [m.job.decides for m in running.said(JobStarted)] == [True]
        assert len(running.said(JobEnded)) == 1
        assert running.toasts
        await running.until(
            lambda: wanted.id not in {h.id for h in running.pane("holds").rows}  # type: ignore[attr-defined]
        )
    decided = hold(desk, wanted.id)
    assert decided.state is HoldState.APPROVED
    assert decided.reason == "They moved away"
    assert decided.decided_by == "dana.kim"
    assert district(desk, wanted.district).counts[Kind.USER] < before


async def test_a_grave_one_wants_its_number_exactly(desk: Desk) -> None:
    wanted = grave(desk)
    async with console(desk, (120, 36)) as running:
        question = await ask(running, wanted)
        number = question.query_one("#number", Input)
        yes = question.query_one("#yes", Button)
        question.query_one("#reason", Input).value = "The year has turned"
        for wrong in ("", str(wanted.count + 1), f"{wanted.count}0", "all", f"-{wanted.count}"):
            number.value = wrong
            await running.pilot.pause()
            assert yes.disabled, wrong
            await running.press("y")
            assert isinstance(running.app.screen, Decide), wrong
        number.value = str(wanted.count)
        await running.pilot.pause()
        assert not yes.disabled
        yes.focus()
        await running.press("enter")
        await running.acts_done()
        assert "1 of 2 approvals" in running.toasts[-1]
        assert "Wants 2 people: 1 of 2, dana.kim." in running.text
    assert hold(desk, wanted.id).state is HoldState.OPEN


async def test_the_second_person_lets_it_through(desk: Desk) -> None:
    wanted = grave(desk)
    other = replace(desk, operator="b.whitehorse")
    decisions.approve(other, wanted.id, confirm=wanted.count, reason="x")
    async with console(desk) as running:
        question = await ask(running, hold(desk, wanted.id))
        assert "Wants 2 people: 1 of 2, b.whitehorse." in running.text
        question.query_one("#reason", Input).value = "The year has turned"
        question.query_one("#number", Input).value = str(wanted.count)
        await running.press("y")
        await running.acts_done()
    assert hold(desk, wanted.id).state is HoldState.APPROVED


async def test_what_was_decided_elsewhere_is_not_decided_again(
    desk: Desk,
) -> None:
    wanted = light(desk)
    async with console(desk) as running:
        question = await ask(running, wanted)
        decisions.reject(desk, wanted.id, reason="Decided on the command line.")
        question.query_one("#reason", Input).value = "Too late"
        await running.pilot.pause()
        question.query_one("#yes", Button).focus()
        await running.press("enter")
        await running.acts_done()
        assert any("has moved on: nothing was done" in toast for toast in running.toasts)
        assert wanted.id not in {h.id for h in running.pane("holds").rows}  # type: ignore[attr-defined]
    assert hold(desk, wanted.id).state is HoldState.REJECTED


async def test_a_newer_number_is_shown_beside_the_old_one(desk: Desk) -> None:
    wanted = light(desk)
    seen = replace(wanted, id="northfield.1.h9", count=wanted.count + 3)
    async with console(desk) as running:
        await moved_on(running.screen, seen, Stale("a newer snapshot took its place."))
        said = " ".join(running.toasts)
        assert f"It was {seen.count}, it is {wanted.count} students now ({wanted.id})" in said


async def test_rejecting_asks_why_and_applies_nothing(desk: Desk) -> None:
    wanted = light(desk)
    before = district(desk, wanted.district).counts
    async with console(desk) as running:
        question = await ask(running, wanted, "x")
        question.query_one("#reason", Input).value = "The file was short"
        await running.pilot.pause()
        question.query_one("#yes", Button).focus()
        await running.press("enter")
        await running.acts_done()
    assert hold(desk, wanted.id).state is HoldState.REJECTED
    assert district(desk, wanted.district).counts == before


async def test_snoozing_keeps_it_held(desk: Desk) -> None:
    wanted = light(desk)
    async with console(desk) as running:
        await running.go_to("holds", wanted.id)
        await running.press("n")
        await running.until(lambda: isinstance(running.app.screen, Choose))
        await running.press("down", "enter")
        await running.acts_done()
        assert running.pane("holds").rows[-1].id == wanted.id  # type: ignore[attr-defined]
    snoozed = hold(desk, wanted.id)
    assert snoozed.state is HoldState.SNOOZED
    assert snoozed.snoozed_until is not None
    assert (snoozed.snoozed_until - desk.clock()).total_seconds() == 4 * 3600


async def test_the_question_for_how_long_says_until_when(desk: Desk) -> None:
    async with console(desk) as running:
        await running.go_to("holds", light(desk).id)
        await running.press("n")
        await running.until(lambda: isinstance(running.app.screen, Choose))
        await running.settle()
        assert "1 hour" in running.text
        assert "Mon 17 Aug 12:40 UTC" in running.text
        assert "Tue 18 Aug 11:40 UTC" in running.text


async def test_marked_ones_are_decided_together_but_never_a_grave_one(desk: Desk) -> None:
    async with console(desk, (120, 36)) as running:
        together = [h.id for h in holds(desk) if h.rung == 1 and h.verb][:2]
        await running.mark("holds", *together)
        await running.press("a")
        await running.until(lambda: isinstance(running.app.screen, Decide))
        assert "Approve 2 held deletions" in running.text
        await running.press("escape")
        await running.mark("holds", grave(desk).id)
        await running.press("a")
        assert running.app.screen is running.screen
        assert any("wants its number typed" in toast for toast in running.toasts)


async def test_in_another_pane_the_key_says_where_to_go(desk: Desk) -> None:
    async with console(desk) as running:
        await running.press("a")
        assert running.app.screen is running.screen
        assert running.toasts == [
            "Approve: not now: Choose a held deletion first: press 3 and go to its line."
        ]


async def test_a_question_that_just_opened_takes_no_key(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = [100.0]
    monkeypatch.setattr(rollbook_tui.dialogs.dialog, "DEAF_SECONDS", 0.25)
    monkeypatch.setattr(rollbook_tui.dialogs.dialog, "monotonic", lambda: moments[0])
    wanted = light(desk)
    async with console(desk) as running:
        question = await ask(running, wanted)
        moments[0] = 100.24
        await running.press("n", "escape", "tab")
        assert running.app.screen is question
        assert running.app.focused is not None
        assert running.app.focused.id == "no"
        moments[0] = 100.26
        await running.press("n")
        assert running.front[-1] == "Dashboard"


@pytest.mark.parametrize("opener", ["colon", "ctrl+p"])
async def test_what_is_typed_ahead_into_the_palette_is_not_lost(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, opener: str
) -> None:
    monkeypatch.setattr(rollbook_tui.dialogs.dialog, "DEAF_SECONDS", 0.25)
    monkeypatch.setattr(rollbook_tui.dialogs.dialog, "monotonic", lambda: 100.0)
    async with console(desk) as running:
        await running.pilot.press(opener, opener, *"pass")
        assert isinstance(running.app.focused, Input)
        assert running.app.focused.value == "pass"


async def test_what_was_seen_is_what_is_approved(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = light(desk)
    seen: list[tuple[object, ...]] = []
    real = decisions.approve

    def noting(
        desk: Desk, hold_id: str, *, confirm: int, reason: str, digest: str | None = None
    ) -> RunView:
        seen.append((hold_id, confirm, digest, reason))
        return real(desk, hold_id, confirm=confirm, reason=reason, digest=digest)

    monkeypatch.setattr(decisions, "approve", noting)
    async with console(desk) as running:
        question = await ask(running, wanted)
        question.query_one("#reason", Input).value = "  Confirmed by the office  "
        await running.pilot.pause()
        question.query_one("#yes", Button).focus()
        await running.press("enter")
        await running.acts_done()
    assert seen == [(wanted.id, wanted.count, wanted.digest, "Confirmed by the office")]


async def test_a_read_only_desk_decides_nothing(read_only_desk: Desk) -> None:
    wanted = light(read_only_desk)
    async with console(read_only_desk) as running:
        assert "READ-ONLY" in running.lines[0]
        await running.go_to("holds", wanted.id)
        await running.press("a", "x", "n")
        assert running.front[-1] == "Dashboard"
        assert len(running.toasts) == 3
        assert all("read-only" in toast for toast in running.toasts)
        assert not running.said(JobStarted)
