"""Archives: the good ones unpack whole, the bad ones are refused (corpus items 39 and 68-73)."""

from __future__ import annotations

import io
import os
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollbook.errors import InputRefused, RollbookError, SourceUnreachable
from rollbook.sources import zip_archive
from rollbook.sources.oneroster_csv import read

from .small_set import SmallSet

Entries = Sequence[tuple[str | zipfile.ZipInfo, bytes]]


def pack(entries: Entries, path: Path) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # Python warns of a name that is there twice.
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in entries:
                archive.writestr(name, content, zipfile.ZIP_DEFLATED)
    return path


def small_entries(prefix: str = "") -> list[tuple[str, bytes]]:
    small = SmallSet()
    return [(f"{prefix}{file}.csv", small.text(file).encode()) for file in small.rows]


def fetched(path: Path, into: Path) -> list[str]:
    zip_archive.fetch(path, into)
    return sorted(entry.name for entry in into.iterdir())


def refusal(path: Path, into: Path) -> InputRefused:
    with pytest.raises(InputRefused) as refused:
        zip_archive.fetch(path, into)
    assert refused.value.message
    assert refused.value.remedy
    return refused.value


@pytest.mark.parametrize(
    "prefix",
    ["", "export/", "./", "year/export/", "export\\"],
    ids=["at-the-root", "in-one-folder", "dot", "in-one-deep-folder", "backslash"],
)
def test_the_files_are_those_of_the_set(prefix: str, tmp_path: Path) -> None:
    path = pack(small_entries(prefix), tmp_path / "set.zip")
    names = fetched(path, tmp_path / "into")
    assert names == sorted(name for name, _ in small_entries())
    sound = SmallSet().read(tmp_path / "sound")
    assert read(tmp_path / "into") == sound


def test_what_a_mac_and_people_add_is_passed_over(tmp_path: Path) -> None:
    path = pack(
        [
            *small_entries("export/"),
            ("__MACOSX/export/._users.csv", b"x"),
            ("export/.DS_Store", b"x"),
            ("README.txt", b"x"),
            ("export/", b""),
        ],
        tmp_path / "set.zip",
    )
    assert fetched(path, tmp_path / "into") == sorted(name for name, _ in small_entries())


def test_only_the_owner_may_read_what_was_unpacked(tmp_path: Path) -> None:
    into = tmp_path / "into"
    zip_archive.fetch(pack(small_entries(), tmp_path / "set.zip"), into)
    assert stat.S_IMODE(into.stat().st_mode) == 0o700
    assert {stat.S_IMODE(entry.stat().st_mode) for entry in into.iterdir()} == {0o600}


def _link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("users.csv")
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    ("entries", "code", "file"),
    [
        ([("../../evil.csv", b"x")], "archive-path", "evil.csv"),
        ([("a/../../evil.csv", b"x")], "archive-path", "evil.csv"),
        ([("/abs/evil.csv", b"x")], "archive-path", "evil.csv"),
        ([("C:\\evil.csv", b"x")], "archive-path", "evil.csv"),
        ([("C:evil.csv", b"x")], "archive-path", "C:evil.csv"),
        ([("..\\evil.csv", b"x")], "archive-path", "evil.csv"),
        ([("../evil.txt", b"x")], "archive-path", "evil.txt"),
        ([(_link(), b"/etc/passwd")], "archive-link", "users.csv"),
        ([("users.csv", b"a"), ("users.csv", b"b")], "archive-duplicate", "users.csv"),
        ([("users.csv", b"a"), ("USERS.csv", b"b")], "archive-duplicate", "USERS.csv"),
        ([("users.csv", b"a"), ("inner.zip", b"b")], "archive-nested", "inner.zip"),
        ([("users.csv.gz", b"b")], "archive-nested", "users.csv.gz"),
        ([("a/users.csv", b"a"), ("b/orgs.csv", b"b")], "archive-layout", None),
        ([("users.csv", b"a"), ("b/orgs.csv", b"b")], "archive-layout", None),
        ([("README.txt", b"a")], "archive-layout", None),
        ([], "archive-layout", None),
        ([(f"{at}.txt", b"") for at in range(101)], "archive-too-large", None),
    ],
    ids=[
        "70-parent",
        "70-parent-inside",
        "70-absolute",
        "70-drive",
        "70-drive-without-slash",
        "70-backslash",
        "70-parent-of-another-file",
        "70-symlink",
        "71-twice",
        "71-twice-but-for-case",
        "73-zip",
        "73-gzip",
        "two-folders",
        "root-and-folder",
        "no-csv",
        "nothing",
        "68-many-entries",
    ],
)
def test_an_archive_that_may_harm_is_refused(
    entries: Entries, code: str, file: str | None, tmp_path: Path
) -> None:
    error = refusal(pack(entries, tmp_path / "set.zip"), tmp_path / "deep" / "into")
    assert (error.code, error.file) == (code, file)
    assert not list(tmp_path.rglob("evil*"))
    assert not (tmp_path / "deep").exists()


def test_68_a_bomb_is_refused_while_it_goes_off(tmp_path: Path) -> None:
    path = pack([("users.csv", bytes(50 << 20))], tmp_path / "set.zip")
    assert path.stat().st_size < 60_000
    error = refusal(path, tmp_path / "into")
    assert (error.code, error.file) == ("archive-bomb", "users.csv")
    assert (tmp_path / "into" / "users.csv").stat().st_size < 10 << 20


