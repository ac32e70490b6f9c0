"""Damaged and made-up archives: refused, or unpacked to what was packed, and never outside."""

from __future__ import annotations

import io
import warnings
import zipfile
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import event, given
from hypothesis import strategies as st

from fuzz.budget import fuzzed, is_told
from fuzz.damage import Damaged, Edit, edits
from fuzz.good_set import Spelling, good_files
from fuzz.scraps import some_bytes, some_text
from rollbook.errors import InputRefused, SourceUnreachable
from rollbook.sources import location, zip_archive

_NAMES = (
    *("users.csv", "USERS.CSV", "a/users.csv", "../users.csv", "/users.csv", "C:users.csv"),
    *("a\\users.csv", "..\\users.csv", "./users.csv", "a//users.csv", ".csv", "a.zip", "x.txt"),
    *("con.csv", "users.csv/", "users.csv/x.csv", "__MACOSX/users.csv", "a" * 300 + ".csv"),
    *("users\n.csv", "users\x1b[2J.csv", "\u202evsc.csv", "users.csv ", "users.csv."),
)


@cache
def _good(stored: bool) -> tuple[bytes, frozenset[bytes]]:
    """An archive of the good set, and the contents of its files."""
    files = good_files(Spelling())
    out = io.BytesIO()
    way = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(out, "w", way) as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.csv", content)
    return out.getvalue(), frozenset(files.values())


def _unpacked(archive: bytes) -> dict[str, bytes] | None:
    """The files by name, or nothing when the archive is refused."""
    with TemporaryDirectory() as place:
        root = Path(place)
        source, into = root / "drop" / "set.zip", root / "home" / "staged"
        source.parent.mkdir()
        source.write_bytes(archive)
        try:
            location.fetch(source, into)
        except (InputRefused, SourceUnreachable) as error:
            is_told(error)
            return None
        finally:
            outside = [path for path in root.rglob("*") if path.is_file() and path != source]
            assert all(path.parent == into for path in outside)
        return {path.name: path.read_bytes() for path in into.iterdir()}


@fuzzed(200)
@given(st.booleans(), st.lists(edits, min_size=1, max_size=3))
def test_a_damaged_archive_gives_nothing_that_was_not_packed(
    stored: bool, wounds: list[Edit]
) -> None:
    good, contents = _good(stored)
    damaged = Damaged(good)
    for edit in wounds:
        damaged.do(edit)
    files = _unpacked(bytes(damaged.content))
    event("refused" if files is None else "unpacked")
    assert set((files or {}).values()) <= contents


@fuzzed(150)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(_NAMES) | some_text.map(lambda name: f"{name}.csv"),
            some_bytes,
            st.integers(0, 0xFFFF),
        ),
        max_size=5,
    )
)
def test_an_archive_of_any_entries_stays_inside(entries: list[tuple[str, bytes, int]]) -> None:
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        with zipfile.ZipFile(out, "w") as archive:
            for name, content, mode in entries:
                if len(name.encode("utf-8", "surrogatepass")) > 60_000:
                    continue
                info = zipfile.ZipInfo("x")
                info.filename = name
                info.external_attr = mode << 16
                archive.writestr(info, content)
    files = _unpacked(out.getvalue()) or {}
    assert set(files.values()) <= {content for _, content, _ in entries}
    assert all("/" not in name and name.lower().endswith(".csv") for name in files)


@fuzzed(100)
@given(st.lists(some_bytes, max_size=20).map(b"".join), st.booleans())
def test_any_bytes_are_no_archive(content: bytes, magic: bool) -> None:
    assert _unpacked((b"PK\x03\x04" if magic else b"") + content) is None


def test_the_good_archives_are_unpacked() -> None:
    for stored in (True, False):
        archive, contents = _good(stored)
        assert set((_unpacked(archive) or {}).values()) == contents
    assert zip_archive.MAX_FILES >= 22
