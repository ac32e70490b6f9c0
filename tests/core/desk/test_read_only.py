"""A read-only desk: every act that writes is refused, and nothing is written."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.scene import NORTH, Scene
from rollbook.desk import (
    auditing,
    checklists,
    decisions,
    districts,
    doctor,
    history,
    pausing,
    people,
    permissions,
    syncing,
    undoing,
)
from rollbook.desk.desk import Desk
from rollbook.errors import NotPermitted

Act = Callable[[Desk, dict[str, str]], object]


@pytest.fixture
def ids(scene: Scene) -> dict[str, str]:
    """A directory in which every act would find something to do."""
    merged = people.merge(scene.desk, NORTH, "s2-01", "s2-02", reason="x")
    paused = pausing.pause(scene.desk, NORTH, school="s2", reason="x")
    scene.sis.drop_students("s1", 6)
    scene.sis.add_student("s1", "new")
    view = scene.sync(preview=True)
    return {
        "hold": view.holds[0].id,
        "run": view.summary.id,
        "done": merged.run,
        "merge": merged.id,
        "pause": paused.id,
    }


@pytest.fixture
def looking(scene: Scene, ids: dict[str, str]) -> Iterator[Desk]:
    desk = scene.at("guest", read_only=True)
    yield desk
    desk.close()


WRITING: dict[str, Act] = {
    "add a district": lambda d, _: districts.add_district(d, "b", name="B", path=Path("/srv")),
    "sync": lambda d, _: syncing.sync(d, NORTH),
    "preview": lambda d, _: syncing.sync(d, NORTH, preview=True),
    "apply": lambda d, i: syncing.apply(d, i["run"]),
    "approve": lambda d, i: decisions.approve(d, i["hold"], confirm=6, reason="x"),
    "reject": lambda d, i: decisions.reject(d, i["hold"], reason="x"),
    "reject a run": lambda d, i: decisions.reject_run(d, i["run"], reason="x"),
    "snooze": lambda d, i: decisions.snooze(d, i["hold"], until=d.clock() + timedelta(days=1)),
    "pause": lambda d, _: pausing.pause(d, NORTH, preset="blackout", reason="x"),
    "resume": lambda d, i: pausing.resume(d, i["pause"]),
    "merge": lambda d, _: people.merge(d, NORTH, "s1-10", "s1-11", reason="x"),
    "split": lambda d, i: people.split(d, i["merge"], reason="x"),
    "tell apart": lambda d, _: people.distinct(d, NORTH, "s1-10", "s1-11"),
    "undo": lambda d, i: undoing.undo(d, i["done"], reason="x"),
    "tick": lambda d, _: checklists.tick(d, NORTH, "end-of-year", "grading"),
}

READING: dict[str, Act] = {
    "districts": lambda d, _: districts.districts(d),
    "a district": lambda d, _: districts.district(d, NORTH),
    "check": lambda d, _: districts.check_district(d, NORTH),
    "runs": lambda d, _: history.runs(d),
    "a run": lambda d, i: history.run(d, i["run"]),
    "holds": lambda d, _: decisions.holds(d),
    "a person": lambda d, _: people.person(d, NORTH, "s1-10"),
    "duplicates": lambda d, _: people.duplicates(d, NORTH),
    "a merge": lambda d, _: people.merge_preview(d, NORTH, "s1-10", "s1-11"),
    "merges": lambda d, _: people.merges(d),
    "pauses": lambda d, _: pausing.pauses(d),
    "checklists": lambda d, _: checklists.checklists(d, NORTH),
    "an undo": lambda d, i: undoing.undo_preview(d, i["done"]),
    "audit": lambda d, _: auditing.audit(d),
    "verify": lambda d, _: auditing.verify(d),
    "doctor": lambda d, _: doctor.doctor(d),
}


def files(root: Path) -> dict[str, bytes]:
    """What is on disk, less what SQLite keeps in memory beside a store that is open."""
    return {
        str(file.relative_to(root)): file.read_bytes()
        for file in root.rglob("*")
        if file.is_file() and not file.name.endswith("-shm")
    }


@pytest.mark.parametrize("name", WRITING)
def test_every_act_that_writes_is_refused_before_it_writes(
    scene: Scene, looking: Desk, ids: dict[str, str], name: str
) -> None:
    home = scene.desk.home.root
    before, pulse = files(home), auditing.pulse(looking)
    with pytest.raises(NotPermitted, match="read-only"):
        WRITING[name](looking, ids)
    assert files(home) == before
    assert auditing.pulse(looking) == pulse


@pytest.mark.parametrize("name", WRITING)
def test_at_another_desk_it_is_done(scene: Scene, ids: dict[str, str], name: str) -> None:
    """So that the refusal above is the desk's, and not a mistake of the test."""
    pulse = auditing.pulse(scene.desk)
    WRITING[name](scene.desk, ids)
    assert auditing.pulse(scene.desk) > pulse


def test_everything_can_be_looked_at_and_nothing_is_written_by_looking(
    scene: Scene, looking: Desk, ids: dict[str, str]
) -> None:
    before = files(scene.desk.home.root)
    for look in READING.values():
        look(looking, ids)
    assert files(scene.desk.home.root) == before


def test_it_says_so_of_itself(scene: Scene, looking: Desk) -> None:
    assert permissions.why_not(looking) == "This desk is read-only."
    assert permissions.why_not(scene.desk) is None
