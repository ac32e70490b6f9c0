"""The files of other dialects that others made."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.sources.dialects.translated import Translated, translated
from rollbook.roster.kinds import Kind

ROSTERS = Path(__file__).parents[2].parent / "shared" / "rosters"


def found(dialect: str, name: str, tmp_path: Path) -> Translated:
    path = ROSTERS / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    return translated(dialect, path, tmp_path)


def counts(of: Translated) -> dict[Kind, int]:
    return {kind: len(records) for kind, records in of.roster.records.items() if records}


@pytest.mark.parametrize(
    ("district", "enrollments"), [("CedarRidge_Data", 24), ("SummitHeights_Data", 26)]
)
def test_clever(district: str, enrollments: int, tmp_path: Path) -> None:
    read = found("clever-csv", f"clever-csv-genai-2districts/{district}", tmp_path)
    assert counts(read) == {
        Kind.ORG: 2,
        Kind.CLASS: 4,
        Kind.USER: 26,
        Kind.ROLE: 27,
        Kind.ENROLLMENT: enrollments,
        Kind.DEMOGRAPHICS: 17,
    }
    assert not [f for f in read.findings if f.severity == "error"]
    assert Kind.GUARDIAN not in read.roster.complete
    assert not read.roster.complete & {Kind.COURSE, Kind.ACADEMIC_SESSION}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "o365-sds-v1-25users",
            {
                Kind.ORG: 2,
                Kind.ACADEMIC_SESSION: 1,
                Kind.COURSE: 2,
                Kind.CLASS: 2,
                Kind.USER: 24,
                Kind.ROLE: 24,
                Kind.ENROLLMENT: 46,
                Kind.DEMOGRAPHICS: 22,
            },
        ),
        (
            "o365-sds-v1-min",
            {Kind.ORG: 2, Kind.CLASS: 2, Kind.USER: 24, Kind.ROLE: 24, Kind.ENROLLMENT: 46},
        ),
        (
            "o365-sds-v2",
            {Kind.ORG: 5, Kind.CLASS: 4, Kind.USER: 29, Kind.ROLE: 29, Kind.ENROLLMENT: 29},
        ),
        (
            "o365-sds-v2.1",
            {
                Kind.ORG: 4,
                Kind.ACADEMIC_SESSION: 2,
                Kind.COURSE: 3,
                Kind.CLASS: 2,
                Kind.USER: 8,
                Kind.ROLE: 7,
                Kind.ENROLLMENT: 6,
                Kind.GUARDIAN: 3,
                Kind.DEMOGRAPHICS: 6,
            },
        ),
    ],
)
def test_school_data_sync(name: str, expected: dict[Kind, int], tmp_path: Path) -> None:
    read = found("sds-csv", name, tmp_path)
    assert counts(read) == expected
    assert not [f for f in read.findings if f.severity == "error"]
    sessions = read.roster.records[Kind.ACADEMIC_SESSION].values()
    assert all(session.values["start_date"] for session in sessions)


def test_the_sds_sample_of_a_year_in_american_dates(tmp_path: Path) -> None:
    read = found("sds-csv", "o365-sds-v1-25users", tmp_path)
    [term] = read.roster.records[Kind.ACADEMIC_SESSION].values()
    assert (term.values["start_date"], term.values["school_year"]) == ("2017-07-01", "2018")
    birth = read.roster.records[Kind.DEMOGRAPHICS]["13001"].values["birth_date"]
    assert birth == "2000-04-02"


def test_a_oneroster_set_in_the_flavour_of_schoolstatus(tmp_path: Path) -> None:
    read = found("schoolstatus-csv", "gospelnerd-oneroster-1p1-school-small", tmp_path)
    assert counts(read) == {
        Kind.ORG: 1,
        Kind.CLASS: 42,
        Kind.USER: 79,
        Kind.ROLE: 79,
        Kind.ENROLLMENT: 546,
    }
