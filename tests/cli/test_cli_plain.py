import pytest

from rollbook.cli.plain import visible


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("bell\x07 and \x9b31m", "bell and 31m"),
        ("two\r\nlines\tand a tab", "two lines and a tab"),
        ("right\u202eto left\u2066", "rightto left"),
        ("[bold]Zoë 李[/bold]", "[bold]Zoë 李[/bold]"),
    ],
)
def test_control_characters_go_and_everything_else_stays(text: str, seen: str) -> None:
    assert visible(text) == seen
