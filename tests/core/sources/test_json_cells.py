"""What servers write, well or badly, as cells."""

from __future__ import annotations

from typing import Any

import pytest

from rollbook.sources.json_cells import flag, listed, reference, references, text, texts


@pytest.mark.parametrize(
    ("value", "cell"),
    [("a ", "a "), (None, ""), (7, "7"), (True, "true"), (False, "false"), ({}, "?"), ([], "?")],
)
def test_text(value: Any, cell: str) -> None:
    assert text(value) == cell


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        *[(value, "true") for value in (True, "true", "True", 1, "1", "Yes", " TRUE ")],
        *[(value, "false") for value in (False, "false", 0, "0", "N")],
        (None, ""),
        ("perhaps", "perhaps"),
        (2, "2"),
    ],
)
def test_flag(value: Any, cell: str) -> None:
    assert flag(value) == cell


@pytest.mark.parametrize(
    ("value", "found"),
    [(["a", "", None, 9], ["a", "9"]), ("a", ["a"]), (None, []), ([], [])],
)
def test_texts(value: Any, found: list[str]) -> None:
    assert texts(value) == found


def test_a_comma_in_an_item_does_not_make_two_of_it() -> None:
    assert listed(["Reading, Writing", "Art"]) == "Reading; Writing,Art"


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ({"sourcedId": "a", "href": "https://x.org/users/b"}, "a"),
        ({"href": "https://x.org/ims/users/b%2Fc/"}, "b/c"),
        ({"href": "users/002"}, "002"),
        ({"href": "users/2?x=users/3"}, "2"),
        ("plain", "plain"),
        ({}, ""),
        (None, ""),
    ],
)
def test_reference(value: Any, named: str) -> None:
    assert reference(value) == named


def test_references() -> None:
    assert references([{"sourcedId": "a"}, {}, "b"]) == ["a", "b"]
    assert references({"sourcedId": "a"}) == ["a"]
    assert references(None) == []
