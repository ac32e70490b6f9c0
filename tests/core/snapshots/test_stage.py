"""Staging: fetched, hashed, kept without passwords, and nothing left over."""

import stat
from pathlib import Path

import pytest

from core.small_sis import SmallSis, small_sis
from rollbook.config.sources import OneRosterCsv
from rollbook.errors import RollbookError, SourceUnreachable
from rollbook.snapshots.stage import KEEP, drop, keep, stage

CANARY = "hunter2-canary"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return small_sis(1, 3).write(tmp_path / "source")


def kept(source: Path, tmp_path: Path, *read: str) -> Path:
    staged = stage(OneRosterCsv(path=source), tmp_path / "staging")
    place = tmp_path / "kept" / "s1"
    keep(staged, place, dict.fromkeys(read or [file.name for file in source.iterdir()], True))
    return place


def test_what_is_staged_is_the_source_byte_for_byte(source: Path, tmp_path: Path) -> None:
    staged = stage(OneRosterCsv(path=source), tmp_path / "staging")
    assert staged.files.keys() == {file.name for file in source.iterdir()}
    for file in source.iterdir():
        assert (staged.folder / file.name).read_bytes() == file.read_bytes()


def test_the_hash_follows_names_and_content_and_nothing_else(source: Path, tmp_path: Path) -> None:
    first = stage(OneRosterCsv(path=source), tmp_path / "a").sha256
    assert stage(OneRosterCsv(path=source), tmp_path / "b").sha256 == first
    (source / "orgs.csv").touch()
    assert stage(OneRosterCsv(path=source), tmp_path / "c").sha256 == first
    (source / "orgs.csv").rename(source / "Orgs.csv")
    renamed = stage(OneRosterCsv(path=source), tmp_path / "d").sha256
    (source / "Orgs.csv").write_bytes((source / "Orgs.csv").read_bytes() + b"\n")
    assert len({first, renamed, stage(OneRosterCsv(path=source), tmp_path / "e").sha256}) == 3


def test_staging_starts_afresh(source: Path, tmp_path: Path) -> None:
    (tmp_path / "staging").mkdir()
    (tmp_path / "staging" / "left-over.csv").write_text("x")
    assert "left-over.csv" not in stage(OneRosterCsv(path=source), tmp_path / "staging").files


def test_a_source_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreachable, match="nothing at"):
        stage(OneRosterCsv(path=tmp_path / "nowhere"), tmp_path / "staging")


def test_a_copy_that_cannot_be_written_is_said(source: Path, tmp_path: Path) -> None:
    (tmp_path / "north").write_text("in the way")
    with pytest.raises(SourceUnreachable, match=r"could not be copied into .*north: ") as told:
        stage(OneRosterCsv(path=source), tmp_path / "north" / "staging")
    assert "Make room" in told.value.remedy


def test_a_snapshot_that_cannot_be_kept_is_said(source: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("in the way")
    with pytest.raises(RollbookError, match=r"could not be kept in .*kept: ") as told:
        kept(source, tmp_path)
    assert not isinstance(told.value, SourceUnreachable), "its changeset is saved"
    assert "Make room" in told.value.remedy


def test_what_is_dropped_is_gone(source: Path, tmp_path: Path) -> None:
    staged = stage(OneRosterCsv(path=source), tmp_path / "staging")
    drop(staged.folder)
    drop(staged.folder)
    assert not staged.folder.exists()


def test_the_newest_snapshots_are_kept_and_the_oldest_removed(source: Path, tmp_path: Path) -> None:
    for number in range(1, KEEP + 4):
        staged = stage(OneRosterCsv(path=source), tmp_path / "kept" / "staging-x")
        keep(staged, tmp_path / "kept" / f"s{number}", {"users.csv": False})
    names = sorted(folder.name for folder in (tmp_path / "kept").iterdir())
    assert names == [f"s{number}" for number in range(4, KEEP + 4)]


def test_what_was_applied_last_stays_for_comparison(source: Path, tmp_path: Path) -> None:
    """However many were turned down or had nothing new since."""
    for number in range(1, KEEP + 3):
        staged = stage(OneRosterCsv(path=source), tmp_path / "kept" / "staging-x")
        keep(staged, tmp_path / "kept" / f"s{number}", {"users.csv": False}, "s1")
    names = {folder.name for folder in (tmp_path / "kept").iterdir()}
    assert names == {"s1", *(f"s{number}" for number in range(3, KEEP + 3))}


def test_what_is_kept_is_for_its_owner_alone(source: Path, tmp_path: Path) -> None:
    with_passwords(small_sis(1, 3)).write(source)
    place = kept(source, tmp_path)
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in place.iterdir()} == {0o600}


def with_passwords(sis: SmallSis, header: str = "password") -> SmallSis:
    for number, row in enumerate(sis.users.values()):
        row[header] = f"{CANARY}{number}"
    return sis


def canaries(place: Path) -> list[str]:
    return [file.name for file in place.iterdir() if CANARY.encode() in file.read_bytes()]


@pytest.mark.parametrize("header", ["password", "metadata.initialPassword", "UserPwd"])
def test_passwords_are_not_kept(source: Path, tmp_path: Path, header: str) -> None:
    sis = with_passwords(small_sis(1, 3), header)
    sis.users["s1-01"]["familyName"] = 'Lee, "Al" Ünï'
    sis.write(source)
    place = kept(source, tmp_path)
    assert canaries(place) == []
    text = (place / "users.csv").read_text(encoding="utf-8")
    assert '"Lee, ""Al"" Ünï"' in text
    assert len(text.splitlines()) == len(sis.users) + 1


def test_a_file_without_passwords_is_kept_as_it_is(source: Path, tmp_path: Path) -> None:
    place = kept(source, tmp_path)
    assert (place / "orgs.csv").read_bytes() == (source / "orgs.csv").read_bytes()


@pytest.mark.parametrize("start", ["", "\ufeff", "\r\n", ",,\n"])
def test_whatever_stands_before_the_header(source: Path, tmp_path: Path, start: str) -> None:
    with_passwords(small_sis(1, 3)).write(source)
    users = source / "users.csv"
    users.write_text(start + users.read_text(encoding="utf-8"), encoding="utf-8")
    assert canaries(kept(source, tmp_path)) == []


@pytest.mark.parametrize(
    "row",
    [f"x,{CANARY}", f"x,{',' * 40}{CANARY}", f'x,"a"b,{CANARY}', f"x,{'y' * 200_000},{CANARY}"],
)
def test_a_damaged_row_keeps_nothing_that_may_be_a_password(
    source: Path, tmp_path: Path, row: str
) -> None:
    with_passwords(small_sis(1, 3)).write(source)
    with (source / "users.csv").open("a", encoding="utf-8") as users:
        users.write(f"{row}\r\n")
    place = kept(source, tmp_path)
    assert canaries(place) == []
    assert "s1-01" in (place / "users.csv").read_text(encoding="utf-8")


def test_a_file_in_capitals_is_looked_through_too(source: Path, tmp_path: Path) -> None:
    with_passwords(small_sis(1, 3)).write(source)
    (source / "users.csv").rename(source / "USERS.CSV")
    assert canaries(kept(source, tmp_path)) == []


def test_files_that_were_not_read_are_not_kept(source: Path, tmp_path: Path) -> None:
    (source / "logins.csv").write_bytes(b"user,secret\n\xff," + CANARY.encode())
    place = kept(source, tmp_path, "users.csv", "orgs.csv")
    assert sorted(file.name for file in place.iterdir()) == [
        *("about.json", "manifest.csv", "orgs.csv", "users.csv")
    ]
