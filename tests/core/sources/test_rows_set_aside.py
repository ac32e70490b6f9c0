"""Rows with an error: set aside with a finding, their ids protected, every other record read.

The ids begin with the item of the bad-input corpus (``safety.md`` §4.10).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from rollbook.roster.kinds import Kind
from rollbook.sources.oneroster_csv.quoting import CELL_LIMIT

from .small_set import SmallSet, errors

ADA, BEN = "student-1", "student-2"


@dataclass(frozen=True)
class Damage:
    """A change to one row, the finding that it must give, and the id that it must protect."""

    name: str
    change: Callable[[SmallSet], object]
    code: str
    file: str = "users.csv"
    line: int = 2
    field: str | None = None
    kind: Kind = Kind.USER
    record: str = ADA


def _cell(file: str, row: str, header: str, cell: str) -> Callable[[SmallSet], None]:
    return lambda small: small.set(file, row, header, cell)


def _line(old: str, new: str) -> Callable[[SmallSet], None]:
    return lambda small: small.overwrite("users", small.text("users").replace(old, new))


def _session(header: str, cell: str, code: str, name: str) -> Damage:
    return Damage(
        name,
        _cell("academicSessions", "term-fall", header, cell),
        code,
        "academicSessions.csv",
        3,
        header,
        Kind.ACADEMIC_SESSION,
        "term-fall",
    )


def _enrollment(header: str, cell: str, code: str, name: str) -> Damage:
    return Damage(
        name,
        _cell("enrollments", "enroll-3", header, cell),
        code,
        "enrollments.csv",
        4,
        header,
        Kind.ENROLLMENT,
        "enroll-3",
    )


def _user(header: str, cell: str, code: str, name: str) -> Damage:
    return Damage(name, _cell("users", ADA, header, cell), code, field=header)


CASES = [
    Damage("08-cut-row", _line(",parent-1,09,secret-1", ""), "cell-count"),
    Damage("29-too-many-cells", _line("secret-1", "secret-1,x"), "cell-count"),
    Damage("29-unquoted-comma", _line(",Lind,M", ",Lind, Jr,M"), "cell-count"),
    Damage("21-text-after-a-quoted-cell", _line(",Ada,", ',"A"da,'), "bad-quoting"),
    Damage("15-nul-in-a-name", _line(",Ada,", ",A\0da,"), "nul-character"),
    Damage("30-cell-too-long", _line(",Ada,", f",{'A' * (CELL_LIMIT + 1)},"), "cell-too-long"),
    Damage(
        "30-quoted-cell-too-long",
        _line(",Ada,", f',"{"A" * (CELL_LIMIT + 1)}",'),
        "cell-too-long",
    ),
    _session("endDate", "31/12/2025", "bad-date", "34-slashes"),
    _session("endDate", "2025-02-30", "bad-date", "34-no-such-day"),
    _session("startDate", "0001-01-01", "bad-date", "34-year-1"),
    _session("startDate", "20250815", "bad-date", "34-no-dashes"),
    _session("startDate", "2025-08-15T08:30:00Z", "bad-date", "34-with-a-time-of-day"),
    _session("startDate", "", "blank-required", "34-blank"),
    _session("schoolYear", "2025-2027", "bad-value", "34-school-year-of-three"),
    _session("schoolYear", "26", "bad-value", "34-school-year-short"),
    _session("schoolYear", " ", "blank-required", "34-school-year-blank"),
    _session("type", "quarter", "bad-value", "35-session-type"),
    _enrollment("beginDate", "45889", "bad-date", "34-excel-serial"),
    _enrollment("role", "pupil", "bad-value", "35-role"),
    _enrollment("role", "", "blank-required", "35-role-blank"),
    _enrollment("primary", "yes", "bad-value", "35-flag-yes"),
    _enrollment("classSourcedId", "", "blank-required", "35-class-blank"),
    _enrollment("schoolSourcedId", "NULL", "blank-required", "36-school-null"),
    _enrollment("userSourcedId", "teacher\u200b-1", "bad-id", "16-zero-width-in-a-reference"),
    _user("enabledUser", "ext:maybe", "bad-value", "35-flag-of-the-sources-own"),
    _user("enabledUser", "  ", "blank-required", "35-flag-blank"),
    _user("enabledUser", "1", "bad-value", "35-flag-1"),
    _user("enabledUser", "N/A", "blank-required", "36-flag-not-available"),
    _user("role", "learner", "bad-value", "35-user-role"),
    _user("orgSourcedIds", "", "blank-required", "35-orgs-blank"),
    _user("orgSourcedIds", " , ,", "blank-required", "35-orgs-commas"),
    _user("status", "deleted", "bad-value", "58-unknown-status"),
    _user("agentSourcedIds", "parent-1,par\u202eent", "bad-id", "16-bidi-override-in-an-agent"),
    Damage(
        "35-org-type",
        _cell("orgs", "school-2", "type", "college"),
        "bad-value",
        "orgs.csv",
        4,
        "type",
        Kind.ORG,
        "school-2",
    ),
    Damage(
        "35-class-type",
        _cell("classes", "class-2", "classType", "club"),
        "bad-value",
        "classes.csv",
        3,
        "classType",
        Kind.CLASS,
        "class-2",
    ),
    Damage(
        "35-course-without-org",
        _cell("courses", "course-1", "orgSourcedId", ""),
        "blank-required",
        "courses.csv",
        2,
        "orgSourcedId",
        Kind.COURSE,
        "course-1",
    ),
    Damage(
        "34-birth-date",
        _cell("demographics", BEN, "birthDate", "24/12/2011"),
        "bad-date",
        "demographics.csv",
        3,
        "birthDate",
        Kind.DEMOGRAPHICS,
        BEN,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_row_is_set_aside_and_its_id_protected(case: Damage, tmp_path: Path) -> None:
    sound = SmallSet().read(tmp_path / "sound")
    small = SmallSet()
    case.change(small)
    roster = small.read(tmp_path / "damaged")
    [finding] = errors(roster)
    assert (finding.code, finding.file, finding.line, finding.field) == (
        case.code,
        case.file,
        case.line,
        case.field,
    )
    assert (finding.kind, finding.record_id) == (case.kind, case.record)
    assert finding.remedy
    assert "None" not in finding.message + finding.remedy
    assert "Ada" not in finding.message
    assert case.record in roster.protected[case.kind]
    expected = dict(sound.records[case.kind])
    del expected[case.record]
    assert roster.records[case.kind] == expected
    assert roster.complete == sound.complete == frozenset(Kind)
    facts = {facts.name: facts for facts in roster.files}
    assert facts[case.file].rejected == 1
    assert facts[case.file].rows == len(small.rows[case.file.removesuffix(".csv")]) - 1


UNTRUSTED = [
    ("08-one-cell", _line("student-1,,,true", "stude\nx,,,true"), "cell-count"),
    ("15-nul-in-the-id", _line("student-1,", "stu\0dent-1,"), "nul-character"),
    ("16-control-character-in-the-id", _cell("users", ADA, "sourcedId", "student\x1b-1"), "bad-id"),
    ("16-lost-letter-in-the-id", _cell("users", ADA, "sourcedId", "student\ufffd1"), "bad-id"),
    ("16-quote-in-the-id", _line("student-1,", '"stu""dent-1",'), "bad-id"),
    ("16-comma-in-the-id", _line("student-1,", '"student,1",'), "bad-id"),
    ("21-stray-quote-on-one-line", _line("teacher-1,", '"teacher-1,'), "bad-quoting"),
    ("16-nothing-to-be-seen-in-the-id", _cell("users", ADA, "sourcedId", "\u200b"), "bad-id"),
    ("16-unseen-and-a-comma", _cell("users", ADA, "sourcedId", "a,\u200bb"), "bad-id"),
    ("33-excel-number", _cell("users", ADA, "sourcedId", "1.23E+17"), "damaged-id"),
    ("33-excel-day", _cell("users", ADA, "sourcedId", "4-Mar"), "damaged-id"),
    ("33-excel-month", _cell("users", ADA, "sourcedId", "Mar-04"), "damaged-id"),
    ("36-id-null", _cell("users", ADA, "sourcedId", "NULL"), "blank-id"),
    ("36-id-blank", _cell("users", ADA, "sourcedId", " \xa0"), "blank-id"),
]


@pytest.mark.parametrize(
    ("change", "code"), [case[1:] for case in UNTRUSTED], ids=[case[0] for case in UNTRUSTED]
)
def test_a_row_of_nobody_knows_whom_makes_nobody_absent(
    change: Callable[[SmallSet], None], code: str, tmp_path: Path
) -> None:
    small = SmallSet()
    change(small)
    roster = small.read(tmp_path)
    assert code in {finding.code for finding in errors(roster)}
    lost = {Kind.USER, Kind.ROLE, Kind.GUARDIAN}
    assert roster.complete == frozenset(Kind) - lost
    [said] = [finding for finding in roster.findings if finding.code == "incomplete"]
    assert (said.file, said.kind) == ("users.csv", Kind.USER)
    assert said.remedy


@pytest.mark.parametrize("damage", ["stu\u200bdent-1", "\u202estudent-1", "student-1\ufeff"])
def test_16_an_id_with_unseen_characters_protects_the_id_that_is_meant(
    damage: str, tmp_path: Path
) -> None:
    small = SmallSet()
    small.set("users", ADA, "sourcedId", damage)
    roster = small.read(tmp_path)
    [finding] = errors(roster)
    assert (finding.code, finding.line, finding.field) == ("bad-id", 2, "sourcedId")
    assert finding.record_id == ADA
    assert ADA in roster.protected[Kind.USER]
    assert ADA not in roster.records[Kind.USER]
    assert Kind.USER in roster.complete


def test_29_a_slipped_row_is_nobodys_when_the_id_is_not_the_first_column(tmp_path: Path) -> None:
    small = SmallSet()
    for row in small.rows["enrollments"]:
        row.append(row.pop(0))
    small.rows["enrollments"][1].insert(4, "slipped")
    roster = small.read(tmp_path)
    [finding] = errors(roster)
    assert (finding.code, finding.line, finding.record_id) == ("cell-count", 2, None)
    assert Kind.ENROLLMENT not in roster.complete
    assert len(roster.records[Kind.ENROLLMENT]) == 3


def test_every_fault_of_a_row_is_told_and_the_row_counts_once(tmp_path: Path) -> None:
    small = SmallSet()
    small.set("enrollments", "enroll-1", "role", "pupil")
    small.set("enrollments", "enroll-1", "endDate", "20.12.2025")
    roster = small.read(tmp_path)
    assert [(f.field, f.code) for f in errors(roster)] == [
        ("role", "bad-value"),
        ("endDate", "bad-date"),
    ]
    assert [f.rejected for f in roster.files if f.name == "enrollments.csv"] == [1]


def test_15_a_damaged_row_of_the_right_length_has_its_id_in_its_column(tmp_path: Path) -> None:
    small = SmallSet()
    for row in small.rows["users"]:
        row.append(row.pop(0))
    small.overwrite("users", small.text("users").replace(",Ada,", ",A\0da,"))
    roster = small.read(tmp_path)
    [finding] = errors(roster)
    assert (finding.code, finding.record_id) == ("nul-character", ADA)
    assert roster.protected[Kind.USER] == {ADA}
    assert roster.complete == frozenset(Kind)


def test_21_a_quoted_id_before_a_damaged_cell_is_trusted(tmp_path: Path) -> None:
    small = SmallSet()
    _line("student-1,,,true", '"student-1",,,true')(small)
    small.overwrite("users", small.raw["users"].decode().replace(",Ada,", ',"A"da,'))
    roster = small.read(tmp_path)
    [finding] = errors(roster)
    assert (finding.code, finding.record_id) == ("bad-quoting", ADA)
    assert roster.complete == frozenset(Kind)


def test_29_a_long_last_row_without_a_line_end_was_not_cut(tmp_path: Path) -> None:
    small = SmallSet()
    small.overwrite("users", small.text("users").rstrip("\n") + ",x")
    [finding] = errors(small.read(tmp_path))
    assert (finding.code, finding.line, finding.record_id) == ("cell-count", 5, "parent-1")
