"""One district by way of every service, from the command line to the directory."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Call
from cli.served import CANARIES, SECRETS, SERVICES, Behind, Service, behind
from rollbook.demo.shape import District
from rollbook.demo.write import Version, write_oneroster
from rollbook.desk.desk import open_desk
from rollbook.directory.records import load_directory
from rollbook.roster.kinds import SHAPES, Kind
from rollbook.roster.records import Values
from servers.breaks import Mode

Held = dict[Kind, dict[str, Values]]


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> Service:
    found: Service = request.param
    return found


@pytest.fixture
def north(service: Service, northfield: District, tmp_path: Path) -> Iterator[Behind]:
    with behind(service, northfield, tmp_path) as one:
        yield one


def add(call: Call, *options: str | Path) -> None:
    zone = ("--timezone", "America/Chicago")
    answer = call("district", "add", "north", "--name", "North", *zone, *options)
    assert answer.code == 0, answer.err


def sync_through(call: Call) -> Any:
    run = call("sync", "north", "--json").document
    for hold in run["holds"]:
        confirm = ("--confirm", str(hold["count"]), "--reason", "as in the SIS")
        assert call("hold", "approve", hold["id"], *confirm).code == 0
    return call("run", "show", run["run"], "--json").document


def held(home: Path) -> Held:
    desk = open_desk(home, operator="sam")
    with desk.store.read() as connection:
        directory = load_directory(connection, "north")
    desk.close()
    return {kind: {i: r.values for i, r in directory[kind].items()} for kind in Kind}


def by_files(call: Call, district: District, home: Path, version: Version) -> Held:
    add(call, "--path", write_oneroster(district, home.parent / f"files-{version}", version))
    sync_through(call)
    return held(home)


def without(values: Values, fields: frozenset[str]) -> Values:
    return {name: value for name, value in values.items() if name not in fields}


CLEVER_CANNOT: dict[Kind, frozenset[str]] = {
    # Clever has no schools above schools but the district, and numbers it otherwise.
    Kind.ORG: frozenset({"identifier"}),
    # All of Clever's sessions are terms, side by side; the year is that in which each ends.
    Kind.ACADEMIC_SESSION: frozenset({"type", "parent_id", "school_year"}),
    # Courses belong to the district, and have a name and a number.
    Kind.COURSE: frozenset({"org_id", "school_year_id", "grades", "subjects", "subject_codes"}),
    # A section has one term, one grade and one subject of Clever's, and no room.
    Kind.CLASS: frozenset({"term_ids", "grades", "subjects", "subject_codes", "location"}),
    # Nobody's ids in other systems, nor whose account is switched off.
    Kind.USER: frozenset(
        {
            *("user_ids", "enabled", "preferred_middle_name", "preferred_family_name"),
            *("pronouns", "master_identifier", "resource_ids"),
        }
    ),
    Kind.ROLE: frozenset({"begin_date", "end_date"}),
    Kind.ENROLLMENT: frozenset({"begin_date", "end_date"}),
    Kind.GUARDIAN: frozenset(),
    # A student has one race, and nobody says where somebody was born.
    Kind.DEMOGRAPHICS: frozenset(
        {
            *("country_of_birth", "state_of_birth", "city_of_birth"),
            "public_school_residence_status",
        }
    ),
}
"""What Clever's API cannot say of each kind, and why."""

CLEVER_KNOWS_LESS: dict[Kind, frozenset[str]] = {
    # A contact's name is one text. Contacts and administrators stand at the district and have no
    # user name or number; who is of the staff and no principal or counselor is an aide.
    Kind.USER: frozenset(
        {
            *("given_name", "middle_name", "family_name", "username", "identifier"),
            *("primary_org_id", "primary_role"),
        }
    ),
    Kind.ROLE: frozenset({"role", "role_type", "org_id"}),
}
"""What it cannot say of those who are neither students nor teachers."""