def test_68_many_small_bombs_are_counted_together(tmp_path: Path) -> None:
    path = pack([(f"{at}.csv", bytes(1 << 20)) for at in range(8)], tmp_path / "set.zip")
    assert refusal(path, tmp_path / "into").code == "archive-bomb"


def test_68_a_bomb_beside_a_large_file_is_refused(tmp_path: Path) -> None:
    path = pack(
        [("orgs.csv", os.urandom(1 << 20)), ("users.csv", bytes(5 << 20))], tmp_path / "set.zip"
    )
    error = refusal(path, tmp_path / "into")
    assert (error.code, error.file) == ("archive-bomb", "users.csv")


def test_68_a_large_roster_is_no_bomb(tmp_path: Path) -> None:
    rows = "".join(f"enroll-{at},active,,class-{at % 90},school-1\n" for at in range(60_000))
    path = pack([("enrollments.csv", rows.encode())], tmp_path / "set.zip")
    assert len(rows) > 2 << 20
    zip_archive.fetch(path, tmp_path / "into")
    assert (tmp_path / "into" / "enrollments.csv").read_text() == rows


def test_70_a_name_that_ends_early_is_refused(tmp_path: Path) -> None:
    path = pack([("users-.csv", b"x")], tmp_path / "set.zip")
    path.write_bytes(path.read_bytes().replace(b"users-.csv", b"users\0.csv"))
    error = refusal(path, tmp_path / "into")
    assert (error.code, error.file) == ("archive-path", "users")


def test_68_a_regular_little_file_is_no_bomb(tmp_path: Path) -> None:
    path = pack([("users.csv", b"a" * (1 << 19))], tmp_path / "set.zip")
    assert fetched(path, tmp_path / "into") == ["users.csv"]


def test_68_too_many_bytes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_archive, "MAX_BYTES", 300_000)
    path = pack([(f"{at}.csv", os.urandom(200_000)) for at in range(2)], tmp_path / "set.zip")
    error = refusal(path, tmp_path / "into")
    assert (error.code, error.file) == ("archive-too-large", "1.csv")


@pytest.mark.parametrize("size", [10, 100_000], ids=["too-small", "too-large"])
def test_69_a_header_that_lies_about_the_size_is_refused(size: int, tmp_path: Path) -> None:
    content = os.urandom(20_000).hex().encode()
    path = pack([("users.csv", content)], tmp_path / "set.zip")
    packed = path.read_bytes().replace(
        struct.pack("<L", len(content)),
        struct.pack("<L", size if size < 50 else len(content) + size),
    )
    path.write_bytes(packed)
    error = refusal(path, tmp_path / "into")
    assert error.code == "bad-archive"


def _encrypted(packed: bytes) -> bytes:
    changed = bytearray(packed)
    changed[6] |= 1
    changed[packed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def _crc(packed: bytes) -> bytes:
    changed = bytearray(packed)
    changed[packed.index(b"PK\x01\x02") + 16] ^= 0xFF
    return bytes(changed)


def _method(packed: bytes) -> bytes:
    changed = bytearray(packed)
    changed[8] = changed[packed.index(b"PK\x01\x02") + 10] = 12
    return bytes(changed)


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (_encrypted, "archive-encrypted"),
        (lambda packed: packed[: len(packed) // 2], "bad-archive"),
        (lambda packed: packed[:-5], "bad-archive"),
        (lambda packed: b"", "bad-archive"),
        (_crc, "bad-archive"),
        (_method, "bad-archive"),
    ],
    ids=["72-encrypted", "72-half", "72-cut", "72-empty", "72-crc", "72-other-compression"],
)
def test_a_damaged_archive_is_refused(
    damage: Callable[[bytes], bytes], code: str, tmp_path: Path
) -> None:
    path = pack([("users.csv", b"sourcedId\nx\n" * 50)], tmp_path / "set.zip")
    path.write_bytes(damage(path.read_bytes()))
    assert refusal(path, tmp_path / "into").code == code


def test_40_an_archive_that_changes_meanwhile_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = pack(small_entries(), tmp_path / "set.zip")
    unpack = zip_archive._unpack

    def and_touch(*arguments: object) -> int:
        os.utime(path, ns=(1, 1))
        return unpack(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(zip_archive, "_unpack", and_touch)
    assert refusal(path, tmp_path / "into").code == "moved"


def test_an_archive_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreachable) as unreachable:
        zip_archive.fetch(tmp_path / "none.zip", tmp_path / "into")
    assert unreachable.value.remedy


_PACKED = io.BytesIO()
with zipfile.ZipFile(_PACKED, "w", zipfile.ZIP_DEFLATED) as _archive:
    for _name, _content in small_entries():
        _archive.writestr(_name, _content)


@settings(max_examples=300, deadline=None)
@given(
    at=st.integers(0, len(_PACKED.getvalue()) - 1),
    byte=st.integers(0, 255),
    cut=st.none() | st.integers(0, len(_PACKED.getvalue())),
)
def test_no_damage_gives_anything_but_a_refusal_or_the_same_files(
    at: int, byte: int, cut: int | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    changed = bytearray(_PACKED.getvalue())
    changed[at] = byte
    (folder / "set.zip").write_bytes(bytes(changed[:cut]))
    try:
        zip_archive.fetch(folder / "set.zip", folder / "into")
    except RollbookError:
        return
    sound = dict(small_entries())
    found = {entry.name: entry.read_bytes() for entry in (folder / "into").iterdir()}
    assert set(found.values()) <= set(sound.values())
