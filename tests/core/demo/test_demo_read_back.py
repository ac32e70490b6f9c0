"""What is written is read back whole, and the same from both versions."""

from __future__ import annotations

from pathlib import Path

import pytest

from rollbook.demo.days import drop_students, next_day
from rollbook.demo.doubles import duplicate_students
from rollbook.demo.founding import make_district
from rollbook.demo.shape import District
from rollbook.demo.write import Version, write_oneroster
from rollbook.demo.years import partly_rolled_up
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Record
from rollbook.sources.oneroster_csv import read
from rollbook.sources.roster import Roster


@pytest.fixture(scope="module")
def district() -> District:
    return make_district(7, "Elk Ridge Schools", schools=3, students=200)


def read_back(district: District, folder: Path, version: Version) -> Roster:
    return read(write_oneroster(district, folder / version, version))


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_every_record_is_read_without_a_finding(
    district: District, tmp_path: Path, version: Version
) -> None:
    roster = read_back(district, tmp_path, version)
    assert roster.version == version
    assert roster.findings == ()
    assert roster.complete == frozenset(Kind)
    counts = {kind: len(records) for kind, records in roster.records.items()}
    assert counts == {
        Kind.ORG: len(district.schools) + 1,
        Kind.ACADEMIC_SESSION: len(district.sessions),
        Kind.COURSE: len(district.courses),
        Kind.CLASS: len(district.classes),
        Kind.USER: len(district.people),
        Kind.ROLE: len(district.students)
        + len(district.staff)
        + sum(len(g.school_ids) for g in district.guardians),
        Kind.ENROLLMENT: len(district.enrollments),
        Kind.GUARDIAN: sum(len(s.guardian_ids) for s in district.students),
        Kind.DEMOGRAPHICS: len(district.students),
    }


def test_a_student_is_read_as_made(district: District, tmp_path: Path) -> None:
    roster = read_back(district, tmp_path, "1.1")
    student = next(s for s in district.students if s.email and s.middle)
    values = roster.records[Kind.USER][student.id].values
    assert values["given_name"] == student.given
    assert values["middle_name"] == student.middle
    assert values["family_name"] == student.family
    assert values["grades"] == [student.grade]
    assert values["primary_org_id"] == student.school_id
    assert values["primary_role"] == "student"
    born = roster.records[Kind.DEMOGRAPHICS][student.id].values["birth_date"]
    assert born == student.birth_date.isoformat()


def test_both_versions_give_the_same_records(district: District, tmp_path: Path) -> None:
    one = read_back(district, tmp_path, "1.1").records
    two = read_back(district, tmp_path, "1.2").records
    offices = {m.id for m in district.staff if m.role != "teacher"}
    for kind in Kind:
        assert in_common(one[kind], offices) == in_common(two[kind], offices)


def in_common(records: dict[str, Record], offices: set[str]) -> dict[str, Record]:
    """The records less the roles of offices, for which version 1.1 has other words."""
    found: dict[str, Record] = {}
    for key, record in records.items():
        if record.kind is Kind.ROLE and record.values["user_id"] in offices:
            continue
        values = dict(record.values)
        if record.kind is Kind.USER and key in offices:
            del values["primary_role"]
        found[key] = record._replace(values=values)
    return found


def test_later_states_are_read_whole_as_well(district: District, tmp_path: Path) -> None:
    states = {
        "day": next_day(district, arrivals=5, moves=5, leavers=5),
        "drop": drop_students(district, district.schools[0].id, 0.3),
        "double": duplicate_students(district, 2),
        "partly": partly_rolled_up(district),
    }
    for name, state in states.items():
        roster = read_back(state, tmp_path / name, "1.2")
        assert roster.findings == ()
        assert len(roster.records[Kind.ENROLLMENT]) == len(state.enrollments)
        assert len(roster.records[Kind.USER]) == len(state.people)
