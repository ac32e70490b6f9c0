"""The written sets: files, columns, manifests, and the ways in which they are damaged."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest

from rollbook.demo.damage import (
    blank_cell,
    cut_in_half,
    empty,
    header_only,
    misspell_header,
    wrong_delimiter,
)
from rollbook.demo.founding import make_district
from rollbook.demo.shape import District
from rollbook.demo.write import Version, write_oneroster, write_zip

ROSTERING = [
    "academicSessions",
    "classes",
    "courses",
    "demographics",
    "enrollments",
    "orgs",
    "users",
]


@pytest.fixture(scope="module")
def district() -> District:
    return make_district(7, "Elk Ridge Schools", schools=3, students=120)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file, strict=True))
    assert all(None not in row and None not in row.values() for row in found)
    return found


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_every_record_is_a_row(district: District, tmp_path: Path, version: Version) -> None:
    write_oneroster(district, tmp_path, version)
    people = len(district.students) + len(district.guardians) + len(district.staff)
    assert len(rows(tmp_path, "users")) == people
    assert len(rows(tmp_path, "orgs")) == 4
    assert len(rows(tmp_path, "enrollments")) == len(district.enrollments)
    assert len(rows(tmp_path, "classes")) == len(district.classes)
    assert len(rows(tmp_path, "courses")) == len(district.courses)
    assert len(rows(tmp_path, "academicSessions")) == 7
    assert len(rows(tmp_path, "demographics")) == len(district.students)
    assert all(r["status"] == r["dateLastModified"] == "" for r in rows(tmp_path, "users"))


@pytest.mark.parametrize(("version", "files"), [("1.1", 13), ("1.2", 21)])
def test_the_manifest_tells_what_is_there(
    district: District, tmp_path: Path, version: Version, files: int
) -> None:
    write_oneroster(district, tmp_path, version)
    manifest = {row["propertyName"]: row["value"] for row in rows(tmp_path, "manifest")}
    assert manifest["manifest.version"] == "1.0"
    assert manifest["oneroster.version"] == version
    told = {k.removeprefix("file."): v for k, v in manifest.items() if k.startswith("file.")}
    assert len(told) == files
    there = {p.stem for p in tmp_path.glob("*.csv")} - {"manifest"}
    assert there == {name for name, mode in told.items() if mode == "bulk"}
    assert there == {*ROSTERING, *(["roles"] if version == "1.2" else [])}


def test_version_1_1_has_the_role_in_the_user_and_1_2_in_a_file(
    district: District, tmp_path: Path
) -> None:
    one = write_oneroster(district, tmp_path / "one")
    two = write_oneroster(district, tmp_path / "two", "1.2")
    roles_one = {
        (row["sourcedId"], row["role"], org)
        for row in rows(one, "users")
        for org in row["orgSourcedIds"].split(",")
    }
    roles_two = {
        (row["userSourcedId"], row["role"], row["orgSourcedId"]) for row in rows(two, "roles")
    }
    offices = {m.id for m in district.staff if m.role != "teacher"}
    assert {r for r in roles_one if r[0] not in offices} == {
        r for r in roles_two if r[0] not in offices
    }
    assert {r[1] for r in roles_one if r[0] in offices} == {"administrator", "aide"}
    assert {r[1] for r in roles_two if r[0] in offices} == {"principal", "counselor"}
    assert "role" not in rows(two, "users")[0]


def test_a_set_of_another_version_is_replaced_whole(district: District, tmp_path: Path) -> None:
    write_oneroster(district, tmp_path, "1.2")
    (tmp_path / "notes.txt").write_text("ours")
    write_oneroster(district, tmp_path, "1.1")
    assert not (tmp_path / "roles.csv").exists()
    assert (tmp_path / "notes.txt").exists()


def test_a_zip_holds_the_same_files_at_its_root(district: District, tmp_path: Path) -> None:
    folder = write_oneroster(district, tmp_path / "set")
    path = write_zip(district, tmp_path / "drop" / "set.zip")
    with zipfile.ZipFile(path) as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    assert packed == {p.name: p.read_bytes() for p in folder.iterdir()}
    again = write_zip(district, tmp_path / "again.zip")
    assert again.read_bytes() == path.read_bytes()


@pytest.fixture
def folder(district: District, tmp_path: Path) -> Path:
    return write_oneroster(district, tmp_path / "set")


def test_cut_in_half_ends_in_the_middle_of_a_row(folder: Path) -> None:
    whole = (folder / "users.csv").read_bytes()
    cut = cut_in_half(folder).read_bytes()
    assert whole.startswith(cut)
    assert 0.3 < len(cut) / len(whole) < 0.7
    last = cut.rsplit(b"\n", 1)[1]
    assert last
    assert last.count(b",") < whole.split(b"\r\n", 1)[0].count(b",")


def test_header_only_and_empty(folder: Path) -> None:
    header = (folder / "classes.csv").read_bytes().split(b"\n", 1)[0] + b"\n"
    assert header_only(folder, "classes.csv").read_bytes() == header
    assert empty(folder, "orgs.csv").read_bytes() == b""


def test_wrong_delimiter_keeps_the_cells(folder: Path) -> None:
    with (folder / "users.csv").open(encoding="utf-8", newline="") as file:
        before = list(csv.reader(file))
    path = wrong_delimiter(folder)
    with path.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file, delimiter=";")) == before
    assert path.read_bytes().startswith(b"sourcedId;status;")


def test_misspell_header_changes_one_header(folder: Path) -> None:
    before = (folder / "users.csv").read_bytes()
    after = misspell_header(folder, header="familyName", wrong="familyname").read_bytes()
    assert after == before.replace(b",familyName,", b",familyname,", 1)
    with pytest.raises(ValueError, match="familyName"):
        misspell_header(folder, header="familyName", wrong="surname")


def test_blank_cell_takes_one_value_away(folder: Path) -> None:
    before = rows(folder, "users")
    blank_cell(folder, row=3)
    after = rows(folder, "users")
    assert after[2] == {**before[2], "role": ""} != before[2]
    assert after[:2] + after[3:] == before[:2] + before[3:]
