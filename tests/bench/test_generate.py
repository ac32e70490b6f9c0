"""What the generated days promise: sets that can be read, with the shares that are measured."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from rollbook.roster.findings import Severity
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Record
from rollbook.sources.oneroster_csv import read
from rollbook.sources.oneroster_csv.people import texts
from rollbook.sources.roster import Roster

from .generate import DAYS, generate

Records = dict[str, Record]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Roster]:
    folder = tmp_path_factory.mktemp("small")
    generate(50, folder)
    return {day: read(folder / day) for day in DAYS}


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Roster]:
    """Two feeder patterns, and enough people for a share of 0.1 % to be some."""
    folder = tmp_path_factory.mktemp("larger")
    generate(4000, folder)
    return {day: read(folder / day) for day in DAYS}


@pytest.mark.parametrize("day", DAYS)
def test_every_day_is_read_without_an_error(small: dict[str, Roster], day: str) -> None:
    findings = small[day].findings
    assert [finding.code for finding in findings] == ["absent-file"]
    assert findings[0].severity is Severity.WARNING
    assert findings[0].kind is Kind.DEMOGRAPHICS


def test_everybody_has_guardians_and_classes_of_a_school_size(larger: dict[str, Roster]) -> None:
    records = larger["first"].records
    roles = Counter(user.values["primary_role"] for user in records[Kind.USER].values())
    assert roles["student"] == 4000
    assert roles["parent"] == 8000
    assert roles["teacher"] == pytest.approx(400, abs=10)
    guardians = Counter(link.values["student_id"] for link in records[Kind.GUARDIAN].values())
    assert set(guardians.values()) == {2}
    of_user: Counter[object] = Counter()
    of_class: Counter[object] = Counter()
    for enrollment in records[Kind.ENROLLMENT].values():
        if enrollment.values["role"] == "student":
            of_user[enrollment.values["user_id"]] += 1
            of_class[enrollment.values["class_id"]] += 1
    assert set(of_user.values()) == {8}
    assert len(of_user) == 4000
    assert of_class.keys() == records[Kind.CLASS].keys()
    assert 15 < min(of_class.values()) <= max(of_class.values()) < 40
    schools = Counter(user.values["primary_org_id"] for user in records[Kind.USER].values())
    assert len(schools) == 10


def test_names_differ_and_accounts_are_nobody_elses(larger: dict[str, Roster]) -> None:
    for roster in larger.values():
        users = roster.records[Kind.USER].values()
        names = {(u.values["given_name"], u.values["family_name"]) for u in users}
        assert len(names) > len(users) * 0.9
        for field in ("username", "email"):
            assert len({u.values[field] for u in users}) == len(users)


@pytest.mark.parametrize("kind", [Kind.USER, Kind.ENROLLMENT])
def test_the_next_day_has_its_shares(larger: dict[str, Roster], kind: Kind) -> None:
    before, after = larger["first"].records[kind], larger["next"].records[kind]
    total = len(before)
    assert len(changed(before, after)) / total == pytest.approx(0.005, rel=0.1)
    assert len(before.keys() - after.keys()) / total == pytest.approx(0.001, rel=0.3)
    assert len(after.keys() - before.keys()) / total == pytest.approx(0.003, rel=0.15)


def test_the_next_day_leaves_the_rest_alone(larger: dict[str, Roster]) -> None:
    for kind in (Kind.ORG, Kind.ACADEMIC_SESSION, Kind.COURSE, Kind.CLASS):
        assert larger["next"].records[kind] == larger["first"].records[kind]


@pytest.mark.parametrize("day", DAYS)
def test_nobody_is_referred_to_who_is_not_there(larger: dict[str, Roster], day: str) -> None:
    records = larger[day].records
    for enrollment in records[Kind.ENROLLMENT].values():
        assert enrollment.values["user_id"] in records[Kind.USER]
        assert enrollment.values["class_id"] in records[Kind.CLASS]
    students = sum(u.values["primary_role"] == "student" for u in records[Kind.USER].values())
    assert len(records[Kind.GUARDIAN]) == 2 * students


@pytest.mark.parametrize(("day", "like"), [("touched", "first"), ("next-touched", "next")])
def test_a_touched_day_says_the_same_in_other_bytes(
    larger: dict[str, Roster], tmp_path: Path, day: str, like: str
) -> None:
    assert larger[day].records == larger[like].records
    generate(50, tmp_path)
    for name in ("users", "enrollments", "classes", "orgs", "academicSessions", "courses"):
        rows = [(tmp_path / d / f"{name}.csv").read_bytes().splitlines()[1:] for d in (day, like)]
        assert len(rows[0]) == len(rows[1])
        assert all(mine != theirs for mine, theirs in zip(*rows, strict=True))


def test_the_rollover_takes_everybody_up_and_starts_anew(larger: dict[str, Roster]) -> None:
    before, after = larger["first"].records, larger["rollover"].records
    grades = {
        day: {
            i: texts(u.values["grades"])[0]
            for i, u in records[Kind.USER].items()
            if u.values["primary_role"] == "student"
        }
        for day, records in (("before", before), ("after", after))
    }
    ladder = dict(pairwise(("KG", *(f"{n:02}" for n in range(1, 13)))))
    stayed = grades["before"].keys() & grades["after"].keys()
    assert all(grades["after"][i] == ladder[grades["before"][i]] for i in stayed)
    left = grades["before"].keys() - stayed
    assert {grades["before"][i] for i in left} == {"12"}
    assert {grades["after"][i] for i in grades["after"].keys() - stayed} == {"KG"}
    assert len(grades["after"]) == pytest.approx(4000, abs=20)
    for kind in (Kind.CLASS, Kind.ENROLLMENT):
        assert not before[kind].keys() & after[kind].keys()
    assert before[Kind.COURSE] == after[Kind.COURSE]


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("again", 1), ("two", 2)):
        generate(50, tmp_path / name, seed=seed)
    files = [file.relative_to(tmp_path / "one") for file in (tmp_path / "one").rglob("*.csv")]
    assert len(files) == 7 * len(DAYS)
    for file in files:
        text = (tmp_path / "one" / file).read_bytes()
        assert (tmp_path / "again" / file).read_bytes() == text
        if file.name == "users.csv":
            assert (tmp_path / "two" / file).read_bytes() != text


def test_unchanged_is_the_first_day_again(tmp_path: Path) -> None:
    generate(50, tmp_path)
    for file in (tmp_path / "first").iterdir():
        assert (tmp_path / "unchanged" / file.name).read_bytes() == file.read_bytes()


def changed(before: Records, after: Records) -> list[str]:
    return [i for i in before.keys() & after.keys() if before[i].values != after[i].values]
