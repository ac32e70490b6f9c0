import pytest

from rollbook.cli import tables
from rollbook.cli.tables import Column, Styled, print_block, print_table, say

COLUMNS = [Column("name"), Column("count", right=True)]


def test_plain_text_is_aligned_and_numbers_stand_on_the_right(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_table(COLUMNS, [("Zoë", 12), ("李小龍", 1234)])
    assert capsys.readouterr().out.splitlines() == [
        "name    count",
        "Zoë        12",
        "李小龍  1,234",
    ]


def test_names_are_neither_markup_nor_escapes_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "drawn", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    print_table(COLUMNS, [("[bold red]Ada[/] :smile:", 1), ("\x1b[2Jgone", 2)])
    say("[red]said[/red] \x1b[31m")
    print_block([("who", "[blink]x[/blink]\x07")])
    printed = capsys.readouterr().out
    assert "[bold red]Ada[/] :smile:" in printed
    assert "[2Jgone" in printed
    assert "[red]said[/red] [31m" in printed
    assert "[blink]x[/blink]" in printed
    assert "\x1b[2J" not in printed
    assert "\x07" not in printed


@pytest.mark.parametrize("no_colour", [True, False])
def test_colour_is_left_out_where_it_is_not_wanted(
    no_colour: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "drawn", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_colour:
        monkeypatch.setenv("NO_COLOR", "1")
    print_table([Column("state")], [(Styled("held", "magenta"),)])
    assert ("\x1b[35m" not in capsys.readouterr().out) is no_colour
    assert tables.coloured() is not no_colour


def test_a_block_leaves_out_what_has_no_value(capsys: pytest.CaptureFixture[str]) -> None:
    print_block([("why", "12 of 60"), ("reason", ""), ("cause", "a short file")])
    assert capsys.readouterr().out == "  why    12 of 60\n  cause  a short file\n"


def test_what_is_to_be_copied_stays_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "drawn", lambda: True)
    monkeypatch.setenv("COLUMNS", "40")
    command = "rollbook hold approve northfield.12.h1 --confirm 12 --reason WHY"
    print_block([("approve", command)], wrap=False)
    print_block([("why", command)])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"  approve  {command}"
    assert len(lines) > 2


def test_a_table_too_wide_for_the_terminal_loses_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "drawn", lambda: True)
    monkeypatch.setenv("COLUMNS", "20")
    row = ("northfield.12.h1", "sha256:" + "0" * 64)
    print_table([Column("hold"), Column("digest")], [row])
    printed = capsys.readouterr().out
    assert all(cell in printed for cell in row)
