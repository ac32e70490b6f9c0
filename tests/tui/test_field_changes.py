"""A change field by field: sign, word and both values, in every width."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rollbook.desk.views import ChangeRow, Kind, Lane, Verb
from rollbook_tui.widgets.field_changes import (
    change_lines,
    change_summary,
    field_changes,
    panel_lines,
    value_words,
)

UPDATE = ChangeRow(
    seq=3,
    kind=Kind.USER,
    verb=Verb.UPDATE,
    id="stu-17",
    school="s1",
    school_name="Oak Elementary",
    label="Ada Lovelace",
    before={"email": "ada@old.example", "grades": ["04"], "metadata": {"bus": "7"}},
    after={"email": "ada@new.example", "grades": ["05", "06"], "given_name": "Ada"},
    lane=Lane.READY,
    hold=None,
)
ADD = replace(UPDATE, verb=Verb.ADD, before=None, after={"enabled": True, "given_name": "Ada"})
REMOVE = replace(
    UPDATE,
    verb=Verb.REMOVE,
    before={"given_name": "Ada"},
    after=None,
    lane=Lane.HELD,
    hold="northfield.12.h1",
)


def texts(row: ChangeRow, width: int) -> list[str]:
    return [line.plain.rstrip() for line in panel_lines(row, width)]


def test_fields_stand_in_the_order_of_their_kind_and_extensions_last() -> None:
    assert [change.field for change in field_changes(UPDATE)] == [
        "given_name",
        "email",
        "grades",
        "metadata",
    ]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "yes"),
        (False, "no"),
        (["05", "06"], "05, 06"),
        ({"room": "R1", "bus": "7"}, "bus=7, room=R1"),
        ("text", "text"),
        (None, ""),
    ],
)
def test_values_are_said_as_they_are_read(value: object, words: str) -> None:
    assert value_words(value) == words  # type: ignore[arg-type]


def test_an_update_says_before_and_after() -> None:
    assert [line.plain for line in change_lines(UPDATE)] == [
        "~ update  user  Ada Lovelace  stu-17",
        "  given name: nothing → Ada",
        "  email: ada@old.example → ada@new.example",
        "  grades: 04 → 05, 06",
        "  metadata: bus=7 → nothing",
    ]


def test_a_held_removal_says_so_in_its_first_line() -> None:
    assert [line.plain for line in change_lines(REMOVE)] == [
        "- remove  user  Ada Lovelace  stu-17  ! held",
        "  given name: Ada",
    ]


def test_fields_beyond_the_most_are_counted() -> None:
    lines = [line.plain for line in change_lines(UPDATE, most=1)]
    assert lines[1:] == ["  given name: nothing → Ada", "  and 3 more fields"]


def test_a_record_without_a_label_goes_by_its_id() -> None:
    assert change_lines(replace(ADD, label=""))[0].plain == "+ add  user  stu-17"


def test_a_wide_panel_has_before_and_after_beside_each_other() -> None:
    lines = texts(UPDATE, 80)
    assert lines[0] == "Ada Lovelace"
    assert lines[1] == "stu-17 · Oak Elementary · * ready"
    assert lines[3].split() == ["field", "before", "after"]
    assert "- ada@old.example" in lines[5]
    assert "+ ada@new.example" in lines[5]
    assert lines[5].index("+ ada") == lines[3].index("after")


def test_a_narrow_panel_has_before_above_after() -> None:
    lines = texts(UPDATE, 30)
    at = lines.index("email")
    assert lines[at : at + 3] == ["email", "  - ada@old.example", "  + ada@new.example"]
    at = lines.index("given name")
    assert lines[at + 1].strip() == "nothing"


@pytest.mark.parametrize("width", [12, 30, 59, 60, 80, 120])
@pytest.mark.parametrize("row", [UPDATE, ADD, REMOVE])
def test_no_line_is_wider_than_the_panel(row: ChangeRow, width: int) -> None:
    assert all(line.cell_length <= width for line in panel_lines(row, width))


def test_an_addition_and_a_removal_have_one_side() -> None:
    assert texts(ADD, 60)[3:] == ["given name  + Ada", "enabled     + yes"]
    assert texts(REMOVE, 60)[3:] == ["given name  - Ada"]
    assert "! held · northfield.12.h1" in texts(REMOVE, 80)[1]


def test_the_summary_of_a_line_is_for_updates() -> None:
    assert change_summary(ADD) == ""
    assert change_summary(UPDATE).startswith("given name: nothing → Ada, email: ada@old.example →")


def test_a_name_is_never_markup_and_moves_no_cursor() -> None:
    row = replace(ADD, label="[red]Bob[/] \x1b[2J", after={"given_name": "[/x]\x07"})
    assert change_lines(row)[0].plain == "+ add  user  [red]Bob[/] [2J  stu-17"
    assert texts(row, 60)[0] == "[red]Bob[/] [2J"
    assert texts(row, 60)[3] == "given name  + [/x]"