SEVERAL = "two_or_more_races"
RACE_FIELDS = (
    *("american_indian_or_alaska_native", "asian", "black_or_african_american"),
    *("native_hawaiian_or_other_pacific_islander", "white", SEVERAL),
)


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_the_directory_is_that_of_the_files(
    service: Service,
    call: Call,
    northfield: District,
    version: Version,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with behind(service, northfield, tmp_path, version) as north:
        add(call, *north.options)
        assert sync_through(call)["state"] == "APPLIED"
    served = held(tmp_path / "home")
    monkeypatch.setenv("ROLLBOOK_HOME", str(tmp_path / "other" / "home"))
    files = by_files(call, northfield, tmp_path / "other" / "home", version)
    if service != "clever-api":
        assert served == files
        return
    for kind in Kind:
        missing = CLEVER_CANNOT[kind]
        assert missing <= SHAPES[kind].fields.keys()
        assert _as_clever(served, kind, missing) == _as_clever(files, kind, missing)
        assert served[kind]


def _as_clever(records: Held, kind: Kind, missing: frozenset[str]) -> dict[str, Values]:
    """Records without what Clever cannot say, under ids that do not hang on it."""
    found: dict[str, Values] = {}
    for record_id, values in records[kind].items():
        known = without(values, missing)
        if kind is Kind.ENROLLMENT:
            record_id = f"{values['class_id']} {values['user_id']} {values['role']}"
        if kind in CLEVER_KNOWS_LESS:
            user = str(values["user_id"]) if kind is Kind.ROLE else record_id
            if records[Kind.USER][user]["primary_role"] not in ("student", "teacher"):
                known = without(known, CLEVER_KNOWS_LESS[kind])
                record_id = user
        if kind is Kind.DEMOGRAPHICS:
            races = {name for name in RACE_FIELDS if known.pop(name, None) is True}
            known["race"] = sorted(races if len(races) == 1 else {SEVERAL} if races else races)
        found[record_id] = known
    return found


def test_a_second_night_with_nothing_new(north: Behind, call: Call) -> None:
    add(call, *north.options)
    sync_through(call)
    again = call("sync", "north", "--json").document
    assert (again["state"], again["changeset"]["counts"]["user"]["add"]) == ("NOOP", 0)


def test_a_check_reads_and_changes_nothing(north: Behind, call: Call, tmp_path: Path) -> None:
    add(call, *north.options)
    checked = call("district", "check", "north")
    assert checked.code == 0, checked.err
    assert held(tmp_path / "home")[Kind.USER] == {}


@pytest.mark.parametrize("mode", [Mode.LOGIN_PAGE, Mode.NO_LIST, Mode.UNAUTHORISED, Mode.FAILS])
def test_a_service_that_breaks_changes_nothing(
    north: Behind, service: Service, mode: Mode, call: Call, tmp_path: Path
) -> None:
    add(call, *north.options)
    sync_through(call)
    before = held(tmp_path / "home")
    north.breaks.plan(mode, "courses")
    answer = call("sync", "north")
    refused = mode in (Mode.LOGIN_PAGE, Mode.NO_LIST)
    assert answer.code == (4 if refused else 1)
    assert "GET /courses" in answer.out + answer.err
    assert held(tmp_path / "home") == before
    assert not list((tmp_path / "home" / "snapshots" / "north").glob("staging-*"))


def test_no_secret_is_left_anywhere(
    north: Behind, call: Call, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    add(call, *north.options)
    said = [call("district", "check", "north"), call("sync", "north")]
    north.breaks.plan(Mode.UNAUTHORISED, "courses")
    said += [call("sync", "north"), call("audit", "list"), call("runs", "--json")]
    told = caplog.text + "".join(answer.out + answer.err for answer in said)
    canaries = [*CANARIES, *north.tokens.given]
    for file in (tmp_path / "home").rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert not [canary for canary in canaries if canary.encode() in content], file
    assert not [canary for canary in canaries if canary in told]
