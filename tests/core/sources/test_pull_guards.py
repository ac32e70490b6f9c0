"""Every guard of a pull, broken on purpose, is caught by what it is for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.mutation import Mutant
from core.small_sis import small_sis
from core.sources.clever_api import pulled as by_clever
from core.sources.oneroster_rest import pulled as by_rest
from rollbook.errors import InputRefused
from rollbook.roster.kinds import Kind
from rollbook.sources.clever_api import events
from rollbook.sources.http.client import open_client
from rollbook.sources.oneroster_csv import read
from rollbook.sources.oneroster_rest import gone
from servers import clever_app
from servers.breaks import Mode
from servers.clever_app import CleverDistrict, clever_district
from servers.oneroster_app import Served, served
from servers.served_sis import tables

Check = Callable[[Path], None]

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def north(folder: Path) -> Served:
    """Twenty-three people, on three pages of ten."""
    return served(tables(small_sis(1, 10), folder / "set"), "1.1", classlink=True)


def clever(folder: Path) -> CleverDistrict:
    """The same people."""
    return clever_district(tables(small_sis(1, 10), folder / "set"))


def refused(district: Served, folder: Path, code: str, where: str = "") -> None:
    """The pull has to be refused for that, there."""
    with by_rest.asked(district, page_size=10, parallel=1) as source:
        with pytest.raises(InputRefused) as caught:
            by_rest.pulled(source, folder / "pulled")
        assert caught.value.code == code
        assert where in str(caught.value.file)


def users_with(code: str, *modes: Mode, page: int | None = None, where: str = "") -> Check:
    """A check that a pull is refused when this goes wrong with the list of users."""

    def check(folder: Path) -> None:
        district = north(folder)
        for mode in modes:
            only = None if mode is Mode.NO_TOTAL else page
            district.breaks.plan(mode, "users", page=only)
        refused(district, folder, code, where)

    return check


def somebody_leaves_and_somebody_comes(folder: Path) -> None:
    """All pages have other people then than they had, and the total is as it was."""
    district = north(folder)
    users = district.objects["users"]

    def move(path: str) -> None:
        if path == "users" and district.breaks.pages("users")[-2:] == [1, 2]:
            users.append(users.pop(0) | {"sourcedId": f"new-{len(district.breaks.seen)}"})

    district.breaks.meanwhile = move
    refused(district, folder, "rows-moved")


def a_list_that_never_ends(folder: Path) -> None:
    district = north(folder)
    district.breaks.plan(Mode.NO_TOTAL, "users")
    district.breaks.plan(Mode.ENDLESS, "users", page=3)
    refused(district, folder, "rows-repeated", "page 3")


def by_links_alone(folder: Path) -> Served:
    """A server without totals that knows no offsets."""
    district = north(folder)
    district.cursors = True
    district.breaks.plan(Mode.NO_TOTAL)
    return district


def links_alone_that_end_too_soon(folder: Path) -> None:
    district = by_links_alone(folder)
    district.breaks.plan(Mode.NO_NEXT, "users")
    refused(district, folder, "rows-repeated", "GET /users")


def a_server_that_cuts_every_page_to_one_size(folder: Path) -> None:
    district = by_links_alone(folder)
    district.breaks.plan(Mode.NO_NEXT)
    district.breaks.plan(Mode.ALWAYS_SEVEN)
    refused(district, folder, "rows-repeated", "GET /orgs")


def a_link_that_is_lost_once(folder: Path) -> None:
    """The links end after page 2 of 3, and go on when that is asked for again."""
    district = by_links_alone(folder)
    district.breaks.plan(Mode.NO_NEXT, "users", times=1)

    def second(path: str) -> None:
        district.breaks.planned[-1].times = int(district.breaks.pages("users") == [1, 1])

    district.breaks.meanwhile = second
    with by_rest.asked(district, page_size=10) as source:
        found = by_rest.pulled(source, folder / "pulled")
    assert found.records == by_rest.everything(read(folder / "set"))


def single_rows_alone(folder: Path) -> None:
    district = by_links_alone(folder)
    district.objects = {name: rows[:1] for name, rows in district.objects.items()}
    refused(district, folder, "rows-repeated", "GET /orgs")


def nobody_at_all(folder: Path) -> None:
    district = north(folder)
    district.objects["users"] = []
    refused(district, folder, "empty-list")


def one_bad_night(folder: Path) -> None:
    """The first try is not whole, the second one is."""
    district = north(folder)
    district.breaks.plan(Mode.LOST_ROW, "users", page=2, times=1)
    with by_rest.asked(district, page_size=10) as source:
        found = by_rest.pulled(source, folder / "pulled")
    assert found.records == by_rest.everything(read(folder / "set"))


def somebody_of_unknown_role(folder: Path) -> None:
    district = north(folder)
    own = district.objects["users"][3]["sourcedId"]
    del district.objects["users"][3]["orgs"]
    with by_rest.asked(district) as source:
        found = by_rest.pulled(source, folder / "pulled")
    assert own in found.roster.protected[Kind.USER]


def a_password_among_metadata(folder: Path) -> None:
    district = north(folder)
    district.objects["users"][3]["metadata"] = {"initialPassword": "canary"}
    with by_rest.asked(district, metadata=("initialPassword",)) as source:
        by_rest.pulled(source, folder / "pulled")
    assert "canary" not in (folder / "pulled" / "users.csv").read_text()


def who_is_there_by_id(folder: Path) -> None:
    with (
        by_rest.asked(north(folder)) as source,
        open_client(source.url, source.auth, source.http) as client,
    ):
        assert gone.confirm_gone(client, Kind.USER, ["s1-01"]) == {"s1-01": False}


def clever_with(code: str, mode: Mode, page: int) -> Check:
    """A check that a pull is refused when this goes wrong with the list of students."""

    def check(folder: Path) -> None:
        district = clever(folder)

        def count_anew(path: str) -> None:
            if path == "districts":
                district.asked["users/student"] = 0

        district.breaks.meanwhile = count_anew
        district.breaks.plan(mode, "users/student", page=page)
        with by_clever.asked(district, page_size=4) as source:
            with pytest.raises(InputRefused) as caught:
                by_clever.pulled(source, folder / "pulled")
            assert caught.value.code == code

    return check


def clever_moves_on(folder: Path) -> None:
    district = clever(folder)

    def take_over(path: str) -> None:
        if path == "courses":
            district.itself["last_sync"] = f"after request {len(district.breaks.seen)}"

    district.breaks.meanwhile = take_over
    with by_clever.asked(district) as source, pytest.raises(InputRefused) as caught:
        by_clever.pulled(source, folder / "pulled")
    assert caught.value.code == "revision-changed"


def somebody_on_two_lists(folder: Path) -> None:
    district = clever(folder)
    for user in district.lists["users"]:
        if "teacher" in user["roles"]:
            user["roles"]["staff"] = {"staff_id": "7", "schools": ["s1"], "roles": []}
    with by_clever.asked(district) as source:
        found = by_clever.pulled(source, folder / "pulled")
    assert [file.rows for file in found.roster.files if file.name == "users.csv"] == [23]


def events_out_of_reach(folder: Path) -> None:
    cursor = events.Cursor("e1", NOW - timedelta(days=31))
    district = clever(folder)
    district.events = [{"id": "e1"}]
    with (
        by_clever.asked(district) as source,
        open_client(source.url, source.auth, source.http) as client,
    ):
        assert events.events_since(client, cursor, NOW) is None


_REST = "rollbook.sources.oneroster_rest"
_LISTING = f"{_REST}.listing:Listing"
_CLEVER = "rollbook.sources.clever_api"

MUTANTS: dict[str, tuple[Mutant, Check]] = {
    "ids that came twice": (
        Mutant(f"{_LISTING}._prove_ids", "self._seen.repeated_ids()", "0"),
        users_with("rows-repeated", Mode.LOST_ROW, page=2),
    ),
    "the same total on every page": (
        Mutant(f"{_LISTING}._same_total", "page.total == total", "True"),
        users_with("total-changed", Mode.DRIFTING_TOTAL),
    ),
    "a second look at the first page": (
        Mutant(f"{_LISTING}._ask_again", "digests_of(again.rows) != digests_of(page.rows)", "0"),
        somebody_leaves_and_somebody_comes,
    ),
    "an empty list with a total": (
        Mutant(f"{_LISTING}.pages", "first.total and not first.rows", "False"),
        users_with("rows-missing", Mode.EMPTY, page=1, where="limit=10&offset=0, page 1"),
    ),
    "an empty page after a full one": (
        Mutant(f"{_LISTING}._one_by_one", "if last.rows:", "if False:"),
        users_with("rows-missing", Mode.NO_TOTAL, Mode.EMPTY, page=2),
    ),
    "a next page after the total": (
        Mutant(
            f"{_LISTING}._side_by_side", "next_link(last.answer) is not None and total", "False"
        ),
        users_with("rows-too-many", Mode.SMALLER_TOTAL),
    ),
    "a page that comes again whatever the offset": (
        Mutant(f"{_LISTING}._prove_by_links", "came != digests_of(first.rows)", "False"),
        links_alone_that_end_too_soon,
    ),
    "links that the server does not know": (
        Mutant(f"{_LISTING}._prove_by_links", "or not self._leading.by_links", ""),
        a_server_that_cuts_every_page_to_one_size,
    ),
    "a link that was there before": (
        Mutant(
            f"{_LISTING}._ask_again",
            "(next_link(again.answer) is None) != (next_link(page.answer) is None)",
            "False",
        ),
        a_link_that_is_lost_once,
    ),
    "a single row of whom nobody knows": (
        Mutant(
            "rollbook.sources.oneroster_rest.listing:Leading.prove", "not self.by_links", "False"
        ),
        single_rows_alone,
    ),
    "a page that came before": (
        Mutant(f"{_LISTING}._taken", "self._seen.is_repeated", "False"),
        a_list_that_never_ends,
    ),
    "the count of a page": (
        Mutant(f"{_LISTING}._counted", "count is not None and", "False and"),
        users_with("rows-missing", Mode.WRONG_COUNT, page=1),
    ),
    "the revision of the data": (
        Mutant(f"{_REST}.revision:Revision.changed", "named == self._first", "True"),
        users_with("revision-changed", Mode.OTHER_REVISION, page=2),
    ),
    "a roster of nobody": (
        Mutant(f"{_REST}.pull:_pull", "since is None and not writing.rows", "False"),
        nobody_at_all,
    ),
    "begin again": (
        Mutant("rollbook.sources.steadiness:pull_until_steady", "normal.begin_again()", "pass"),
        one_bad_night,
    ),
    "unknown is not none": (
        Mutant(f"{_REST}.writing:Writing.add", "objects.roles(one)", "objects.roles(one) or []"),
        somebody_of_unknown_role,
    ),
    "passwords": (
        Mutant(f"{_REST}.writing:Writing.__init__", " if not is_secret(name)", ""),
        a_password_among_metadata,
    ),
    "there when asked for by id": (
        Mutant(f"{_REST}.gone:confirm_gone", "status.strip().lower() in _GONE", "True"),
        who_is_there_by_id,
    ),
    "Clever's ids ascend": (
        Mutant(f"{_CLEVER}.listing:_ascended", "own <= last_id", "False"),
        clever_with("rows-repeated", Mode.DUPLICATE_ROWS, 2),
    ),
    "nothing after Clever's last page": (
        Mutant(
            f"{_CLEVER}.listing:listed",
            "_page(page.number + 1, client.get_json(path, after)).rows",
            "False",
        ),
        clever_with("rows-missing", Mode.NO_NEXT, 2),
    ),
    "Clever takes over new data": (
        Mutant(f"{_CLEVER}.pull:_Pull._refuse_moved", "last_sync(now) != last_sync(before)", "0"),
        clever_moves_on,
    ),
    "one person on two lists": (
        Mutant(f"{_CLEVER}.pull:_Pull._is_new", "own not in self._several_roles", "True"),
        somebody_on_two_lists,
    ),
    "how far back events reach": (
        Mutant(f"{_CLEVER}.events:events_since", "now - cursor.created > KEPT - _MARGIN", "False"),
        events_out_of_reach,
    ),
}


@pytest.mark.parametrize("guard", MUTANTS)
def test_a_broken_guard_is_caught(
    guard: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clevers = guard in {name for name, (mutant, _) in MUTANTS.items() if _CLEVER in mutant.place}
    token = clever_app.TOKEN if clevers else by_rest.TOKEN
    monkeypatch.setenv("ROLLBOOK_TEST_TOKEN", token)
    mutant, check = MUTANTS[guard]
    check(tmp_path / "whole")
    mutant.put_in(monkeypatch)
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - a check may fail in any way
        check(tmp_path / "broken")
    assert not isinstance(caught.value, KeyboardInterrupt | SystemExit)
