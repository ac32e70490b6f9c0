"""The parts of the CSV reader, each on what it might be given."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from hypothesis import example, given
from hypothesis import strategies as st

from fuzz.budget import fuzzed, is_told
from fuzz.damage import Damaged, Edit, edits
from fuzz.good_set import Spelling, good_files
from fuzz.scraps import TEXTS, some_bytes, some_text
from rollbook.errors import InputRefused
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Value
from rollbook.sources.oneroster_csv.cells import (
    BadCell,
    Place,
    Reader,
    flag_reader,
    id_reader,
    ids_reader,
    list_reader,
    text_reader,
    user_ids_reader,
    word_reader,
)
from rollbook.sources.oneroster_csv.collected import Findings
from rollbook.sources.oneroster_csv.dates import date_reader, year_reader
from rollbook.sources.oneroster_csv.files import FILES, files_in
from rollbook.sources.oneroster_csv.header import match_header
from rollbook.sources.oneroster_csv.ids import any_id, own_id
from rollbook.sources.oneroster_csv.layouts import (
    ENROLLMENTS,
    HEADERS,
    LAYOUTS,
    Cell,
    Column,
    Layout,
    Need,
)
from rollbook.sources.oneroster_csv.manifest import contents
from rollbook.sources.oneroster_csv.reading import Reading
from rollbook.sources.oneroster_csv.table import Table

_layouts = st.sampled_from([*LAYOUTS["1.1"], *LAYOUTS["1.2"]])


@fuzzed(200)
@given(st.lists(some_bytes, max_size=30).map(b"".join))
@example(b"\xef\xbb\xbf")
@example(b"a\r\n\r\n\r\n")
def test_any_bytes_are_a_table_or_refused(content: bytes) -> None:
    with TemporaryDirectory() as place:
        path = Path(place) / "users.csv"
        path.write_bytes(content)
        try:
            with Table(path, Findings()) as table:
                lines = [(line, cells, fault) for line, cells, fault in table.rows()]
        except InputRefused as refused:
            is_told(refused, "users.csv")
            return
    assert lines
    numbers = [line for line, _, _ in lines]
    assert numbers == sorted(set(numbers))
    assert all(fault or len(cells) == len(table.header) for _, cells, fault in lines)


_plain_cells = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters='\r\n\0\ufeff"'), max_size=12
)


def _holds_something(cells: list[str]) -> bool:
    return any(cell.strip() for cell in cells)


@fuzzed(150)
@given(
    st.integers(2, 6).flatmap(
        lambda width: st.lists(
            st.lists(_plain_cells, min_size=width, max_size=width).filter(_holds_something),
            min_size=2,
            max_size=6,
        )
    ),
    st.booleans(),
    st.sampled_from(["\r\n", "\n", "\r"]),
)
@example([["a", "b"], [",", ""]], False, "\n")
def test_what_is_written_by_the_rules_is_read_back(
    rows: list[list[str]], quoted: bool, end: str
) -> None:
    rows[0] = [f"{name}h" for name in rows[0]]
    out = io.StringIO(newline="")
    style: Literal[0, 1] = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(out, quoting=style, lineterminator=end).writerows(rows)
    composed = [[unicodedata.normalize("NFC", cell) for cell in row] for row in rows]
    with TemporaryDirectory() as place:
        path = Path(place) / "users.csv"
        path.write_bytes(out.getvalue().encode())
        with Table(path, Findings()) as table:
            read = [cells for _, cells, _ in table.rows()]
    assert table.header == composed[0]
    assert read == composed[1:]


_names = st.one_of(
    st.sampled_from([*sorted(HEADERS), "sourcedId", "status", "password"]),
    st.sampled_from(sorted(HEADERS)).map(str.swapcase),
    st.builds(str.__add__, st.sampled_from([*sorted(HEADERS), "sourcedId"]), some_text),
    some_text,
)


@fuzzed(200)
@given(
    _layouts.flatmap(
        lambda layout: st.tuples(
            st.just(layout),
            st.permutations(["sourcedId", *(column.header for column in layout.columns)]),
            st.lists(_names, max_size=4),
            st.integers(0, 30),
        )
    )
)
def test_a_header_is_matched_or_refused(drawn: tuple[Layout, list[str], list[str], int]) -> None:
    layout, names, more, lost = drawn
    header = [name for at, name in enumerate(names) if at != lost] + more
    if not header:
        return
    findings = Findings()
    try:
        matched = match_header(header, layout, layout.file, findings)
    except InputRefused as refused:
        is_told(refused, layout.file)
        return
    taken = [matched.id_at, *(at for at, _ in matched.columns), *(at for at, _ in matched.extra)]
    assert len(taken) == len(set(taken))
    assert {column.header for column in layout.columns if column.need is not Need.OPTIONAL} <= {
        column.header for _, column in matched.columns
    }
    assert not [name for _, name in matched.extra if "password" in name.casefold()]


_READERS: dict[Cell, Callable[[Place], Reader]] = {
    Cell.TEXT: text_reader,
    Cell.ID: id_reader,
    Cell.IDS: ids_reader,
    Cell.LIST: list_reader,
    Cell.USER_IDS: user_ids_reader,
    Cell.FLAG: flag_reader,
    Cell.WORD: word_reader,
    Cell.DATE: date_reader,
    Cell.YEAR: year_reader,
}

_columns = st.sampled_from([column for layout in LAYOUTS["1.2"] for column in layout.columns])
_cells = st.lists(some_text | st.dates().map(str), min_size=1, max_size=3).map("".join)


@fuzzed(300)
@given(_columns, _cells.filter(bool))
def test_a_cell_is_a_value_or_a_fault_that_does_not_repeat_it(column: Column, cell: str) -> None:
    place = Place(column, "users.csv", Kind.USER, Findings(), {})
    known, read = _READERS[column.cell](place)
    try:
        value = known.get(cell) or read(cell, 2)
    except BadCell as bad:
        said = bad.message + bad.remedy
    else:
        _is_clean(value, column)
        return
    assert said
    assert len(cell) < 12 or cell not in said


def _is_clean(value: Value, column: Column) -> None:
    assert value not in ("", [])
    items = value if isinstance(value, list) else [value]
    assert all(item == item.strip() and item for item in items if isinstance(item, str))
    if column.cell in (Cell.ID, Cell.IDS):
        assert all(any_id(str(item)) is None for item in items if item is not None)
    if column.cell is Cell.DATE and value is not None:
        assert str(value).isascii()
        assert len(str(value)) == 10


@fuzzed(200)
@given(st.lists(some_text, min_size=1, max_size=3).map("".join))
def test_an_id_is_sound_or_its_meaning_is(text: str) -> None:
    bad = own_id(text)
    if bad is None:
        assert text
        assert text.isprintable()
        assert "," not in text
        return
    assert bad.message
    assert bad.remedy
    assert bad.meant is None or own_id(bad.meant) is None or bad.meant in TEXTS


@fuzzed(200)
@given(st.lists(edits, min_size=1, max_size=4), st.sampled_from(["1.1", "1.2"]))
def test_a_manifest_is_understood_or_refused(wounds: list[Edit], version: str) -> None:
    damaged = Damaged(good_files(Spelling(version))["manifest"])  # type: ignore[arg-type]
    for edit in wounds:
        damaged.do(edit)
    with TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "manifest.csv").write_bytes(bytes(damaged.content))
        findings = Findings()
        try:
            manifest = contents(folder, files_in(folder, findings), None, findings)
        except InputRefused as refused:
            is_told(refused, "manifest.csv")
            return
    assert manifest.bulk <= FILES[manifest.version]


@fuzzed(100)
@given(st.lists(edits, min_size=1, max_size=3))
def test_an_enrollment_never_changes_into_another_without_a_trace(wounds: list[Edit]) -> None:
    """Ids of enrollments that come out are ids that stand in the file."""
    damaged = Damaged(good_files(Spelling())["enrollments"])
    for edit in wounds:
        damaged.do(edit)
    with TemporaryDirectory() as place:
        path = Path(place) / "enrollments.csv"
        path.write_bytes(bytes(damaged.content))
        try:
            findings = Findings()
            with Table(path, findings) as table:
                reading = Reading(table, ENROLLMENTS, findings, {})
                reading.read()
                rows = reading.finish()
                reading.refuse_removed("refuse")
        except InputRefused:
            return
    text = unicodedata.normalize("NFC", bytes(damaged.content).decode())
    assert all(record in text for record in rows.values)
    assert len(rows.values) == len(rows.lines)
    assert not rows.protected & rows.values.keys()
    assert rows.rejected <= rows.total
