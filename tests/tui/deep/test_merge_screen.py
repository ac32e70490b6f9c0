"""Two people side by side, made one."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Button, Input

from rollbook.desk import people
from rollbook.desk.desk import Desk
from rollbook.desk.people import duplicates, merge_preview, merges, person
from rollbook.desk.views import MergePreview
from rollbook.errors import ConfigInvalid, Stale
from rollbook_tui.screens.merge import MergeScreen
from rollbook_tui.widgets.merge_lines import FOLLOW_THE_SURVIVOR, merge_lines
from tui.deep.northfield import FRIDAY, ID, open_at
from tui.deep.shown import Shown, shown


@pytest.fixture
def pair(northfield: Desk) -> tuple[str, str]:
    found = duplicates(northfield, ID)[0]
    return found.a, found.b


@pytest.fixture
def screen(northfield: Desk, pair: tuple[str, str]) -> MergeScreen:
    return MergeScreen(northfield, ID, *pair)


@pytest.fixture
def preview(northfield: Desk, pair: tuple[str, str]) -> MergePreview:
    return merge_preview(northfield, ID, *pair)


def at(s: Shown[MergeScreen], name: str) -> int:
    """Where the line of that name is."""
    names = [line.name for i in range(99) if (line := s.screen.table.row_at(i)) is not None]
    return names.index(name)


async def confirm(s: Shown[MergeScreen], reason: str) -> None:
    await s.press("m")
    await s.until(lambda: s.front[-1] == "Decide")
    s.app.screen.query_one("#reason", Input).value = reason
    await s.press("y")


async def test_the_two_stand_side_by_side(screen: MergeScreen, preview: MergePreview) -> None:
    async with shown(screen, (120, 36)) as s:
        text = s.text
        assert "survives" in text
        assert "becomes part of it" in text
        for one in (preview.keep, preview.lose):
            assert one.id in text
            assert str((one.demographics or {}).get("birth_date")) in text
            assert f"{len(one.enrollments)} classes" in text
        assert preview.keep.school_name in text
        assert "; ".join(label for _, label, _ in preview.keep.guardians)[:24] in text


async def test_the_cursor_begins_on_the_first_value_to_choose(
    screen: MergeScreen, preview: MergePreview
) -> None:
    async with shown(screen) as s:
        line = s.screen.table.current
        assert line is not None
        assert line.field == preview.fields[0]
        assert f"● {line.keep}" in s.text
        assert f"○ {line.lose}" in s.text


@pytest.mark.parametrize("keys", [["right"], ["l"], ["space"], ["right", "left", "space"]])
async def test_a_value_of_the_other_is_taken(screen: MergeScreen, keys: list[str]) -> None:
    async with shown(screen) as s:
        before = s.screen.table.current
        await s.press(*keys)
        after = s.screen.table.current
        assert before is not None
        assert after == replace(before, source="lose")
        assert f"○ {before.keep}" in s.text
        assert f"● {before.lose}" in s.text


async def test_the_left_one_is_taken_back(screen: MergeScreen) -> None:
    async with shown(screen) as s:
        before = s.screen.table.current
        await s.press("space", "left")
        assert s.screen.table.current == before


async def test_a_line_without_a_choice_says_so(screen: MergeScreen) -> None:
    async with shown(screen) as s:
        await s.press("g", "space")
        assert any("comes along as it is" in toast for toast in s.toasts)


async def test_what_is_offered_can_be_chosen_at_the_desk(
    northfield: Desk, preview: MergePreview
) -> None:
    offered = {x.field.field for x in merge_lines(preview, {}) if x.field is not None}
    chosen = merge_preview(
        northfield, ID, preview.keep.id, preview.lose.id, choices=dict.fromkeys(offered, "lose")
    )
    assert {field.field for field in chosen.fields if field.source == "lose"} == offered
    for field in FOLLOW_THE_SURVIVOR:
        with pytest.raises(ConfigInvalid):
            merge_preview(northfield, ID, preview.keep.id, preview.lose.id, choices={field: "lose"})


async def test_swapping_lets_the_other_survive(screen: MergeScreen, pair: tuple[str, str]) -> None:
    async with shown(screen) as s:
        await s.press("space", "s")
        line = s.screen.table.row_at(at(s, "id"))
        assert line is not None
        assert (line.keep, line.lose) == (pair[1], pair[0])
        current = s.screen.table.current
        assert current is not None
        assert current.source == "keep", "a choice made before the swap is let go of"


async def test_it_says_what_will_happen(screen: MergeScreen, preview: MergePreview) -> None:
    async with shown(screen, (120, 36)) as s:
        assert all(f"! {warning}" in s.text for warning in preview.warnings)
        assert f"{preview.lose.id} stays known as another id of {preview.keep.id}." in s.text


async def test_merging_asks_with_the_focus_on_no_and_takes_the_choices(
    northfield: Desk, screen: MergeScreen, preview: MergePreview
) -> None:
    field = preview.fields[0]
    async with shown(screen) as s:
        await s.press("space", "m")
        await s.until(lambda: s.front[-1] == "Decide")
        assert isinstance(s.app.focused, Button)
        assert s.app.focused.id == "no"
        assert f"From the other record: {field.field.replace('_', ' ')}." in s.text
        await s.press("n")
        assert len(merges(northfield)) == 1
        await confirm(s, "Entered twice.")
        await s.until(lambda: s.front[-1] == "Dashboard")
        assert any("merged" in toast for toast in s.toasts)
    made = merges(northfield)[-1]
    assert (made.keep, made.lose) == (preview.keep.id, preview.lose.id)
    assert made.reason == "Entered twice."
    assert person(northfield, ID, preview.keep.id).values[field.field] == field.lose


async def test_the_key_that_opens_the_question_does_not_answer_it(
    northfield: Desk, screen: MergeScreen
) -> None:
    async with shown(screen) as s:
        await s.press("m")
        await s.until(lambda: s.front[-1] == "Decide")
        await s.press("m", "m")
        assert s.front[-1] == "Decide"
    assert len(merges(northfield)) == 1


async def test_a_pair_that_changed_meanwhile_is_shown_again(
    screen: MergeScreen, preview: MergePreview, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = replace(preview, keep=replace(preview.keep, version=preview.keep.version + 1))
    async with shown(screen) as s:
        monkeypatch.setattr(people, "merge_preview", lambda *args, **kwargs: newer)
        await s.press("m")
        await s.until(lambda: bool(s.toasts))
        assert any("changed since you looked" in toast for toast in s.toasts)
        assert s.front[-1] == "MergeScreen"
        await s.press("m")
        await s.until(lambda: s.front[-1] == "Decide")


async def test_a_change_during_the_question_is_refused_and_read_again(
    northfield: Desk, screen: MergeScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stale(*args: object, **kwargs: object) -> None:
        raise Stale("the two people have changed since you looked.", remedy="Look again.")

    async with shown(screen) as s:
        monkeypatch.setattr(people, "merge", stale)
        await confirm(s, "Entered twice.")
        await s.until(lambda: bool(s.toasts))
        assert s.toasts == ["Stale: the two people have changed since you looked. Look again."]
        await s.until(lambda: s.front[-1] == "MergeScreen")
    assert len(merges(northfield)) == 1


async def test_exactly_what_was_seen_is_merged(
    screen: MergeScreen, preview: MergePreview, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, object] = {}
    real = people.merge

    def noted(desk: Desk, *args: str, **kwargs: object) -> object:
        asked.update(kwargs)
        return real(desk, *args, **kwargs)  # type: ignore[arg-type]

    async with shown(screen) as s:
        monkeypatch.setattr(people, "merge", noted)
        await confirm(s, "Entered twice.")
        await s.until(lambda: bool(asked))
    assert asked["token"] == preview.token


async def test_a_merge_goes_on_when_the_screen_is_left(
    northfield: Desk, screen: MergeScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()
    real = people.merge

    def slow(desk: Desk, *args: str, **kwargs: object) -> object:
        assert released.wait(20)
        return real(desk, *args, **kwargs)  # type: ignore[arg-type]

    async with shown(screen) as s:
        monkeypatch.setattr(people, "merge", slow)
        await confirm(s, "Entered twice.")
        await s.until(lambda: bool(s.app.jobs))
        assert "merging" in s.text
        await s.press("escape")
        assert s.front[-1] == "Dashboard"
        released.set()
        await s.until(lambda: bool(s.toasts))
        assert "merged" in s.toasts[0]
        assert s.front[-1] == "Dashboard"
    assert len(merges(northfield)) == 2


async def test_the_two_are_told_apart(northfield: Desk, screen: MergeScreen) -> None:
    found = len(duplicates(northfield, ID))
    async with shown(screen) as s:
        await s.press("x")
        await s.until(lambda: s.front[-1] == "Confirm")
        await s.press("y")
        await s.until(lambda: s.front[-1] == "Dashboard")
    assert len(duplicates(northfield, ID)) == found - 1


async def test_a_desk_that_may_not_write_says_why(home: Path, pair: tuple[str, str]) -> None:
    desk = open_at(home, FRIDAY, read_only=True)
    async with shown(MergeScreen(desk, ID, *pair)) as s:
        await s.press("m", "x")
        assert s.front[-1] == "MergeScreen"
        assert len(s.toasts) == 2
        await s.press("space")
        line = s.screen.table.current
        assert line is not None
        assert line.source == "lose", "looking what would happen is no writing"
    desk.close()
