"""The rows of a list: filter and marks."""

from __future__ import annotations

from rollbook_tui.widgets.filtered_rows import FilteredRows


def marked(made: FilteredRows[str]) -> list[str]:
    """The marked rows."""
    return list(made.marked)


def rows(*words: str) -> FilteredRows[str]:
    """Rows of words; the key is the first letter, and what begins with z does not count."""
    made = FilteredRows[str](lambda r: r[0], lambda r: r, lambda r: not r.startswith("z"))
    made.read(words)
    return made


def test_every_word_must_occur_whatever_its_case() -> None:
    made = rows("alpha north", "beta north", "gamma south")
    made.show("NORTH a")
    assert made.shown == ["alpha north", "beta north"]
    made.show("north bet")
    assert made.shown == ["beta north"]
    assert made.title == "1 of 3"
    assert made.notes == "/north bet"
    made.show("")
    assert (made.title, made.notes) == ("3", "")


def test_a_newer_reading_keeps_filter_and_marks_of_what_is_still_there() -> None:
    made = rows("alpha", "beta", "gamma")
    made.show("a")
    made.toggle("alpha")
    made.toggle("gamma")
    made.read(["gamma new", "delta"])
    assert made.filter == "a"
    assert marked(made) == ["gamma new"]
    assert made.position("g") == 0
    assert made.position("a") is None


def test_what_does_not_count_is_neither_counted_nor_marked() -> None:
    made = rows("zero", "alpha")
    made.toggle("zero")
    assert marked(made) == []
    assert made.title == "1"
    made.toggle_all()
    assert marked(made) == ["alpha"]


def test_all_or_none_of_what_is_shown() -> None:
    made = rows("alpha", "beta")
    made.show("alpha")
    made.toggle_all()
    made.show("")
    assert marked(made) == ["alpha"]
    made.toggle_all()
    assert marked(made) == ["alpha", "beta"]
    assert made.notes == "2 marked"
    made.toggle_all()
    assert marked(made) == []
