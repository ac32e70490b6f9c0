"""A proposed mapping can be read, says what is not sure, and often is right."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from core.small_sis import SmallSis, small_sis
from core.sources.dialects.exports import Files, clever, remind_1_0, sds_1, write
from core.sources.dialects.translated import Translated, translated
from rollbook.errors import ConfigInvalid, SourceUnreachable
from rollbook.roster.kinds import Kind
from rollbook.sources.mapped_csv.guess import guess_mapping
from rollbook.sources.mapped_csv.mapping import load_mapping


def by_guess(files: Files, tmp_path: Path) -> tuple[str, Translated]:
    drop = write(files, tmp_path / "drop")
    mapping = tmp_path / "mapping.toml"
    text = guess_mapping(drop)
    mapping.write_text(text, encoding="utf-8")
    return text, translated("mapped-csv", drop, tmp_path, mapping=mapping)


@pytest.mark.parametrize("export", [clever, sds_1, remind_1_0])
def test_a_plain_export_is_read_by_its_proposal(
    export: Callable[[SmallSis], Files], tmp_path: Path
) -> None:
    sis = small_sis(1, 4, classes=2)
    _, found = by_guess(export(sis), tmp_path)
    users = found.roster.records[Kind.USER]
    assert {i for i in users if not i.startswith("g-")} >= {*sis.students(), "t-s1-1"}
    assert users["s1-01"].values["given_name"] == "Givens1-01"
    held = {
        (r.values["class_id"], r.values["user_id"], r.values["role"])
        for r in found.roster.records[Kind.ENROLLMENT].values()
    }
    expected = {
        (row["classSourcedId"], row["userSourcedId"], row["role"])
        for row in sis.enrollments.values()
    }
    assert held >= {one for one in expected if one[2] == "student"}
    if export is not remind_1_0:
        assert held == expected


def test_what_is_missing_is_said_and_refused_until_it_is_mended(tmp_path: Path) -> None:
    drop = write({"students.csv": [{"Student ID": "1", "Foo": "x"}]}, tmp_path)
    text = guess_mapping(drop)
    assert "# MISSING: no column looks like familyName." in text
    assert 'familyName = "MISSING"' in text
    assert "Not used as they are: 'Foo'" in text
    assert "No file of orgs was found" in text
    assert tomllib.loads(text)["people"][0]["columns"]["sourcedId"] == "Student ID"


def test_an_uncertain_column_is_marked(tmp_path: Path) -> None:
    drop = write({"school.csv": [{"School ID": "1", "Building name": "x"}]}, tmp_path)
    assert 'name = "Building name"  # not sure' in guess_mapping(drop)


def test_passwords_are_never_proposed(tmp_path: Path) -> None:
    files = clever(small_sis(1, 2, classes=1))
    assert "assword" not in by_guess(files, tmp_path)[0]


def test_a_file_that_means_nothing_is_said(tmp_path: Path) -> None:
    drop = write({"bus.csv": [{"Route": "1"}], "q'\n.csv": [{"x": "1"}]}, tmp_path)
    text = guess_mapping(drop)
    assert "# What 'bus.csv' holds could not be told." in text
    tomllib.loads(text)


def test_a_folder_without_files_is_said(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(SourceUnreachable, match=str(folder)):
            guess_mapping(folder)


def test_a_number_stands_in_for_an_id_and_oneroster_s_names_are_known(tmp_path: Path) -> None:
    (tmp_path / "pupils.csv").write_text(
        "Student Number,First Name,Last Name,School\n7,Ann,Lee,s1\n", encoding="utf-8"
    )
    (tmp_path / "orgs.csv").write_text("sourcedId,name,type\ns1,North,school\n", encoding="utf-8")
    mapping = guess_mapping(tmp_path)
    assert 'sourcedId = "Student Number"  # not sure' in mapping
    assert 'sourcedId = "sourcedId"  # not sure' in mapping
    assert "MISSING" not in mapping


def test_a_mapping_with_something_missing_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "pupils.csv").write_text(
        "Student ID,First Name,Last Name\n7,Ann,Lee\n", encoding="utf-8"
    )
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(guess_mapping(tmp_path), encoding="utf-8")
    with pytest.raises(ConfigInvalid, match=r"mapping\.toml, line \d+: a column is still MISSING"):
        load_mapping(mapping)


HOUSE_EXPORT = {
    "Schools.csv": [{"Building ID": "1", "Building Name": "North"}],
    "Students.csv": [
        {
            **{"Student ID": "100", "Last Name": "Ayers", "First Name": "Ada", "Grade Level": "3"},
            **{"Date of Birth": "1/2/2018", "Gender": "F", "Campus": "1", "Bus": "7"},
        }
    ],
    "Teachers.csv": [
        {"Employee Number": "T1", "Surname": "Cole", "Given Name": "Cy", "Campus": "1"}
    ],
    "Sections.csv": [
        {"Section ID": "S1", "Course Title": "Math", "Teacher ID": "T1", "Building": "1"}
    ],
    "Enrolments.csv": [{"Section ID": "S1", "Student ID": "100"}],
    "Contacts.csv": [
        {"Contact ID": "C1", "Student ID": "100", "First Name": "Max", "Last Name": "Ayers"}
    ],
    "Attendance.csv": [{"Student ID": "100", "Date": "9/14/2026", "Attendance Code": "absent"}],
    "Discipline.csv": [{"Student ID": "100", "Incident Date": "9/20/2026", "Behavior": "Late"}],
}
"""An export with the words that a district of its own might use."""


def test_a_house_export_needs_no_mending(tmp_path: Path) -> None:
    text, found = by_guess(HOUSE_EXPORT, tmp_path)
    assert "MISSING" not in text
    assert "# Not used as they are: 'Bus'." in text
    assert text.count("# Not used") == 1
    records = found.roster.records
    assert records[Kind.ORG]["1"].values["name"] == "North"
    assert records[Kind.CLASS]["S1"].values["title"] == "Math"
    about = records[Kind.DEMOGRAPHICS]["100"].values
    assert (about["birth_date"], about["sex"]) == ("2018-01-02", "female")
    [link] = records[Kind.GUARDIAN].values()
    assert link.values == {"student_id": "100", "guardian_id": "C1"}
    assert records[Kind.USER]["C1"].values["primary_org_id"] == "1"
    seats = {(r.values["user_id"], r.values["role"]) for r in records[Kind.ENROLLMENT].values()}
    assert seats == {("100", "student"), ("T1", "teacher")}
