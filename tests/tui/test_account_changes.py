"""What a run makes happen to accounts: counted in the preview, held, listed from what to what."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from rollbook.demo.days import next_day
from rollbook.demo.founding import make_district
from rollbook.demo.write import write_oneroster
from rollbook.desk.account_lists import account_changes
from rollbook.desk.account_views import AccountChangeFilter, AccountVerb
from rollbook.desk.decisions import approve, hold, holds
from rollbook.desk.desk import Desk
from rollbook.desk.districts import add_district
from rollbook.desk.history import run
from rollbook.desk.syncing import sync
from rollbook_tui.account_words import ACCOUNT_VERBS, MEANINGS
from rollbook_tui.dialogs.decide import Decide
from rollbook_tui.screens.account_changes import AccountChangesScreen
from tui.consoles import Console, console
from tui.deep.northfield import FRIDAY, ID, MONDAY, open_at
from tui.deep.shown import shown

HELD_RUN, HOLD = f"{ID}.2", f"{ID}.2.h1"
POLICY = """
[accounts.student]
username = ["{given.1}{family}{grad.2}"]
email = "{username}@northfield.example"
"""


@pytest.fixture(scope="module")
def renamed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the policy changed between two days: everybody would be renamed, and two
    newcomers get accounts."""
    home = tmp_path_factory.mktemp("accounts") / "home"
    desk = open_at(home, MONDAY)
    district = make_district(7, "Northfield", schools=2, students=60, first_day=date(2026, 8, 17))
    drop = write_oneroster(district, home / "drop")
    add_district(desk, ID, name=district.name, timezone="America/Chicago", path=drop)
    file = home / "districts" / f"{ID}.toml"
    text = file.read_text()
    file.write_text(text + POLICY)
    sync(desk, ID)
    for first in holds(desk, ID):
        approve(desk, first.id, confirm=first.count, reason="First sync, looked through.")
    desk.close()
    file.write_text(text + POLICY.replace("{given.1}{family}", "{family}{given.1}"))
    write_oneroster(next_day(district, days=4, arrivals=2), drop)
    desk = open_at(home, FRIDAY)
    sync(desk, ID)
    desk.close()
    return home


@pytest.fixture
def desk(renamed: Path, tmp_path: Path) -> Iterator[Desk]:
    """Dana's desk in a copy of that home."""
    desk = open_at(Path(shutil.copytree(renamed, tmp_path / "home")), FRIDAY)
    yield desk
    desk.close()


def test_everything_that_happens_to_an_account_has_its_words() -> None:
    assert set(ACCOUNT_VERBS) == set(MEANINGS) == set(AccountVerb)


async def test_the_preview_counts_accounts_and_the_hold_shows_the_first(desk: Desk) -> None:
    counts = run(desk, HELD_RUN).accounts.counts
    assert counts.keys() == {AccountVerb.RENAME, AccountVerb.CREATE}
    assert sum(counts.values()) == hold(desk, HOLD).count
    async with console(desk, (120, 50)) as running:
        await running.go_to("changesets", HELD_RUN)
        for verb, count in counts.items():
            assert f"{count} {MEANINGS[verb]} ! {count} held" in running.text
        assert "C lists them" in running.text
        await running.go_to("holds", HOLD)
        both, renames = sum(counts.values()), counts[AccountVerb.RENAME]
        assert f"~ {both} of {renames} accounts" in running.text
        (first, *_) = account_changes(desk, HELD_RUN).rows(0, 1)
        assert first.before is not None
        assert f"{first.before['username']} → {first.after['username']}" in running.text
        await running.press("a")
        await running.until(lambda: isinstance(running.app.screen, Decide))
        assert f"{counts[AccountVerb.CREATE]} created" in running.text
        await running.press("escape")
        await _lists_accounts(running, "enter")
        await running.go_to("changesets", HELD_RUN)
        await _lists_accounts(running, "C")


async def _lists_accounts(running: Console, key: str) -> None:
    await running.press(key)
    await running.until(lambda: isinstance(running.app.screen, AccountChangesScreen))
    await running.settle()
    assert "~ rename" in running.text
    await running.press("escape")


async def test_the_list_is_filtered_searched_and_exported(desk: Desk, tmp_path: Path) -> None:
    every = account_changes(desk, HELD_RUN)
    async with shown(AccountChangesScreen(desk, HELD_RUN)) as s:
        table = s.screen.table
        assert table.row_count == len(every)
        row = every.rows(0, 1)[0]
        assert row.before is not None
        for side in (row.before, row.after):
            assert f"{side['username']}@northfield.example" in s.text
        assert "! held" in s.text
        await s.press("c", "down", "enter")
        created = account_changes(desk, HELD_RUN, AccountChangeFilter(verb=AccountVerb.CREATE))
        assert table.row_count == len(created)
        assert "· created" in s.text
        newcomer = created.rows(0, 1)[0]
        await s.press("slash", *newcomer.label.split(",")[0].lower(), "enter")
        assert 0 < table.row_count <= len(created)
        await s.press("e")
        await s.until(lambda: s.front[-1] == "SaveAs")
        await s.write(str(tmp_path / "renames.csv"))
        await s.press("enter")
        await s.until(lambda: any("rows written" in toast for toast in s.toasts))
        with (tmp_path / "renames.csv").open(newline="") as file:
            written = list(csv.DictReader(file))
        assert len(written) == table.row_count
        assert written[0]["verb"] == "create"
        await s.press("escape", "enter")
        await s.until(lambda: s.toasts[-1].endswith("no longer.") or s.front[-1] == "PersonScreen")


async def test_nothing_found_says_how_to_get_out(desk: Desk) -> None:
    async with shown(AccountChangesScreen(desk, HELD_RUN, AccountChangeFilter(search="zzz"))) as s:
        assert "No account is like that." in s.text
        await s.press("enter")
        assert s.front[-1] == "AccountChangesScreen"
