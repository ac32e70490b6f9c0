"""The OneRoster sets that others made, read or refused as they deserve."""

from __future__ import annotations

from pathlib import Path

import pytest

from rollbook.errors import InputRefused
from rollbook.roster.kinds import Kind
from rollbook.sources import location
from rollbook.sources.oneroster_csv import read
from rollbook.sources.roster import Roster

ROSTERS = Path(__file__).parents[2].parent / "shared" / "rosters"


def fetched(name: str, into: Path) -> Path:
    path = ROSTERS / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    location.fetch(path, into)
    return into


def roster_of(name: str, into: Path) -> Roster:
    return read(fetched(name, into))


def counts(roster: Roster) -> dict[Kind, int]:
    return {kind: len(records) for kind, records in roster.records.items()}


def test_gospelnerd(tmp_path: Path) -> None:
    roster = roster_of("gospelnerd-oneroster-1p1-school-small", tmp_path)
    assert roster.version == "1.1"
    assert counts(roster) == {
        Kind.ORG: 1,
        Kind.ACADEMIC_SESSION: 2,
        Kind.COURSE: 42,
        Kind.CLASS: 42,
        Kind.USER: 79,
        Kind.ROLE: 79,
        Kind.ENROLLMENT: 546,
        Kind.GUARDIAN: 0,
        Kind.DEMOGRAPHICS: 72,
    }
    assert roster.complete == frozenset(Kind)
    years = {r.values["school_year"] for r in roster.records[Kind.ACADEMIC_SESSION].values()}
    assert years == {"2026"}
    assert [(f.code, f.file, f.count) for f in roster.findings] == [
        ("school-year", "academicSessions.csv", 2)
    ]
    roles = [r.values["primary_role"] for r in roster.records[Kind.USER].values()]
    assert {role: roles.count(role) for role in roles} == {
        "administrator": 1,
        "student": 72,
        "teacher": 6,
    }


def test_lepo_folder_and_zip_are_the_same(tmp_path: Path) -> None:
    folder = roster_of("lepo-oneroster-1p1-csv-en", tmp_path / "folder")
    archive = roster_of("lepo-oneroster-1p1-csv-en/oneroster.zip", tmp_path / "zip")
    assert folder == archive
    assert counts(folder) == {
        Kind.ORG: 1,
        Kind.ACADEMIC_SESSION: 4,
        Kind.COURSE: 2,
        Kind.CLASS: 5,
        Kind.USER: 20,
        Kind.ROLE: 20,
        Kind.ENROLLMENT: 30,
        Kind.GUARDIAN: 0,
        Kind.DEMOGRAPHICS: 0,
    }
    assert folder.complete == frozenset(Kind) - {Kind.DEMOGRAPHICS}
    [misspelt, absent] = folder.findings
    assert (misspelt.code, misspelt.file, misspelt.line) == (
        "manifest-property",
        "manifest.csv",
        10,
    )
    assert misspelt.remedy == "Did you mean file.demographics?"
    assert (absent.code, absent.file) == ("absent-file", "demographics.csv")
    assert folder.records[Kind.USER]["us0001"].values["metadata"] == {
        "metadata.phoneticGivenName": "PGN 01",
        "metadata.phoneticFamilyName": "PFN 01",
    }


def test_moodle(tmp_path: Path) -> None:
    roster = roster_of("moodle-oneroster-csv-minimal/Test_minimal_data_set.zip", tmp_path)
    assert {kind: n for kind, n in counts(roster).items() if n} == {
        Kind.ORG: 1,
        Kind.ACADEMIC_SESSION: 5,
        Kind.CLASS: 2,
        Kind.USER: 6,
        Kind.ROLE: 6,
        Kind.ENROLLMENT: 6,
    }
    assert roster.complete == frozenset(Kind) - {Kind.COURSE, Kind.DEMOGRAPHICS}
    assert {(f.code, f.file, f.field, f.count) for f in roster.findings} == {
        ("absent-file", "courses.csv", None, 1),
        ("absent-file", "demographics.csv", None, 1),
        ("case-variant", "classes.csv", "classType", 1),
        ("case-variant", "users.csv", "enabledUser", 6),
    }
    assert all(r.values["enabled"] is True for r in roster.records[Kind.USER].values())
    assert "Password1-" not in repr(roster)


@pytest.mark.parametrize(
    ("name", "file"),
    [("nicelion-oneroster-1p1-csv", "orgs.csv"), ("oat-oneroster-1p1-csv", "academicSessions.csv")],
)
def test_a_header_without_rows_is_refused(name: str, file: str, tmp_path: Path) -> None:
    folder = fetched(name, tmp_path)
    with pytest.raises(InputRefused) as refused:
        read(folder)
    error = refused.value
    assert (error.code, error.file, error.line) == ("header-only", file, 1)
    assert "header and no rows" in error.message
    assert error.remedy


@pytest.mark.parametrize(
    "name", ["o365-sds-v1-25users", "o365-sds-v1-min", "o365-sds-v2", "o365-sds-v2.1"]
)
def test_school_data_sync_is_refused(name: str, tmp_path: Path) -> None:
    folder = fetched(name, tmp_path)
    with pytest.raises(InputRefused) as refused:
        read(folder)
    assert (refused.value.code, refused.value.file) == ("no-manifest", "manifest.csv")
    assert "OneRoster" in refused.value.remedy
    if name != "o365-sds-v2":
        assert "Microsoft School Data Sync" in refused.value.message
    for version in ("1.1", "1.2"):
        with pytest.raises(InputRefused) as refused:
            read(folder, version=version)
        assert refused.value.code in ("absent-file", "missing-header")
        assert refused.value.remedy


def test_clever_is_refused(tmp_path: Path) -> None:
    folder = fetched("clever-csv-genai-2districts/CedarRidge_Data", tmp_path)
    with pytest.raises(InputRefused, match="Clever") as refused:
        read(folder)
    assert refused.value.code == "no-manifest"
