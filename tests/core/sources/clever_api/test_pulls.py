"""What is pulled is what Clever has, or the pull is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rollbook.errors import InputRefused, SourceUnreachable
from rollbook.roster.kinds import Kind
from rollbook.sources.steadiness import TRIES
from servers.breaks import Mode
from servers.clever_app import TOKEN, CleverDistrict

from .pulled import asked, pulled


@pytest.mark.parametrize("page_size", [1, 3, 5, 10, 10_000])
def test_every_size_of_page_gives_the_same(
    north: CleverDistrict, page_size: int, tmp_path: Path
) -> None:
    with asked(north, page_size=page_size) as source:
        found = pulled(source, tmp_path / "pulled")
    assert {kind: len(records) for kind, records in found.records.items()} == {
        Kind.ORG: 2,
        Kind.ACADEMIC_SESSION: 3,
        Kind.COURSE: 1,
        Kind.CLASS: 3,
        Kind.USER: 23,
        Kind.ROLE: 23,
        Kind.ENROLLMENT: 23,
        Kind.GUARDIAN: 10,
        Kind.DEMOGRAPHICS: 10,
    }
    assert found.roster.complete == frozenset(Kind)
    assert [f.code for f in found.findings if f.code != "blank-value"] == []


def test_the_files_are_the_same_byte_by_byte_every_night(
    north: CleverDistrict, tmp_path: Path
) -> None:
    for night in ("one", "two"):
        with asked(north, page_size=4) as source:
            pulled(source, tmp_path / night)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_somebody_with_two_roles_is_one_person(north: CleverDistrict, tmp_path: Path) -> None:
    [teacher] = [one for one in north.lists["users"] if one["id"] == "t-s1-1"]
    teacher["roles"]["staff"] = {"staff_id": "7", "schools": ["s1"], "roles": ["Principal"]}
    with asked(north) as source:
        found = pulled(source, tmp_path / "pulled")
    assert len(found.records[Kind.USER]) == 23
    roles = [r for r in found.records[Kind.ROLE].values() if r["user_id"] == "t-s1-1"]
    assert sorted((r["role"], r["role_type"]) for r in roles) == [
        ("principal", "primary"),
        ("teacher", "secondary"),
    ]


def test_roles_that_are_not_asked_for_are_not_read(north: CleverDistrict, tmp_path: Path) -> None:
    with asked(north, roles=("student", "teacher")) as source:
        found = pulled(source, tmp_path / "pulled")
    assert len(found.records[Kind.USER]) == 13
    assert north.breaks.pages("users/contact") == []


def test_only_some_relations_make_a_guardian(north: CleverDistrict, tmp_path: Path) -> None:
    [contact] = [one for one in north.lists["users"] if one["id"] == "g-s1-01"]
    contact["roles"]["contact"]["student_relationships"][0]["type"] = "Emergency"
    with asked(north, contact_types=("Parent/Guardian",)) as source:
        found = pulled(source, tmp_path / "pulled")
    assert "g-s1-01" in found.records[Kind.USER]
    assert len(found.records[Kind.GUARDIAN]) == 9


def test_somebody_without_a_role_is_protected(north: CleverDistrict, tmp_path: Path) -> None:
    with asked(north) as source:
        north.lists["users"][0]["roles"]["student"] = {}
        first = north.lists["users"][0]["id"]
        north.lists["users"][0]["roles"].pop("contact", None)
        found = pulled(source, tmp_path / "pulled")
    assert first in found.records[Kind.USER]
    roles = [r for r in found.records[Kind.ROLE].values() if r["user_id"] == first]
    assert [(r["role"], r["org_id"]) for r in roles] == [("student", "d")]


def test_rows_are_set_aside_by_endpoint_page_and_place(
    north: CleverDistrict, tmp_path: Path
) -> None:
    north.lists["terms"][1]["start_date"] = None
    with asked(north, page_size=1) as source:
        found = pulled(source, tmp_path / "pulled")
    [told] = [f for f in found.findings if f.severity == "error"]
    assert told.code == "blank-required"
    assert told.file == "GET /terms?limit=1&starting_after=fall, page 2"
    assert told.line == 1


@pytest.mark.parametrize(
    ("mode", "page", "code"),
    [
        (Mode.EMPTY, 1, "rows-missing"),
        (Mode.EMPTY, 2, "rows-missing"),
        (Mode.NO_NEXT, 1, "rows-missing"),
        (Mode.NO_NEXT, 2, "rows-missing"),
        (Mode.DUPLICATE_ROWS, 2, "rows-repeated"),
    ],
)
def test_a_list_that_is_not_whole(
    north: CleverDistrict, mode: Mode, page: int, code: str, tmp_path: Path
) -> None:
    north.breaks.plan(mode, "users/student", page=page, times=1)
    with asked(north, page_size=4) as source:
        found = pulled(source, tmp_path / "whole")
        assert len(found.records[Kind.USER]) == 23
        north.breaks.planned.clear()
        for again in range(TRIES):
            north.breaks.plan(mode, "users/student", page=10 * again + page)
        north.asked.clear()

        def count_anew(path: str) -> None:
            if path == "districts":
                tries = len(north.breaks.pages("districts"))
                north.asked["users/student"] = 10 * (tries - before - 1)

        before = len(north.breaks.pages("districts"))
        north.breaks.meanwhile = count_anew
        with pytest.raises(InputRefused) as refused:
            pulled(source, tmp_path / "pulled")
    assert refused.value.code == code
    assert str(refused.value.file).startswith("GET /users?role=student&limit=4")
    assert not (tmp_path / "pulled" / "manifest.csv").exists()


@pytest.mark.parametrize(
    ("mode", "code"),
    [
        (Mode.REPEATED_NEXT, "rows-repeated"),
        (Mode.NEXT_ELSEWHERE, "http-link-elsewhere"),
        (Mode.NO_LIST, "no-list"),
        (Mode.LOGIN_PAGE, "http-not-json"),
    ],
)
def test_answers_that_lead_nowhere(
    north: CleverDistrict, mode: Mode, code: str, tmp_path: Path
) -> None:
    north.breaks.plan(mode, "sections")
    with asked(north, page_size=2) as source, pytest.raises(InputRefused) as refused:
        pulled(source, tmp_path / "pulled")
    assert refused.value.code == code
    assert TOKEN not in str(refused.value)


def test_faults_that_pass_are_waited_for(north: CleverDistrict, tmp_path: Path) -> None:
    for time, mode in enumerate((Mode.BUSY, Mode.FAILS, Mode.RESET, Mode.SLOW)):
        north.breaks.plan(mode, "users/student", page=1 + 2 * time)
    with asked(north, page_size=4) as source:
        found = pulled(source, tmp_path / "pulled")
    assert len(found.records[Kind.USER]) == 23


@pytest.mark.parametrize("mode", [Mode.UNAUTHORISED, Mode.FORBIDDEN])
def test_a_refusal_ends_the_pull(north: CleverDistrict, mode: Mode, tmp_path: Path) -> None:
    north.breaks.plan(mode, "users/contact")
    with asked(north) as source, pytest.raises(SourceUnreachable):
        pulled(source, tmp_path / "pulled")


@pytest.mark.parametrize("name", ["schools", "users"])
def test_nobody_and_nowhere_is_refused(north: CleverDistrict, name: str, tmp_path: Path) -> None:
    north.lists[name] = []
    with asked(north) as source, pytest.raises(InputRefused) as refused:
        pulled(source, tmp_path / "pulled")
    assert (refused.value.code, refused.value.file) == ("empty-list", f"GET /{name}")


@pytest.mark.parametrize("count", [0, 2])
def test_a_token_is_for_one_district(north: CleverDistrict, count: int, tmp_path: Path) -> None:
    north.lists["districts"] = [north.itself | {"id": f"d{n}"} for n in range(count)]
    with asked(north) as source, pytest.raises(InputRefused) as refused:
        pulled(source, tmp_path / "pulled")
    assert refused.value.code == "no-district"


@pytest.mark.parametrize("times", [TRIES - 1, TRIES])
def test_clever_takes_over_new_data_meanwhile(
    north: CleverDistrict, times: int, tmp_path: Path
) -> None:
    def take_over(path: str) -> None:
        if path == "courses" and len(north.breaks.pages("courses")) < 2 * times:
            north.itself["last_sync"] = f"after request {len(north.breaks.seen)}"

    north.breaks.meanwhile = take_over
    with asked(north) as source:
        if times == TRIES:
            with pytest.raises(InputRefused) as refused:
                pulled(source, tmp_path / "pulled")
            assert refused.value.code == "revision-changed"
        else:
            assert len(pulled(source, tmp_path / "pulled").records[Kind.USER]) == 23


@pytest.mark.parametrize(
    ("said", "code", "words"),
    [
        ({"state": "running"}, None, ""),
        ({"state": "success"}, None, ""),
        ({"state": None}, None, ""),
        (
            {"state": "paused", "pause_start": "2026-06-01T00:00:00Z", "pause_end": "2026-08-15"},
            "clever-paused",
            "from 2026-06-01 to 2026-08-15",
        ),
        (
            {"pause_start": "2027-06-01", "pause_end": None},
            "clever-pause-planned",
            "from 2027-06-01.",
        ),
        ({"state": "error"}, "clever-state", "(error)"),
        ({"state": "pending"}, "clever-state", "(pending)"),
        ({"state": "canary-name"}, "clever-state", "(another one)"),
    ],
)
def test_the_districts_state_is_told(
    north: CleverDistrict, said: dict[str, Any], code: str | None, words: str, tmp_path: Path
) -> None:
    north.itself.update(said)
    with asked(north) as source:
        found = pulled(source, tmp_path / "pulled")
    told = [f for f in found.findings if f.code.startswith("clever-")]
    assert [f.code for f in told] == ([code] if code else [])
    for finding in told:
        assert words in finding.message
        assert "canary" not in finding.message
        assert finding.file == "GET /districts"
