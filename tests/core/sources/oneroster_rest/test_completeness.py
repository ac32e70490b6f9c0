"""A pull is whole, or it is refused: never a shorter roster (``safety.md``, 82 to 88)."""

from __future__ import annotations

from pathlib import Path

import pytest

from rollbook.errors import InputRefused, SourceUnreachable
from rollbook.roster.kinds import Kind
from rollbook.sources.oneroster_csv import read
from rollbook.sources.steadiness import TRIES
from servers.breaks import Break, Mode
from servers.oneroster_app import Served

from .pulled import HASTY, asked, everything, pulled


def refusal(north: Served, folder: Path, page_size: int = 10) -> InputRefused:
    asking = asked(north, page_size=page_size, parallel=1)
    with asking as source, pytest.raises(InputRefused) as refused:
        pulled(source, folder / "pulled")
    assert not (folder / "pulled" / "manifest.csv").exists()
    assert refused.value.remedy
    return refused.value


@pytest.mark.parametrize(
    ("mode", "page", "code", "where"),
    [
        (Mode.EMPTY, 1, "rows-missing", "limit=10&offset=0, page 1"),
        (Mode.EMPTY, 2, "rows-missing", "limit=10&offset=10, page 2"),
        (Mode.EMPTY, 3, "rows-missing", "limit=10&offset=20, page 3"),
        (Mode.LARGER_TOTAL, None, "rows-missing", "limit=3&offset=23, page 4"),
        (Mode.SMALLER_TOTAL, None, "rows-too-many", "limit=10&offset=10, page 2"),
        (Mode.WRONG_COUNT, 1, "rows-missing", "limit=10&offset=0"),
        (Mode.LARGER_TOTAL, 2, "total-changed", "limit=10&offset=10, page 2"),
        (Mode.DRIFTING_TOTAL, None, "total-changed", "limit=10&offset=10, page 2"),
        (Mode.NO_TOTAL, 2, "total-changed", "limit=10&offset=10, page 2"),
        (Mode.LOST_ROW, 2, "rows-repeated", "limit=10&offset=20, page 3"),
        (Mode.DUPLICATE_ROWS, 2, "rows-repeated", "limit=10&offset=20, page 3"),
        (Mode.TWO_STORIES, 2, "rows-repeated", "limit=10&offset=20, page 3"),
        (Mode.ENDLESS, None, "rows-repeated", "limit=10&offset=10, page 2"),
        (Mode.SHIFTED, None, "rows-missing", "limit=1&offset=22, page 4"),
        (Mode.OTHER_REVISION, 2, "revision-changed", "limit=10&offset=10, page 2"),
        (Mode.OTHER_REVISION, 3, "revision-changed", "limit=10&offset=20, page 3"),
    ],
)
def test_with_a_total(
    north: Served, mode: Mode, page: int | None, code: str, where: str, tmp_path: Path
) -> None:
    north.classlink = True
    north.breaks.plan(mode, "users", page=page)
    refused = refusal(north, tmp_path)
    assert (refused.code, refused.file) == (code, f"GET /users?{where}")
    assert len(north.breaks.pages("orgs")) == 2 * TRIES


@pytest.mark.parametrize(
    ("mode", "code"),
    [
        (Mode.ENDLESS, "rows-repeated"),
        (Mode.DUPLICATE_ROWS, "rows-repeated"),
        (Mode.TWO_STORIES, "rows-repeated"),
        (Mode.LOST_ROW, "rows-repeated"),
    ],
)
def test_without_a_total(north: Served, mode: Mode, code: str, tmp_path: Path) -> None:
    north.breaks.plan(Mode.NO_TOTAL)
    north.breaks.plan(mode, "users", page=None if mode is Mode.ENDLESS else 2)
    assert refusal(north, tmp_path).code == code


def test_without_a_total_a_list_ends_with_an_empty_page(north: Served, tmp_path: Path) -> None:
    north.breaks.plan(Mode.NO_TOTAL)
    with asked(north, page_size=10) as source:
        pulled(source, tmp_path / "pulled")
    assert north.breaks.pages("users") == [1, 2, 3, 3, 3, 1, 3]


