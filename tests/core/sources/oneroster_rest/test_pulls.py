"""What is pulled is what the server has, whatever its ways of paging."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.sources.small_set import SmallSet
from rollbook.errors import SourceUnreachable
from rollbook.roster.kinds import Kind
from rollbook.sources.oneroster_csv import read
from servers.breaks import Mode
from servers.oneroster_app import CUT_LIMIT, Served, served
from servers.oneroster_objects import Version
from servers.roster_tables import tables_of

from .pulled import TOKEN, asked, everything, pulled


@pytest.mark.parametrize("spoken", ["1.1", "1.2"])
@pytest.mark.parametrize("written", ["1.1", "1.2"])
def test_a_district_is_the_same_as_by_its_files(
    spoken: Version, written: Version, tmp_path: Path
) -> None:
    small = SmallSet(written)
    small.add_column("users", "metadata.boarding", "true", "", "false")
    folder = small.write(tmp_path / "files")
    district = served(tables_of(folder), spoken)
    with asked(district, metadata=("boarding",)) as source:
        by_rest = pulled(source, tmp_path / "pulled")
    by_files = read(folder)
    assert by_rest.records == everything(by_files)
    assert by_rest.roster.complete == by_files.complete
    assert by_rest.findings == ()


@pytest.mark.parametrize("page_size", [2, 7, 10, 23, 100])
@pytest.mark.parametrize("mode", [None, Mode.NO_TOTAL, Mode.CUT_LIMIT, Mode.SLOW])
def test_every_size_of_page_gives_the_same(
    north: Served, page_size: int, mode: Mode | None, tmp_path: Path
) -> None:
    if mode is not None:
        north.breaks.plan(mode, "users")
    with asked(north, page_size=page_size) as source:
        found = pulled(source, tmp_path / "pulled")
    assert found.records == everything(read(tmp_path / "set"))
    assert found.findings == ()
    if mode is Mode.CUT_LIMIT and page_size > CUT_LIMIT:
        assert len(north.breaks.pages("users")) >= 4


def test_a_cut_limit_and_no_total_either(north: Served, tmp_path: Path) -> None:
    north.breaks.plan(Mode.CUT_LIMIT)
    north.breaks.plan(Mode.NO_TOTAL)
    with asked(north) as source:
        found = pulled(source, tmp_path / "pulled")
    assert found.records == everything(read(tmp_path / "set"))


def test_a_short_page_is_filled(north: Served, tmp_path: Path) -> None:
    north.breaks.plan(Mode.SHORT_PAGE, "users", page=2)
    with asked(north, page_size=10) as source:
        found = pulled(source, tmp_path / "pulled")
    assert found.records == everything(read(tmp_path / "set"))


def test_the_files_are_the_same_byte_by_byte_every_night(north: Served, tmp_path: Path) -> None:
    for night in ("one", "two"):
        with asked(north, page_size=3, parallel=8) as source:
            pulled(source, tmp_path / night)
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names[0] == "academicSessions.csv"
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_row_is_the_same_whoever_comes_before_it(north: Served, tmp_path: Path) -> None:
    with asked(north) as source:
        pulled(source, tmp_path / "one")
    north.objects["users"].reverse()
    north.objects["users"][0]["metadata"] = {"boarding": "true"}
    with asked(north) as source:
        found = pulled(source, tmp_path / "two")
    first, second = (
        sorted((tmp_path / night / "users.csv").read_text().splitlines())
        for night in ("one", "two")
    )
    assert first == second
    [told] = found.findings
    assert (told.code, told.field, told.file) == ("metadata-not-read", "boarding", "GET /users")


def test_what_a_server_says_is_gone_is_gone(north: Served, tmp_path: Path) -> None:
    north.objects["users"][3]["status"] = "tobedeleted"
    gone = north.objects["users"][3]["sourcedId"]
    with asked(north) as source:
        found = pulled(source, tmp_path / "pulled")
    assert gone not in found.records[Kind.USER]
    assert gone not in found.roster.protected[Kind.USER]


def test_lists_that_are_not_asked_for_stay_as_they_are(north: Served, tmp_path: Path) -> None:
    with asked(north, lists=("orgs", "users", "classes")) as source:
        found = pulled(source, tmp_path / "pulled")
    assert {"courses", "demographics", "enrollments"}.isdisjoint(
        path for path, _ in north.breaks.seen
    )
    assert found.roster.complete == {Kind.ORG, Kind.CLASS, Kind.USER, Kind.ROLE, Kind.GUARDIAN}


def test_an_empty_list_says_nothing(north: Served, tmp_path: Path) -> None:
    north.objects["demographics"] = []
    with asked(north) as source:
        found = pulled(source, tmp_path / "pulled")
    assert Kind.DEMOGRAPHICS not in found.roster.complete
    assert ("absent-file", Kind.DEMOGRAPHICS) in [(f.code, f.kind) for f in found.findings]


def test_a_user_of_whom_nothing_says_what_they_are_is_protected(
    north: Served, tmp_path: Path
) -> None:
    user = north.objects["users"][3]
    del user["orgs"]
    with asked(north, page_size=2) as source:
        found = pulled(source, tmp_path / "pulled")
    assert user["sourcedId"] not in found.records[Kind.USER]
    assert user["sourcedId"] in found.roster.protected[Kind.USER]
    assert Kind.USER in found.roster.complete
    [told] = [f for f in found.findings if f.severity == "error"]
    assert (told.code, told.file, told.line) == (
        "no-role",
        "GET /users?limit=2&offset=2, page 2",
        2,
    )


def test_rows_are_set_aside_by_endpoint_page_and_place(north: Served, tmp_path: Path) -> None:
    north.objects["enrollments"][5]["beginDate"] = "soon"
    with asked(north, page_size=4) as source:
        found = pulled(source, tmp_path / "pulled")
    [told] = found.findings
    assert told.code == "bad-date"
    assert (told.file, told.line) == ("GET /enrollments?limit=4&offset=4, page 2", 2)


def test_sloppy_servers_are_understood(north: Served, tmp_path: Path) -> None:
    for mode in (Mode.FLAGS_AS_TEXT, Mode.RELATIVE_HREFS):
        north.breaks.plan(mode)
    with asked(north) as source:
        found = pulled(source, tmp_path / "pulled")
    assert found.records == everything(read(tmp_path / "set"))


def test_empty_usernames_and_titles_are_noted(north: Served, tmp_path: Path) -> None:
    north.breaks.plan(Mode.NO_USERNAMES)
    north.breaks.plan(Mode.NO_TITLES)
    with asked(north) as source:
        found = pulled(source, tmp_path / "pulled")
    assert len(found.records[Kind.USER]) == 23
    told = {(f.code, f.field): f.count for f in found.findings}
    assert told[("blank-value", "username")] == 23
    assert told[("blank-value", "title")] == 3


def test_faults_that_pass_are_waited_for(north: Served, tmp_path: Path) -> None:
    for page, mode in enumerate(
        (Mode.BUSY, Mode.BUSY_IN_HTML, Mode.FAILS, Mode.RESET, Mode.SLOW), start=1
    ):
        north.breaks.plan(mode, "users", page=page, times=1)
    with asked(north, page_size=4) as source:
        found = pulled(source, tmp_path / "pulled")
    assert found.records == everything(read(tmp_path / "set"))


def test_a_password_goes_nowhere(tmp_path: Path) -> None:
    district = served(tables_of(SmallSet("1.1").write(tmp_path / "files")), "1.1")
    assert district.objects["users"][0]["password"] == "secret-1"
    district.objects["users"][1]["metadata"] = {"initialPassword": "secret-3"}
    with asked(district, metadata=("initialPassword",)) as source:
        found = pulled(source, tmp_path / "pulled")
    written = b"".join(path.read_bytes() for path in (tmp_path / "pulled").iterdir())
    assert b"secret" not in written
    assert "secret" not in repr(found)
    assert TOKEN.encode() not in written


@pytest.mark.parametrize("mode", [Mode.UNAUTHORISED, Mode.FORBIDDEN, Mode.NOT_FOUND])
def test_a_refusal_ends_the_pull(north: Served, mode: Mode, tmp_path: Path) -> None:
    north.breaks.plan(mode, "classes")
    with asked(north) as source, pytest.raises(SourceUnreachable) as refused:
        pulled(source, tmp_path / "pulled")
    assert "GET /classes" in str(refused.value)
    assert TOKEN not in str(refused.value)
    assert not (tmp_path / "pulled" / "manifest.csv").exists()
