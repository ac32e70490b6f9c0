"""Files of other dialects that are damaged, or not whole: refused, or set aside, by their names."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from core.small_sis import SmallSis, small_sis
from core.sources.dialects.exports import EXPORTS, Files, clever, sds_1, sds_2_1, write
from core.sources.dialects.translated import Translated, source_of, translated
from rollbook.errors import InputRefused
from rollbook.roster.kinds import Kind
from rollbook.snapshots.stage import keep, stage
from rollbook.sources.base import Base, base_in
from rollbook.sources.mapped_csv import load_mapping
from rollbook.sources.profiles import profile_names, profile_path

ACCESS = (Kind.USER, Kind.ROLE)


@pytest.fixture
def sis() -> SmallSis:
    return small_sis(1, 4, classes=2)


def of_clever(files: Files, tmp_path: Path) -> Translated:
    return translated("clever-csv", write(files, tmp_path / "drop"), tmp_path)


def line_put(path: Path, number: int, text: str) -> None:
    """Put a line in the place of another (1 is the header)."""
    lines = path.read_bytes().decode().split("\r\n")
    lines[number - 1] = text
    path.write_bytes("\r\n".join(lines).encode())


@pytest.mark.parametrize("dialect", EXPORTS)
def test_a_file_that_is_missing_is_named(dialect: str, sis: SmallSis, tmp_path: Path) -> None:
    files = EXPORTS[dialect](sis)
    gone = list(files)[1]
    drop = write(files, tmp_path / "drop")
    (drop / gone).unlink()
    with pytest.raises(InputRefused, match=gone) as refused:
        translated(dialect, drop, tmp_path)
    assert (refused.value.code, refused.value.file) == ("missing-file", gone)
    assert refused.value.remedy


@pytest.mark.parametrize("dialect", EXPORTS)
def test_a_column_that_is_misspelt_is_named(dialect: str, sis: SmallSis, tmp_path: Path) -> None:
    drop = write(EXPORTS[dialect](sis), tmp_path / "drop")
    file = next(drop / name for name in EXPORTS[dialect](sis))
    header = file.read_bytes().decode().split("\r\n")[0]
    wanted = header.split(",")[0].replace("sourceId", "sourcedId")
    line_put(file, 1, f"{wanted}x{header[header.index(',') :]}")
    with pytest.raises(InputRefused, match=f"did you mean {wanted}") as refused:
        translated(dialect, drop, tmp_path)
    assert (refused.value.code, refused.value.file) == ("missing-header", file.name)
    assert (refused.value.line, refused.value.field) == (1, wanted)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty-file"),
        (b"School_id,School_name,School_number\r\n", "header-only"),
        (b"School_id;School_name\r\ns1;North\r\n", "delimiter"),
        ("School_id,School_name\r\ns1,Nörth\r\n".encode("cp1252"), "not-utf8"),
        ("School_id,School_name\r\ns1,North\r\n".encode("utf-16"), "utf-16"),
        (b'School_id,School_name\r\ns1,"North\r\ns2,South\r\n', "open-quote"),
        (b"School_id,School_name\r\ns1,North\r\ns2", "truncated"),
        (b"School_id,School_name\r\ns1,Nor\xc3", "truncated"),
        (b"School_id,School name,SCHOOL_NAME\r\ns1,North,North\r\n", "duplicate-header"),
    ],
)
def test_a_file_that_is_unfit_is_refused(
    sis: SmallSis, tmp_path: Path, content: bytes, code: str
) -> None:
    drop = write(clever(sis), tmp_path / "drop")
    (drop / "schools.csv").write_bytes(content)
    with pytest.raises(InputRefused) as refused:
        translated("clever-csv", drop, tmp_path)
    assert (refused.value.code, refused.value.file) == (code, "schools.csv")


def test_two_spellings_of_a_file_are_refused(sis: SmallSis, tmp_path: Path) -> None:
    drop = write(clever(sis), tmp_path / "drop")
    (drop / "Schools.csv").write_bytes((drop / "schools.csv").read_bytes())
    with pytest.raises(InputRefused) as refused:
        translated("clever-csv", drop, tmp_path)
    assert refused.value.code == "duplicate-file"


def test_spaces_for_underscores_and_other_case_are_the_same_columns(
    sis: SmallSis, tmp_path: Path
) -> None:
    truth = of_clever(clever(sis), tmp_path).roster.records
    spaced = {
        name: [{c.replace("_", " ").lower(): v for c, v in row.items()} for row in rows]
        for name, rows in clever(sis).items()
    }
    assert of_clever(spaced, tmp_path).roster.records == truth


def test_a_row_that_is_cut_protects_everybody_of_its_file(sis: SmallSis, tmp_path: Path) -> None:
    drop = write(clever(sis), tmp_path / "drop")
    line_put(drop / "students.csv", 3, "s1,s1-02")
    found = translated("clever-csv", drop, tmp_path)
    assert not found.roster.complete & {*ACCESS, Kind.GUARDIAN, Kind.DEMOGRAPHICS}
    assert {(f, n) for f, n, _ in found.places("cell-count")} == {("students.csv", 3)}
    assert Kind.CLASS in found.roster.complete


def test_a_blank_id_protects_everybody(sis: SmallSis, tmp_path: Path) -> None:
    files = clever(sis)
    files["students.csv"][1]["Student_id"] = ""
    found = of_clever(files, tmp_path)
    assert not found.roster.complete & {*ACCESS}
    assert ("students.csv", 3, "Student_id") in found.places("blank-id")


def test_a_date_that_is_none_is_told_with_the_sources_name_of_its_column(
    sis: SmallSis, tmp_path: Path
) -> None:
    files = clever(sis)
    files["students.csv"][2]["DOB"] = "13/13/2016"
    found = of_clever(files, tmp_path)
    assert found.places("bad-date") == [("students.csv", 4, "DOB")]
    assert found.roster.protected[Kind.DEMOGRAPHICS] == {"s1-03"}


def test_rows_of_a_student_that_disagree_set_the_student_aside(
    sis: SmallSis, tmp_path: Path
) -> None:
    files = clever(sis)
    files["students.csv"].append(files["students.csv"][0] | {"Last_name": "Other"})
    found = of_clever(files, tmp_path)
    assert "s1-01" not in found.roster.records[Kind.USER]
    assert "s1-01" in found.roster.protected[Kind.USER]


def test_a_student_and_a_teacher_of_one_id_are_nobody(sis: SmallSis, tmp_path: Path) -> None:
    files = clever(sis)
    files["teachers.csv"][0]["Teacher_id"] = "s1-01"
    found = of_clever(files, tmp_path)
    assert "s1-01" not in found.roster.records[Kind.USER]
    assert "s1-01" in found.roster.protected[Kind.USER]


def test_a_teacher_at_two_schools_has_two_roles(tmp_path: Path) -> None:
    sis = small_sis(2, 3, classes=1)
    sis.users["t-s1-1"]["orgs"] = "s1,s2"
    found = of_clever(clever(sis), tmp_path)
    roles = [r.values for r in found.roster.records[Kind.ROLE].values()]
    held = {(r["org_id"], r["role_type"]) for r in roles if r["user_id"] == "t-s1-1"}
    assert held == {("s1", "primary"), ("s2", "secondary")}


def test_contacts_without_ids_are_told_apart_as_clever_does(sis: SmallSis, tmp_path: Path) -> None:
    def contact(**cells: str) -> str:
        files = clever(sis)
        for row in files["students.csv"]:
            for name in [n for n in row if n.startswith("Contact_")]:
                del row[name]
            row |= {
                "Contact_name": "",
                "Contact_email": "",
                "Contact_phone": "",
                "Contact_type": "",
            }
        files["students.csv"][0] |= cells
        [link] = of_clever(files, tmp_path).roster.records[Kind.GUARDIAN].values()
        return str(link.values["guardian_id"])

    name = {"Contact_name": "Ana Lima"}
    by_mail = contact(**name, Contact_email="a@x.org", Contact_phone="1")
    assert by_mail == contact(Contact_name="ana  lima", Contact_email="A@x.org", Contact_phone="2")
    assert by_mail != contact(**name, Contact_email="b@x.org")
    assert contact(**name, Contact_phone="1") != contact(**name, Contact_phone="2")
    assert contact(**name) != contact(**name, Contact_type="Emergency")
    assert "ana" not in by_mail.casefold()


def test_contacts_may_have_a_file_of_their_own(sis: SmallSis, tmp_path: Path) -> None:
    files = clever(sis)
    files["contacts.csv"] = [
        {
            "contact_id": "k1",
            "student_id": student,
            "first_name": "Ana",
            "last_name": "Lima",
            "relationship": "Aunt",
            "phone": "1",
            "phone_type": "Cell",
        }
        for student in ("s1-01", "s1-02")
    ]
    found = of_clever(files, tmp_path).roster
    user = found.records[Kind.USER]["k1"].values
    assert (user["given_name"], user["sms"], user["primary_role"]) == ("Ana", "1", "relative")
    links = [r.values for r in found.records[Kind.GUARDIAN].values()]
    assert {r["student_id"] for r in links if r["guardian_id"] == "k1"} == {"s1-01", "s1-02"}


def test_a_section_has_all_its_teachers(sis: SmallSis, tmp_path: Path) -> None:
    files = clever(sis)
    files["sections.csv"][0] |= {"Teacher_2_id": "t-s1-2"}
    found = of_clever(files, tmp_path)
    primary = {
        r.values["user_id"]: r.values.get("primary")
        for r in found.roster.records[Kind.ENROLLMENT].values()
        if r.values["class_id"] == "c-s1-1" and r.values["role"] == "teacher"
    }
    assert primary == {"t-s1-1": True, "t-s1-2": False}


def test_a_file_that_is_no_part_of_the_format_is_said(sis: SmallSis, tmp_path: Path) -> None:
    found = of_clever({**clever(sis), "grades.csv": [{"a": "1"}]}, tmp_path)
    assert found.places("not-read") == [("grades.csv", None, None)]


def test_sds_guardians_are_linked_from_their_own_file(sis: SmallSis, tmp_path: Path) -> None:
    files = sds_1(sis)
    mail = "ana@x.org"
    files["user.csv"] = [{"Email": mail, "First Name": "Ana", "Last Name": "Lima", "Phone": "1"}]
    files["guardianrelationship.csv"] = [
        {"SIS ID": student, "Email": mail, "Role": "Guardian"} for student in ("s1-01", "s1-02")
    ]
    found = translated("sds-csv 1", write(files, tmp_path / "drop"), tmp_path)
    links = found.roster.records[Kind.GUARDIAN].values()
    assert {str(r.values["student_id"]) for r in links} == {"s1-01", "s1-02"}
    [guardian] = {str(r.values["guardian_id"]) for r in links}
    user = found.roster.records[Kind.USER][guardian].values
    assert (user["family_name"], user["primary_org_id"]) == ("Lima", "s1")
    assert not found.places("not-read")


def test_sds_inactive_people_are_disabled(sis: SmallSis, tmp_path: Path) -> None:
    files = sds_1(sis)
    files["Student.csv"][0]["Status"] = "inactive"
    files["Student.csv"][1]["Status"] = ""
    found = translated("sds-csv 1", write(files, tmp_path / "drop"), tmp_path)
    users = found.roster.records[Kind.USER]
    assert [users[i].values["enabled"] for i in ("s1-01", "s1-02")] == [False, True]


def test_an_enrollment_in_a_section_that_is_not_there_is_set_aside(
    sis: SmallSis, tmp_path: Path
) -> None:
    files = sds_1(sis)
    files["StudentEnrollment.csv"][0]["Section SIS ID"] = "nowhere"
    found = translated("sds-csv 1", write(files, tmp_path / "drop"), tmp_path)
    assert found.places("blank-required") == [("StudentEnrollment.csv", 2, "Section SIS ID")]
    assert found.roster.protected[Kind.ENROLLMENT]


def test_a_relationship_of_nobody_is_told(sis: SmallSis, tmp_path: Path) -> None:
    files = sds_2_1(sis)
    files["relationships.csv"][0]["userSourcedId"] = "nobody"
    found = translated("sds-csv 2.1", write(files, tmp_path / "drop"), tmp_path)
    assert ("relationships.csv", 2, "enabledUser") in found.places("blank-required")


def come_last(found: Translated, tmp_path: Path) -> Base:
    """What came last, as it is kept."""
    keep(found.staged, tmp_path / "s1", {path.name: True for path in found.staged.folder.iterdir()})
    base = base_in(tmp_path / "s1", "s1")
    assert base is not None
    return base


def test_a_file_that_may_be_missing_may_not_go_missing(sis: SmallSis, tmp_path: Path) -> None:
    staff = [{"School_id": "s1", "Staff_id": "x1", "First_name": "A", "Last_name": "B"}]
    whole = write({**clever(sis), "staff.csv": staff}, tmp_path / "whole")
    less = write(clever(sis), tmp_path / "less")
    base = come_last(translated("clever-csv", whole, tmp_path), tmp_path)
    with pytest.raises(InputRefused, match=r"staff\.csv came last time") as refused:
        translated("clever-csv", less, tmp_path, base=base)
    assert (refused.value.code, refused.value.file) == ("missing-file", "staff.csv")
    assert translated("clever-csv", less, tmp_path).roster.records[Kind.USER]
    assert translated("clever-csv", whole, tmp_path, base=base).roster.records[Kind.USER]


def test_columns_that_people_are_made_of_may_not_go_missing(sis: SmallSis, tmp_path: Path) -> None:
    files = clever(sis)
    base = come_last(of_clever(files, tmp_path), tmp_path)
    for row in files["students.csv"]:
        for name in [name for name in row if name.startswith("Contact_")]:
            del row[name]
    drop = write(files, tmp_path / "drop")
    with pytest.raises(InputRefused, match="came last time") as refused:
        translated("clever-csv", drop, tmp_path, base=base)
    assert (refused.value.file, refused.value.field) == ("students.csv", "Contact_name")
    assert Kind.GUARDIAN not in translated("clever-csv", drop, tmp_path).roster.complete


@pytest.mark.parametrize("dialect", ["remind-csv 1.0", "remind-csv 2.0"])
def test_remind_may_send_headers_alone_and_nothing_is_gone(
    dialect: str, sis: SmallSis, tmp_path: Path
) -> None:
    drop = write(EXPORTS[dialect](sis), tmp_path / "drop")
    for file in drop.glob("*class*.csv"):
        file.write_bytes(file.read_bytes().split(b"\r\n")[0] + b"\r\n")
    if dialect.endswith("1.0"):
        file = drop / "enrollments.csv"
        file.write_bytes(file.read_bytes().split(b"\r\n")[0] + b"\r\n")
    found = translated(dialect, drop, tmp_path)
    assert not found.roster.complete & {Kind.CLASS, Kind.ENROLLMENT}
    assert found.roster.records[Kind.USER]


def test_more_than_six_agents_are_said_and_read(sis: SmallSis, tmp_path: Path) -> None:
    guardians = [i for i in sis.users if i.startswith("g-")]
    for number in range(4):
        extra = f"g-x{number}"
        sis.users[extra] = sis.users[guardians[0]] | {"email": f"{extra}@north.example.org"}
        guardians.append(extra)
    sis.users["s1-01"]["agents"] = ",".join(guardians[:7])
    drop = write(EXPORTS["schoolstatus-csv"](sis), tmp_path / "drop")
    found = translated("schoolstatus-csv", drop, tmp_path)
    [(file, line, field)] = found.places("too-many")
    assert (file, field) == ("users.csv", "agentSourcedIds")
    assert line
    links = found.roster.records[Kind.GUARDIAN].values()
    assert sum(r.values["student_id"] == "s1-01" for r in links) == 7


@pytest.mark.parametrize("name", profile_names())
def test_every_profile_that_is_shipped_is_a_mapping(name: str) -> None:
    assert load_mapping(profile_path(name)).records


def test_a_copy_of_a_profile_may_be_corrected(sis: SmallSis, tmp_path: Path) -> None:
    profile = tmp_path / "own.toml"
    text = profile_path("clever").read_text("utf-8")
    profile.write_text(text.replace('name = "School_name"', 'name = "Called"'), encoding="utf-8")
    files = clever(sis)
    for row in files["schools.csv"]:
        row["Called"] = row.pop("School_name")
    drop = write(files, tmp_path / "drop")
    found = translated("clever-csv", drop, tmp_path, profile=profile)
    assert found.roster.records[Kind.ORG]["s1"].values["name"] == "School 1"


def peak(make: Callable[[SmallSis], Files], students: int, tmp_path: Path) -> int:
    files = make(small_sis(2, students, classes=2))
    drop = write(files, tmp_path / "drop")
    tracemalloc.start()
    try:
        stage(source_of("clever-csv", drop), tmp_path / "staging-1")
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_staging_does_not_grow_with_the_files(tmp_path: Path) -> None:
    limit = peak(clever, 1_000, tmp_path) + 1_500_000
    # What other threads of this process hold for a moment counts, too, but not twice.
    assert any(peak(clever, 8_000, tmp_path) < limit for _ in range(2))