def test_an_empty_page_after_a_cut_one_is_no_proof(north: Served, tmp_path: Path) -> None:
    """The server sends fewer rows than were asked for, and then none, in the middle."""
    north.breaks.plan(Mode.NO_TOTAL)
    north.breaks.plan(Mode.CUT_LIMIT)
    north.breaks.plan(Mode.EMPTY, "users", page=2)
    assert refusal(north, tmp_path).code == "rows-missing"


def test_an_empty_page_after_a_full_one_is_no_proof(north: Served, tmp_path: Path) -> None:
    """The server loses its thread once on page 2: it looks as if the list ended there."""
    north.breaks.plan(Mode.NO_TOTAL)
    north.breaks.plan(Mode.EMPTY, "users", page=2)
    assert refusal(north, tmp_path).code == "rows-missing"
    north.breaks.planned.pop()
    north.breaks.plan(Mode.EMPTY, "users", page=2, times=1)
    with asked(north, page_size=10) as source:
        found = pulled(source, tmp_path / "again")
    assert found.records == everything(read(tmp_path / "set"))


def test_a_full_last_page_without_a_total(north: Served, tmp_path: Path) -> None:
    north.objects["users"] = north.objects["users"][:20]
    north.breaks.plan(Mode.NO_TOTAL)
    with asked(north, page_size=10, lists=("orgs", "users")) as source:
        found = pulled(source, tmp_path / "pulled")
    assert len(found.roster.records[Kind.USER]) == 20


def test_a_row_that_came_while_the_list_was_read(north: Served, tmp_path: Path) -> None:
    """Whoever is new stands before others; one person leaves. The total is as it was."""
    users = north.objects["users"]

    def move(path: str) -> None:
        if path == "users" and north.breaks.pages("users") == [1, 2, 3]:
            users.insert(0, users[0] | {"sourcedId": "new"})
            users.pop()

    north.breaks.meanwhile = move
    with asked(north, page_size=10, parallel=1) as source:
        found = pulled(source, tmp_path / "pulled")
    assert "new" in found.records[Kind.USER]


def test_rows_that_move_every_time_are_refused(north: Served, tmp_path: Path) -> None:
    """Somebody is taken out of the middle and somebody comes at the end, again and again."""
    users = north.objects["users"]

    def move(path: str) -> None:
        if path == "users" and north.breaks.pages("users")[-1] == 3:
            users.append(users.pop(12) | {"sourcedId": f"new-{len(north.breaks.seen)}"})

    north.breaks.meanwhile = move
    assert refusal(north, tmp_path).code in ("rows-moved", "rows-repeated")


@pytest.mark.parametrize("page", [1, 2])
def test_it_is_pulled_anew_when_it_was_unsteady_once(
    north: Served, page: int, tmp_path: Path
) -> None:
    north.breaks.plan(Mode.LARGER_TOTAL, "users", page=page, times=1)
    with asked(north, page_size=10) as source:
        found = pulled(source, tmp_path / "pulled")
    assert found.records == everything(read(tmp_path / "set"))
    assert found.findings == ()
    assert north.breaks.pages("orgs") == [1] * 4


@pytest.mark.parametrize("times", [TRIES - 1, TRIES])
def test_a_revision_that_changes(north: Served, times: int, tmp_path: Path) -> None:
    """ClassLink's data moves on in the middle of so many pulls."""
    north.classlink = True
    north.breaks.plan(Mode.OTHER_REVISION, "enrollments", page=1, times=times)
    if times == TRIES:
        assert refusal(north, tmp_path).code == "revision-changed"
    else:
        with asked(north, page_size=10) as source:
            found = pulled(source, tmp_path / "pulled")
        assert found.records == everything(read(tmp_path / "set"))


def test_the_wrong_service_is_refused_at_once(north: Served, tmp_path: Path) -> None:
    north.breaks.plan(Mode.NO_LIST, "courses")
    refused = refusal(north, tmp_path)
    assert refused.code == "no-list"
    assert len(north.breaks.pages("courses")) == 1


def test_a_login_page_is_refused(north: Served, tmp_path: Path) -> None:
    north.breaks.plan(Mode.LOGIN_PAGE, "courses")
    assert refusal(north, tmp_path).code == "http-not-json"


@pytest.mark.parametrize("name", ["orgs", "users"])
def test_nobody_and_nowhere_is_refused(north: Served, name: str, tmp_path: Path) -> None:
    north.objects[name] = []
    refused = refusal(north, tmp_path)
    assert (refused.code, refused.file) == ("empty-list", f"GET /{name}")


