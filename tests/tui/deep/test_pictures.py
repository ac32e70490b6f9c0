"""How the deep screens look, in the smallest window and in a wide one, beside the screenshots.

After a change that is meant: ``pytest tests/tui/deep/test_pictures.py --snapshot-update``, and
look at the pictures.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from syrupy.assertion import SnapshotAssertion

from rollbook.desk.desk import Desk
from rollbook.desk.people import duplicates, person
from rollbook.desk.views import ChangeFilter
from rollbook_tui.screens.activity import ActivityScreen
from rollbook_tui.screens.base import ConsoleScreen
from rollbook_tui.screens.changes import ChangesScreen
from rollbook_tui.screens.duplicates import DuplicatesScreen
from rollbook_tui.screens.merge import MergeScreen
from rollbook_tui.screens.person import PersonScreen
from tui.deep.northfield import HELD_RUN, HOLD, ID
from tui.deep.shown import shown
from tui.pictures import SvgPicture, picture

Make = Callable[[Desk], ConsoleScreen]

SMALL, WIDE = (80, 24), (120, 36)


@pytest.fixture
def svg(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Compares with the picture of the test's name."""
    return snapshot.use_extension(SvgPicture)


def changes(desk: Desk) -> ConsoleScreen:
    return ChangesScreen(desk, HELD_RUN, ChangeFilter(hold=HOLD))


def all_changes(desk: Desk) -> ConsoleScreen:
    return ChangesScreen(desk, HELD_RUN)


def merge(desk: Desk) -> ConsoleScreen:
    pair = duplicates(desk, ID)[0]
    return MergeScreen(desk, ID, pair.a, pair.b)


def card(desk: Desk) -> ConsoleScreen:
    return PersonScreen(desk, ID, person(desk, ID, duplicates(desk, ID)[0].a).id)


def pairs(desk: Desk) -> ConsoleScreen:
    return DuplicatesScreen(desk, ID)


def activity(desk: Desk) -> ConsoleScreen:
    return ActivityScreen(desk, ID)


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["small", "wide"])
@pytest.mark.parametrize("make", [changes, card, pairs, activity], ids=lambda make: make.__name__)
async def test_screen(
    northfield: Desk, make: Make, size: tuple[int, int], svg: SnapshotAssertion
) -> None:
    async with shown(make(northfield), size) as s:
        assert picture(s.app) == svg


@pytest.mark.parametrize(
    ("make", "keys", "front"),
    [
        pytest.param(all_changes, ["s"], "Choose", id="school"),
        pytest.param(all_changes, ["j", "space", "v", "j", "j"], "ChangesScreen", id="marking"),
        pytest.param(merge, ["space", "m"], "Decide", id="merging"),
        pytest.param(pairs, ["x"], "Confirm", id="two-people"),
    ],
)
async def test_question(
    northfield: Desk, make: Make, keys: list[str], front: str, svg: SnapshotAssertion
) -> None:
    async with shown(make(northfield), SMALL) as s:
        await s.press(*keys)
        await s.until(lambda: s.front[-1] == front)
        await s.settle()
        assert picture(s.app) == svg


@pytest.mark.parametrize("make", [changes, merge], ids=lambda make: make.__name__)
async def test_without_colours(
    northfield: Desk, make: Make, svg: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with shown(make(northfield), SMALL) as s:
        await s.press("j")
        assert picture(s.app) == svg
