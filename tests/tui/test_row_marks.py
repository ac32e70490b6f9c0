"""Marks are kept as stretches; they must be the same as a set of numbers."""

from __future__ import annotations

import random

from rollbook_tui.widgets.row_marks import RowMarks


def test_toggling_twice_leaves_nothing() -> None:
    marks = RowMarks()
    marks.toggle(3)
    assert 3 in marks
    assert len(marks) == 1
    marks.toggle(3)
    assert 3 not in marks
    assert not marks


def test_neighbours_become_one_stretch_and_a_hole_splits_it() -> None:
    marks = RowMarks()
    marks.mark(2, 5)
    marks.toggle(5)
    assert list(marks.stretches()) == [range(2, 6)]
    marks.toggle(3)
    assert list(marks.stretches()) == [range(2, 3), range(4, 6)]
    assert list(marks) == [2, 4, 5]


def test_a_million_marks_are_one_stretch() -> None:
    marks = RowMarks()
    marks.mark(0, 1_000_000)
    assert len(marks) == 1_000_000
    assert 999_999 in marks
    assert 1_000_000 not in marks
    marks.clear()
    assert len(marks) == 0


def test_marks_are_what_a_set_would_hold() -> None:
    chance = random.Random(7)
    marks, expected = RowMarks(), set[int]()
    for _ in range(400):
        start = chance.randrange(60)
        if chance.random() < 0.3:
            stop = start + chance.randrange(1, 8)
            marks.mark(start, stop)
            expected |= set(range(start, stop))
        else:
            marks.toggle(start)
            expected ^= {start}
        assert list(marks) == sorted(expected)
        assert len(marks) == len(expected)
