"""The head of the trail, noted where the store is not: an old or a new store is told from it."""

from pathlib import Path

import pytest

from core.guard_checks import drop_trigger
from core.scene import Scene
from rollbook.config.audit_file import named_head
from rollbook.desk import auditing
from rollbook.desk.noted_head import note_head, read_head
from rollbook.directory import audit
from rollbook.directory.audit import Actor
from rollbook.directory.tables import audit as audit_table
from rollbook.errors import ConfigInvalid


@pytest.fixture
def place(scene: Scene, tmp_path: Path) -> Path:
    """Where the head goes; its folder is there."""
    path = tmp_path / "elsewhere" / "audit-head"
    path.parent.mkdir()
    (scene.desk.home.root / "audit.toml").write_text(f'head = "{path}"\n', encoding="utf-8")
    return path


def act(scene: Scene, who: str = "sam") -> None:
    with scene.desk.store.write() as connection:
        audit.write(connection, Actor(who, scene.clock()), "test.event")


def cut_off(scene: Scene, number: int) -> None:
    """Take the newest entries away, as somebody does who may do everything."""
    with scene.desk.store.write() as connection:
        last = audit.last_seq(connection)
        drop_trigger(connection, "audit", "delete")
        connection.execute(audit_table.delete().where(audit_table.c.seq > last - number))


def test_the_newest_entry_is_noted_and_nothing_else_lies_about(scene: Scene, place: Path) -> None:
    assert note_head(scene.desk) is None
    act(scene)
    assert note_head(scene.desk) is None
    noted, [newest] = read_head(place), auditing.audit(scene.desk, limit=1)
    assert noted is not None
    assert (noted.seq, noted.hash, noted.at) == (newest.seq, newest.hash, newest.at)
    assert [file.name for file in place.parent.iterdir()] == ["audit-head"]
    verdict = auditing.verify(scene.desk)
    assert verdict.ok
    assert str(place) in verdict.message


def test_a_trail_that_went_on_is_the_same_trail(scene: Scene, place: Path) -> None:
    note_head(scene.desk)
    act(scene)
    assert auditing.verify(scene.desk).ok
    assert auditing.verify(scene.desk, place).ok


def test_entries_cut_off_are_missed_and_what_was_noted_stays(scene: Scene, place: Path) -> None:
    act(scene)
    note_head(scene.desk)
    before = place.read_bytes()
    cut_off(scene, 1)
    verdict = auditing.verify(scene.desk)
    assert (verdict.ok, verdict.broken_at) == (False, verdict.entries + 1)
    assert "cut off" in verdict.message
    assert "cut off" in (note_head(scene.desk) or "")
    assert place.read_bytes() == before


def test_a_trail_written_anew_is_not_the_one_that_was_noted(scene: Scene, place: Path) -> None:
    act(scene)
    note_head(scene.desk)
    before = place.read_bytes()
    cut_off(scene, 1)
    for _ in range(3):
        act(scene, "lee")
    verdict = auditing.verify(scene.desk)
    assert (verdict.ok, verdict.broken_at) == (False, verdict.entries - 2)
    assert "written anew" in verdict.message
    assert "written anew" in (note_head(scene.desk) or "")
    assert place.read_bytes() == before
    place.unlink()
    assert auditing.verify(scene.desk).ok, "in itself the chain is whole"


def test_a_place_that_fails_is_told_and_stops_nothing(scene: Scene, place: Path) -> None:
    place.parent.rmdir()
    told = note_head(scene.desk)
    assert told is not None
    assert str(place) in told
    verdict = auditing.verify(scene.desk)
    assert verdict.ok
    assert "noted nothing" in verdict.message


@pytest.mark.parametrize("text", ["", "7\n", f"7 {'a' * 64} soon\n", f"07 {'a' * 64} 2026-01-01\n"])
def test_a_file_that_is_no_head_is_not_written_over(scene: Scene, place: Path, text: str) -> None:
    place.write_text(text, encoding="ascii")
    assert "not the head of a trail" in (note_head(scene.desk) or "")
    assert place.read_text(encoding="ascii") == text
    with pytest.raises(ConfigInvalid, match="not the head of a trail"):
        auditing.verify(scene.desk)


def test_a_head_that_is_named_has_to_be_there(scene: Scene, tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid, match="no file"):
        auditing.verify(scene.desk, tmp_path / "nowhere")


def test_who_may_only_look_notes_nothing(scene: Scene, place: Path) -> None:
    assert note_head(scene.at(read_only=True)) is None
    assert not place.exists()


def test_no_head_is_noted_without_a_place(scene: Scene) -> None:
    assert named_head(scene.desk.home) is None
    assert note_head(scene.desk) is None


@pytest.mark.parametrize(
    ("text", "what"),
    [("", "head: has to be there"), ("head = 5", "head: "), ("x = 1", "x: "), ("head", "not TOML")],
)
def test_a_setting_that_makes_no_sense_is_told(scene: Scene, text: str, what: str) -> None:
    (scene.desk.home.root / "audit.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigInvalid, match=what):
        named_head(scene.desk.home)
    assert "was not written a second time" in (note_head(scene.desk) or "")


def test_a_place_may_be_named_from_the_home_on(scene: Scene) -> None:
    (scene.desk.home.root / "audit.toml").write_text('head = "here"', encoding="utf-8")
    assert named_head(scene.desk.home) == scene.desk.home.root / "here"
