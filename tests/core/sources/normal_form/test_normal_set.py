"""What a translator writes is a set that the reader takes, and nothing else."""

from __future__ import annotations

import stat
import tracemalloc
from pathlib import Path

import pytest

from rollbook.roster.findings import Finding, Severity
from rollbook.roster.kinds import Kind
from rollbook.sources.normal_form import NormalSet, listed, origins_of
from rollbook.sources.oneroster_csv import read

FAULT = Finding(Severity.ERROR, "bad-quoting", "It goes on after its quote.", "Mend it.")


def begin(normal: NormalSet) -> None:
    """One school, and the files of people open."""
    normal.open("orgs.csv", ["name", "type"])
    school = normal.origin("schools.csv")
    normal.add("orgs.csv", {"sourcedId": "s1", "name": "North", "type": "school"}, school, 2)
    normal.open("users.csv", ["givenName", "metadata.shoe"])
    normal.open("roles.csv", [])


def person(normal: NormalSet, user: str, number: int, **cells: str) -> None:
    row = {"sourcedId": user, "enabledUser": "true", "username": user, **cells}
    origin = normal.origin("people.csv", {"users.csv:givenName": "First_name"})
    normal.add("users.csv", row, origin, number)
    normal.add_role(user, "student", "s1", origin, number, primary=True)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    with NormalSet(tmp_path / "set") as normal:
        begin(normal)
        person(normal, "u1", 2, givenName='A "B", C', **{"metadata.shoe": "38"})
    roster = read(tmp_path / "set")
    assert roster.version == "1.2"
    user = roster.records[Kind.USER]["u1"].values
    assert user["given_name"] == 'A "B", C'
    assert user["metadata"] == {"metadata.shoe": "38"}
    assert list(roster.records[Kind.ROLE]) == ["u1:student:s1"]
    assert Kind.ENROLLMENT not in roster.complete
    assert Kind.GUARDIAN not in roster.complete, "there is no column for it"


def test_a_file_without_rows_says_nothing(tmp_path: Path) -> None:
    with NormalSet(tmp_path / "set") as normal:
        begin(normal)
        person(normal, "u1", 2)
        normal.open("enrollments.csv", [])
    assert not (tmp_path / "set" / "enrollments.csv").exists()
    assert "file.enrollments,absent" in (tmp_path / "set" / "manifest.csv").read_text("utf-8")
    assert Kind.ENROLLMENT not in read(tmp_path / "set").complete


def test_the_same_rows_are_the_same_bytes(tmp_path: Path) -> None:
    contents = []
    for name in ("a", "b"):
        with NormalSet(tmp_path / name) as normal:
            begin(normal)
            for number in range(2, 9):
                person(normal, f"u{number}", number)
        contents.append({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()})
    assert contents[0] == contents[1]
    assert contents[0]["users.csv"].count(b"\n") == 8


def test_line_breaks_and_letters_that_are_none_do_no_harm(tmp_path: Path) -> None:
    with NormalSet(tmp_path / "set") as normal:
        begin(normal)
        person(normal, "u1", 2, givenName="A\r\nB")
        person(normal, "u2", 3, givenName="A\ud800B")
    names = {
        i: r.values["given_name"] for i, r in read(tmp_path / "set").records[Kind.USER].items()
    }
    assert names["u1"] == "A B"
    assert set(str(names["u2"])) == set("AB\ufffd")


def test_what_the_normal_form_does_not_have_is_no_column(tmp_path: Path) -> None:
    with NormalSet(tmp_path / "set") as normal:
        with pytest.raises(ValueError, match=r"no file students\.csv"):
            normal.open("students.csv", [])
        with pytest.raises(ValueError, match="no column password"):
            normal.open("users.csv", ["password"])
        begin(normal)
        with pytest.raises(ValueError, match="opened without email"):
            person(normal, "u1", 2, email="a@b.c")
        with pytest.raises(ValueError, match="open already"):
            normal.open("users.csv", [])


def test_a_translation_that_broke_off_is_no_set(tmp_path: Path) -> None:
    def break_off() -> None:
        with NormalSet(tmp_path / "set") as normal:
            begin(normal)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert not (tmp_path / "set" / "manifest.csv").exists()


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    with NormalSet(tmp_path / "set") as normal:
        begin(normal)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "set").iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "set").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "set-origins").stat().st_mode) == 0o700


def test_a_row_that_cannot_be_read_protects_its_id(tmp_path: Path) -> None:
    with NormalSet(tmp_path / "set") as normal:
        begin(normal)
        person(normal, "u1", 2)
        normal.add_unreadable("users.csv", normal.origin("people.csv"), 3, FAULT, "u2")
    roster = read(tmp_path / "set")
    assert roster.protected[Kind.USER] == {"u2"}
    assert Kind.USER in roster.complete


def test_a_row_of_nobody_knows_whom_protects_all(tmp_path: Path) -> None:
    with NormalSet(tmp_path / "set") as normal:
        begin(normal)
        person(normal, "u1", 2)
        normal.add_unreadable("users.csv", normal.origin("people.csv"), 3, FAULT)
    assert Kind.USER not in read(tmp_path / "set").complete


def test_a_finding_is_told_where_the_row_came_from(tmp_path: Path) -> None:
    with NormalSet(tmp_path / "set") as normal:
        begin(normal)
        person(normal, "u1", 17)
        person(normal, "u2", 18, givenName="N/A")
        normal.add_unreadable("users.csv", normal.origin("more.csv"), 5, FAULT, "u9")
        person(normal, "u3", 4, enabledUser="maybe")
        normal.add("users.csv", {"sourcedId": "u4"}, normal.origin("GET /users, page 2"))
    found = origins_of(tmp_path / "set").told(read(tmp_path / "set").findings)
    places = {f.code: (f.file, f.line, f.field) for f in found}
    assert places["placeholder-kept"] == ("people.csv", 18, "First_name")
    assert places["bad-quoting"] == ("more.csv", 5, None)
    [said] = [f for f in found if f.code == "bad-quoting"]
    assert (said.message, said.remedy, said.record_id) == (FAULT.message, FAULT.remedy, "u9")
    assert places["bad-value"] == ("people.csv", 4, "enabledUser")
    assert places["blank-required"] == ("GET /users, page 2", None, "enabledUser")
    assert places["absent-column"] == (None, None, None)
    absent = {f.message for f in found if f.code in ("absent-column", "absent-file")}
    assert "The source says nothing of guardian links: what the directory holds of them" in "".join(
        message[:75] for message in absent
    )
    assert not any(".csv" in message for message in absent)


def test_origins_do_not_hold_on_to_rows(tmp_path: Path) -> None:
    """Ten times the rows take no more memory while they are written and asked for."""
    peaks = []
    for count in (20_000, 200_000):
        tracemalloc.start()
        with NormalSet(tmp_path / str(count)) as normal:
            begin(normal)
            for number in range(2, count):
                person(normal, f"u{number}", number)
        origins = origins_of(tmp_path / str(count))
        assert origins.of("users.csv", count - 1) == (1, count - 1)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 200_000


def test_a_list_has_each_value_once() -> None:
    assert listed(["b", "", "a", "b"]) == "b,a"
