"""The order of rows, columns and files, and the way of quoting, change no record."""

from __future__ import annotations

import csv
import io
import tempfile
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollbook.roster.kinds import Kind
from rollbook.sources.oneroster_csv import read

from .small_set import SmallSet

_TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufeff\ufffd"),
    min_size=1,
    max_size=30,
)
_ODD = st.sampled_from(
    ['say "hi", ok', "=1+1", "@x", "[bold]x[/]", "\u05d0\u05d1", "\U0001f469\u200d\U0001f52c", '"']
)


def _shuffle(small: SmallSet, data: st.DataObject) -> None:
    for file, rows in small.rows.items():
        body = data.draw(st.permutations(rows[1:]))
        order = data.draw(st.permutations(range(len(rows[0]))))
        small.rows[file] = [[row[at] for at in order] for row in (rows[0], *body)]


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_order_changes_no_record(version: str, data: st.DataObject) -> None:
    small = SmallSet(version)
    _shuffle(small, data)
    end = data.draw(st.sampled_from(["\n", "\r\n", "\r"]))
    everywhere = data.draw(st.booleans())
    with tempfile.TemporaryDirectory() as folder:
        sound = SmallSet(version).read(Path(folder) / "sound")
        shuffled = Path(folder) / "shuffled"
        shuffled.mkdir()
        for file in data.draw(st.permutations(list(small.rows))):
            out = io.StringIO(newline="")
            writer = csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL)
            (writer if everywhere else csv.writer(out, lineterminator=end)).writerows(
                small.rows[file]
            )
            (shuffled / f"{file}.csv").write_bytes(out.getvalue().encode())
        roster = read(shuffled)
    assert roster.records == sound.records
    assert roster.complete == sound.complete
    assert roster.findings == ()


@settings(max_examples=150, deadline=None)
@given(given_name=_TEXT | _ODD, title=_TEXT | _ODD, extension=_TEXT | _ODD)
def test_text_comes_back_as_it_was_written(given_name: str, title: str, extension: str) -> None:
    small = SmallSet()
    small.set("users", "student-1", "givenName", given_name)
    small.set("classes", "class-1", "title", title)
    small.add_column("users", "metadata.note", extension)
    with tempfile.TemporaryDirectory() as folder:
        roster = small.read(Path(folder))
    user = roster.records[Kind.USER]["student-1"].values
    assert _same(user.get("given_name"), given_name)
    assert _same(roster.records[Kind.CLASS]["class-1"].values.get("title"), title)
    noted = user.get("metadata", {"metadata.note": ""})
    assert isinstance(noted, dict)
    assert _same(noted["metadata.note"].strip(), extension)


def _same(found: object, written: str) -> bool:
    """Equal but for composed letters and outer space; nothing but space is no value."""
    return (found or "") == unicodedata.normalize("NFC", written).strip()
