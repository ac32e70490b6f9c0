"""Columns that give way, and the words and numbers in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from textual.content import Content

from rollbook.desk.views import Counts, DistrictState, HoldState, Kind, Lane, RunState, Verb
from rollbook_tui import words
from rollbook_tui.details.blocks import bar, count_table, fact, hanging, kind_rows
from rollbook_tui.times import ago, span, stamp, until
from rollbook_tui.widgets.columns import Column, headings, line, place

COLUMNS: list[Column[str]] = [
    Column("name", Content, 6, grows=True),
    Column("one", lambda row: Content("1"), 4, rank=2, right=True),
    Column("two", lambda row: Content("2"), 4, rank=1, right=True),
]

NOW = datetime(2026, 8, 17, 9, 30, tzinfo=UTC)


def shown(width: int) -> list[str]:
    """The headings that fit."""
    return [column.heading for column, _ in place(COLUMNS, width)]


@pytest.mark.parametrize(
    ("width", "left"),
    [(16, ["name", "one", "two"]), (15, ["name", "two"]), (11, ["name", "two"]), (10, ["name"])],
)
def test_the_highest_rank_gives_way_first(width: int, left: list[str]) -> None:
    assert shown(width) == left


def test_a_growing_column_takes_what_is_left() -> None:
    placed = place(COLUMNS, 30)
    assert line("abc", placed).plain == "abc                     1    2"
    assert headings(placed).plain == "name                  one  two"
    assert line("abc", placed).cell_length == 30


def test_what_is_too_long_ends_in_an_ellipsis_and_wide_characters_count_twice() -> None:
    placed = place(COLUMNS[:1], 6)
    assert line("abcdefgh", placed).plain == "abcde…"
    assert line("李李李李", placed).cell_length == 6


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=20), "20 d"),
        (timedelta(days=21), "3 w"),
    ],
)
def test_lengths_of_time(length: timedelta, said: str) -> None:
    assert span(length) == said


def test_times_from_now() -> None:
    assert ago(None, NOW) == "never"
    assert ago(NOW, NOW) == "just now"
    assert ago(NOW - timedelta(hours=3), NOW) == "3 h ago"
    assert until(NOW + timedelta(hours=3), NOW) == "in 3 h"
    assert until(NOW - timedelta(hours=3), NOW) == "3 h ago"
    assert stamp(NOW) == "17 Aug 2026 09:30 UTC"


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0"),
        (9_999, "9,999"),
        (41_200, "41.2k"),
        (99_949, "99.9k"),
        (99_950, "100k"),
        (999_499, "999k"),
        (999_500, "1.00M"),
        (1_250_000, "1.25M"),
    ],
)
def test_numbers_in_five_cells(count: int, said: str) -> None:
    assert words.compact(count) == said
    assert len(said) <= 5


def test_everything_that_can_be_has_a_sign_a_word_and_a_colour() -> None:
    tables = (
        (words.VERBS, Verb),
        (words.LANES, Lane),
        (words.DISTRICTS, DistrictState),
        (words.RUNS, RunState),
        (words.HOLDS, HoldState),
    )
    for table, states in tables:
        assert set(table) == set(states)
        for sign in table.values():
            assert len(sign.mark) == 1
            assert sign.word
            assert "$" in sign.style
    assert set(words.KINDS) == set(Kind)


def test_no_two_words_of_one_table_differ_by_colour_alone() -> None:
    for table in (words.VERBS, words.DISTRICTS, words.RUNS, words.LANES, words.HOLDS):
        assert len({sign.word for sign in table.values()}) == len(table)


def test_a_count_table_has_the_columns_it_needs() -> None:
    plain = {Kind.USER: Counts(before=10, incoming=11, add=1)}
    grave = {Kind.USER: Counts(before=10, incoming=9, remove=1, unknown=2, held=1)}
    assert count_table(kind_rows(plain), 80)[0].plain.split() == [
        "before",
        "incoming",
        "add",
        "update",
        "remove",
    ]
    head, row = count_table(kind_rows(grave), 80)
    assert head.plain.split()[-3:] == ["remove", "unknown", "held"]
    assert row.plain.split() == ["users", "10", "9", "·", "·", "-1", "?2", "!1"]
    narrow = count_table(kind_rows(grave), 34)
    assert "remove" in narrow[0].plain
    assert "before" not in narrow[0].plain
    assert all(part.cell_length <= 34 for part in narrow)


def test_a_bar_is_never_empty_for_something_nor_longer_than_it_may_be() -> None:
    assert bar(0, 10, "$add", 10).plain == "─" * 10
    assert bar(1, 1000, "$add", 10).plain == "━" + "─" * 9
    assert bar(20, 10, "$add", 10).plain == "━" * 10
    assert bar(1, 0, "$add", 10).plain == "─" * 10


def test_long_values_hang_under_their_beginning() -> None:
    lines = fact("reason", "one two three four five six seven", 30).plain.split("\n")
    assert lines[0].startswith("reason       one")
    assert all(part.startswith(" " * 13) for part in lines[1:])
    assert [part.plain for part in hanging("aa bb cc", 12)] == ["  aa bb cc"]
