"""What the manifest says decides what is read, and for which kinds absence means gone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rollbook.config.sources import OneRosterCsv
from rollbook.errors import InputRefused, SourceUnreachable
from rollbook.roster.kinds import Kind
from rollbook.sources.oneroster_csv import read

from .small_set import SmallSet


def refusal(folder: Path, version: str | None = None) -> InputRefused:
    with pytest.raises(InputRefused) as refused:
        read(folder, version=version)
    assert refused.value.remedy
    return refused.value


def without_manifest(folder: Path, version: str = "1.1") -> Path:
    SmallSet(version).write(folder)
    (folder / "manifest.csv").unlink()
    return folder


def test_a_set_without_a_manifest_is_refused(tmp_path: Path) -> None:
    error = refusal(without_manifest(tmp_path))
    assert (error.code, error.file) == ("no-manifest", "manifest.csv")
    assert error.message.endswith("whether it is whole.")


@pytest.mark.parametrize(
    ("file", "dialect"),
    [("StudentEnrollment.csv", "Microsoft School Data Sync"), ("sections.csv", "Clever")],
)
def test_a_set_of_another_format_is_called_by_its_name(
    file: str, dialect: str, tmp_path: Path
) -> None:
    (tmp_path / file).write_text("a,b\n1,2\n")
    assert dialect in refusal(tmp_path).message


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_a_set_without_a_manifest_is_read_as_the_version_that_is_given(
    version: str, tmp_path: Path
) -> None:
    sound = SmallSet(version).read(tmp_path / "sound")
    roster = read(without_manifest(tmp_path / "bare", version), version=version)
    assert roster == sound


def test_without_a_manifest_what_is_not_there_is_unknown(tmp_path: Path) -> None:
    without_manifest(tmp_path)
    (tmp_path / "courses.csv").unlink()
    roster = read(tmp_path, version="1.1")
    assert roster.complete == frozenset(Kind) - {Kind.COURSE}


def test_without_a_manifest_and_without_users_the_set_is_refused(tmp_path: Path) -> None:
    without_manifest(tmp_path)
    (tmp_path / "users.csv").unlink()
    error = refusal(tmp_path, "1.1")
    assert (error.code, error.file) == ("absent-file", "users.csv")


def test_an_unknown_version_is_refused(tmp_path: Path) -> None:
    assert refusal(without_manifest(tmp_path), "0.9").code == "unknown-version"


def test_the_version_of_the_manifest_may_be_given_too(tmp_path: Path) -> None:
    assert read(SmallSet("1.2").write(tmp_path), version="1.2").findings == ()


def test_the_manifest_holds_against_the_version_that_is_given(tmp_path: Path) -> None:
    roster = read(SmallSet("1.1").write(tmp_path), version="1.2")
    assert roster.version == "1.1"
    [finding] = roster.findings
    assert (finding.code, finding.file, finding.line, finding.field) == (
        "version-differs",
        "manifest.csv",
        3,
        "oneroster.version",
    )


def _drop(name: str) -> Callable[[SmallSet], None]:
    return lambda small: small.rows["manifest"].remove(small.row("manifest", name))


def _value(name: str, value: str) -> Callable[[SmallSet], None]:
    return lambda small: small.set("manifest", name, "value", value)


def _again(small: SmallSet) -> None:
    small.rows["manifest"].append(["file.users", "absent"])


@pytest.mark.parametrize(
    ("change", "code", "line", "field"),
    [
        (_value("oneroster.version", "2.0"), "unknown-version", 3, "oneroster.version"),
        (_value("oneroster.version", ""), "unknown-version", 3, "oneroster.version"),
        (_drop("oneroster.version"), "bad-manifest", 1, None),
        (_value("file.users", "full"), "bad-manifest", 8, "file.users"),
        (_value("file.users", "delta"), "delta-mode", 8, "file.users"),
        (_again, "bad-manifest", 11, None),
        (lambda s: s.rows["manifest"].append(["one"]), "bad-manifest", 11, None),
        (lambda s: s.rename("manifest", "value", "mode"), "bad-manifest", 1, None),
    ],
    ids=[
        "unknown-version",
        "blank-version",
        "no-version",
        "unknown-mode",
        "59-delta",
        "two-values",
        "one-cell",
        "other-header",
    ],
)
def test_a_manifest_that_says_nothing_sure_is_refused(
    change: Callable[[SmallSet], None],
    code: str,
    line: int,
    field: str | None,
    tmp_path: Path,
) -> None:
    small = SmallSet()
    change(small)
    error = refusal(small.write(tmp_path))
    assert (error.code, error.file, error.line, error.field) == (code, "manifest.csv", line, field)
    assert "OneRoster  " not in error.message


@pytest.mark.parametrize(
    ("version", "file"), [("1.1", "orgs"), ("1.1", "users"), ("1.2", "orgs"), ("1.2", "roles")]
)
def test_a_set_without_what_it_takes_is_refused(version: str, file: str, tmp_path: Path) -> None:
    small = SmallSet(version)
    small.absent(file)
    error = refusal(small.write(tmp_path))
    assert (error.code, error.file) == ("absent-file", f"{file}.csv")
    assert error.remedy == f"Have the export write {file}.csv, in bulk mode."


def test_a_misspelt_property_of_what_it_takes_is_named_in_the_remedy(tmp_path: Path) -> None:
    small = SmallSet()
    small.set("manifest", "file.users", "propertyName", "fiel.users")
    error = refusal(small.write(tmp_path))
    assert error.code == "absent-file"
    assert "fiel.users: did you mean file.users" in error.remedy


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("academicSessions", Kind.ACADEMIC_SESSION),
        ("courses", Kind.COURSE),
        ("classes", Kind.CLASS),
        ("enrollments", Kind.ENROLLMENT),
        ("demographics", Kind.DEMOGRAPHICS),
    ],
)
def test_a_kind_that_is_absent_is_not_complete(file: str, kind: Kind, tmp_path: Path) -> None:
    small = SmallSet()
    small.absent(file)
    roster = small.read(tmp_path)
    assert roster.complete == frozenset(Kind) - {kind}
    assert roster.records[kind] == {}
    [finding] = roster.findings
    assert (finding.severity, finding.code, finding.kind) == ("warning", "absent-file", kind)
    assert finding.file == f"{file}.csv"


def test_a_file_that_the_manifest_calls_absent_is_not_read(tmp_path: Path) -> None:
    small = SmallSet()
    small.set("manifest", "file.courses", "value", "absent")
    small.overwrite("courses", "this is not even CSV\n")
    roster = small.read(tmp_path)
    assert roster.records[Kind.COURSE] == {}
    assert Kind.COURSE not in roster.complete
    assert [(f.code, f.file) for f in roster.findings] == [
        ("absent-file", "courses.csv"),
        ("not-read", "courses.csv"),
    ]


def test_a_misspelt_property_is_a_warning_with_the_nearest_name(tmp_path: Path) -> None:
    small = SmallSet()
    small.set("manifest", "file.demographics", "propertyName", "fiel.demographics")
    roster = small.read(tmp_path)
    assert Kind.DEMOGRAPHICS not in roster.complete
    found = {f.code: f for f in roster.findings}
    assert found.keys() == {"manifest-property", "absent-file", "not-read"}
    finding = found["manifest-property"]
    assert (finding.file, finding.line) == ("manifest.csv", 10)
    assert finding.remedy == "Did you mean file.demographics?"


def test_a_gradebook_file_that_is_said_to_be_there_must_be(tmp_path: Path) -> None:
    small = SmallSet()
    small.rows["manifest"].append(["file.results", "bulk"])
    error = refusal(small.write(tmp_path))
    assert (error.code, error.file) == ("missing-file", "results.csv")


def test_files_beside_the_roster_are_passed_over(tmp_path: Path) -> None:
    small = SmallSet()
    small.rows["manifest"].append(["file.results", "bulk"])
    small.raw["results"] = b"\xff\xfe\x00 no matter"
    assert small.read(tmp_path).findings == ()


def test_another_manifest_version_is_a_warning(tmp_path: Path) -> None:
    small = SmallSet()
    small.set("manifest", "manifest.version", "value", "2.0")
    [finding] = small.read(tmp_path).findings
    assert (finding.code, finding.line) == ("manifest-version", 2)


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    SmallSet().write(tmp_path)
    (tmp_path / "Users.csv").write_text("sourcedId\nx\n")
    error = refusal(tmp_path)
    assert (error.code, error.file) == ("duplicate-file", "users.csv")
    assert "Users.csv and users.csv" in error.message


def test_a_folder_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreachable) as unreachable:
        read(tmp_path / "nowhere")
    assert unreachable.value.remedy


def as_one_point_zero(folder: Path) -> Path:
    """The set as 1.0 writes it: no manifest, a status in every row, other names of columns."""
    without_manifest(folder)
    for file in folder.glob("*.csv"):
        header, *rows = file.read_text(encoding="utf-8").splitlines()
        columns = header.split(",")
        for old, new in OLD_NAMES.get(file.stem, {}).items():
            columns[columns.index(new)] = old
        at = columns.index("status")
        changed = [row.split(",") for row in rows]
        for row in changed:
            row[at] = "active"
        lines = [",".join(columns), *(",".join(row) for row in changed)]
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return folder


OLD_NAMES = {
    "users": {"userId": "userIds", "agents": "agentSourcedIds", "grade": "grades"},
    "demographics": {"userSourcedId": "sourcedId"},
}


def test_a_set_of_1_0_says_what_one_of_1_1_says(tmp_path: Path) -> None:
    sound = SmallSet("1.1").read(tmp_path / "sound")
    roster = read(as_one_point_zero(tmp_path / "old"), version="1.0", tobedeleted="remove")
    assert roster.records == sound.records
    assert roster.complete == sound.complete
    assert {finding.code for finding in roster.findings} == {"old-header"}


def test_what_is_inactive_in_1_0_is_gone(tmp_path: Path) -> None:
    folder = as_one_point_zero(tmp_path)
    source = OneRosterCsv(path=folder, version="1.0")
    users = folder / "users.csv"
    users.write_text(users.read_text().replace("student-2,active", "student-2,inactive"))
    roster = read(folder, version=source.set_version, tobedeleted=source.set_tobedeleted)
    assert "student-2" not in roster.records[Kind.USER]
    assert Kind.USER in roster.complete
