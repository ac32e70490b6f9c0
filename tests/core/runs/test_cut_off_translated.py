"""R9: a cut file of another dialect is known by its own order, not by that of what it becomes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.scene import Scene
from core.small_sis import SmallSis
from core.sources.dialects.exports import clever, write
from rollbook.desk import decisions, districts, syncing
from rollbook.desk.views import RunView

pytestmark = pytest.mark.parametrize("server", ["sqlite"], indirect=True)


@pytest.fixture
def elm(scene: Scene) -> Scene:
    """The district once more, as Clever's files and with all of it in."""
    drop = write(clever(scene.sis), scene.drop.with_name("elm"))
    districts.add_district(
        scene.desk, "elm", name="Elm", timezone="UTC", source_type="clever-csv", path=drop
    )
    [first] = syncing.sync(scene.desk, "elm").holds
    for operator in ("dana", "kim"):
        desk = replace(scene.desk, operator=operator)
        if decisions.holds(desk, "elm"):
            decisions.approve(desk, first.id, confirm=first.count, reason="as it should be")
    return scene


def sent(elm: Scene, sis: SmallSis, file: str = "", rows: int = 0) -> RunView:
    """Sync what a system has, but for the last rows of a file."""
    path = write(clever(sis), elm.drop.with_name("elm")) / (file or "students.csv")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: len(lines) - rows]))
    return syncing.sync(elm.desk, "elm")


@pytest.mark.parametrize(
    ("file", "rows", "what"),
    [("students.csv", 10, "20 people"), ("enrollments.csv", 12, "12 enrollments")],
)
def test_the_end_of_the_sources_own_file_counts(
    elm: Scene, file: str, rows: int, what: str
) -> None:
    """A student goes with a guardian, who stands on the same row."""
    view = sent(elm, elm.sis, file, rows)
    [why] = [hold.why for hold in view.holds if hold.rule == "R9"]
    assert f"The last {what} of {file} of the set before are missing" in why


def test_who_leaves_from_anywhere_is_no_end(elm: Scene) -> None:
    after = elm.sis.copy()
    gone = after.students()[3::7]
    for student in gone:
        after.drop_user(student)
        del after.users[f"g-{student}"]
    assert len(gone) > 5
    assert "R9" not in {hold.rule for hold in sent(elm, after).holds}
