"""The head of the trail in a second place: every command that wrote notes it, `verify` reads it."""

from pathlib import Path

import pytest

from cli.conftest import Call


@pytest.fixture
def place(call: Call, tmp_path: Path) -> Path:
    """Where the head goes; one district has been added since it is."""
    home, place = tmp_path / "home", tmp_path / "elsewhere" / "head"
    home.mkdir()
    place.parent.mkdir()
    (home / "audit.toml").write_text(f'head = "{place}"\n', encoding="utf-8")
    assert call("district", "add", "north", "--name", "N", "--path", tmp_path).code == 0
    return place


def test_a_command_that_wrote_notes_the_head_and_verify_says_so(call: Call, place: Path) -> None:
    seq, head, _ = place.read_text(encoding="ascii").split()
    verdict = call("audit", "verify", "--json")
    assert (verdict.code, verdict.document["head"]) == (0, head)
    assert verdict.document["entries"] == int(seq)
    assert str(place) in verdict.document["message"]


def test_an_older_store_is_found_out(call: Call, place: Path, tmp_path: Path) -> None:
    ahead = tmp_path / "ahead"
    ahead.write_text(f"99 {'a' * 64} 2026-01-01T00:00:00+00:00\n", encoding="ascii")
    answer = call("audit", "verify", "--head", ahead)
    assert answer.code == 1
    assert "older copy" in answer.out
    ahead.replace(place)
    assert call("audit", "verify").code == 1
    assert "older copy" in call("districts").err


def test_a_place_that_fails_is_told_and_the_command_has_done_its_work(
    call: Call, place: Path, tmp_path: Path
) -> None:
    place.unlink()
    place.parent.rmdir()
    answer = call("district", "add", "south", "--name", "S", "--path", tmp_path, "--json")
    assert (answer.code, answer.document["id"]) == (0, "south")
    assert f"could not be written to {place}" in answer.err