@pytest.mark.parametrize("mode", [Mode.FAILS, Mode.RESET, Mode.BUSY])
def test_a_page_that_never_comes(north: Served, mode: Mode, tmp_path: Path) -> None:
    north.breaks.plan(mode, "users", page=3)
    asking = asked(north, page_size=3, http=HASTY)
    with asking as source, pytest.raises((SourceUnreachable, InputRefused)):
        pulled(source, tmp_path / "pulled")
    assert not (tmp_path / "pulled" / "manifest.csv").exists()


def test_links_that_are_no_offsets_are_followed(north: Served, tmp_path: Path) -> None:
    north.cursors = True
    with asked(north, page_size=10) as source:
        found = pulled(source, tmp_path / "pulled")
    assert found.records == everything(read(tmp_path / "set"))


def test_links_that_end_before_the_total_are_no_proof(north: Served, tmp_path: Path) -> None:
    north.cursors = True
    north.breaks.plan(Mode.LARGER_TOTAL, "users")
    assert refusal(north, tmp_path).code == "rows-missing"


def by_links_alone(north: Served) -> None:
    """No totals, no offsets: pages are told by links that are not made of them."""
    north.cursors = True
    north.breaks.plan(Mode.NO_TOTAL)


@pytest.mark.parametrize("page_size", [10, 1000])
def test_links_alone_lead_to_all_there_is(north: Served, page_size: int, tmp_path: Path) -> None:
    """With pages of 1000 every list has one page only, and some have one row only."""
    by_links_alone(north)
    with asked(north, page_size=page_size) as source:
        found = pulled(source, tmp_path / "pulled")
    assert found.records == everything(read(tmp_path / "set"))


@pytest.mark.parametrize("page_size", [10, 1000])
def test_a_page_without_a_link_of_a_server_that_knows_none_is_no_proof(
    north: Served, page_size: int, tmp_path: Path
) -> None:
    by_links_alone(north)
    north.breaks.plan(Mode.NO_NEXT)
    refused = refusal(north, tmp_path, page_size)
    assert (refused.code, "page 1" in str(refused.file)) == ("rows-repeated", True)
    assert "neither tells a total nor leads on by links" in refused.message


def test_a_single_row_is_doubtful_where_no_list_is_led_by_links(
    north: Served, tmp_path: Path
) -> None:
    by_links_alone(north)
    north.objects = {name: rows[:1] for name, rows in north.objects.items()}
    refused = refusal(north, tmp_path, 1000)
    assert refused.file == "GET /orgs?limit=1000&offset=0, page 1"


def test_a_link_that_was_lost_once_is_noticed(north: Served, tmp_path: Path) -> None:
    """The links end after page 2, though there are three."""
    by_links_alone(north)
    north.breaks.plan(Mode.NO_NEXT, "users", times=1)

    def later(path: str) -> None:
        users = north.breaks.pages("users")
        north.breaks.planned[-1].times = 1 if len(users) == 2 else 0

    north.breaks.meanwhile = later
    with asked(north, page_size=10) as source:
        found = pulled(source, tmp_path / "pulled")
    assert found.records == everything(read(tmp_path / "set"))
    assert len(north.breaks.pages("orgs")) > 2


def test_a_total_of_nothing_beside_rows_is_refused(north: Served, tmp_path: Path) -> None:
    """A total of 0 is one; none is another thing."""
    north.breaks.plan(Mode.ZERO_TOTAL, "users", page=1)
    assert refusal(north, tmp_path).code == "rows-too-many"


@pytest.mark.parametrize("cursors", [True, False])
def test_a_total_of_zero_is_not_none(north: Served, cursors: bool, tmp_path: Path) -> None:
    """Every other page of the users tells a total of nothing, and the first one none."""
    north.cursors = cursors

    def in_turn(path: str) -> None:
        odd = len(north.breaks.pages("users")) % 2
        north.breaks.planned[:] = [Break(Mode.NO_TOTAL if odd else Mode.ZERO_TOTAL, "users")]

    north.breaks.meanwhile = in_turn
    refused = refusal(north, tmp_path)
    assert (refused.code, "users" in str(refused.file)) == ("total-changed", True)
