"""The same input once more: nothing is compared where nothing can be found."""

from collections.abc import Callable

import pytest
from sqlalchemy import update

from core.scene import NORTH, Scene
from rollbook.desk import history, people, syncing, undoing
from rollbook.desk.views import RunState, RunView
from rollbook.directory.tables import snapshots

AGAIN = "byte by byte"


def again(scene: Scene) -> RunView:
    """Sync once more what is in the drop."""
    return syncing.sync(scene.desk, NORTH)


def test_what_has_all_gone_in_is_not_compared_again(scene: Scene) -> None:
    scene.sis.users["s1-01"]["givenName"] = " Spaced "
    scene.sis.drop_students("s1", 1)
    first = scene.sync()
    assert first.summary.state is RunState.APPLIED
    view = again(scene)
    assert view.summary.state is RunState.NOOP
    assert AGAIN in view.summary.message
    assert view.summary.snapshot == first.summary.snapshot
    assert view.findings == first.findings
    assert view.summary.findings_warning == first.summary.findings_warning
    for kind, counts in view.counts.items():
        assert counts.before == counts.incoming == first.counts[kind].incoming
        assert (counts.add, counts.update, counts.remove) == (0, 0, 0)
    assert again(scene).counts == view.counts


def _undone(scene: Scene) -> None:
    undoing.undo(scene.desk, history.runs(scene.desk, NORTH)[0].id, reason="x")


def _merged(scene: Scene) -> None:
    people.merge(scene.desk, NORTH, "s1-03", "s1-04", reason="one child")


def _reconfigured(scene: Scene) -> None:
    scene.configure(thresholds={"removal_percent": 9})


def _other_bytes(scene: Scene) -> None:
    users = scene.drop / "users.csv"
    users.write_text(users.read_text("utf-8").replace("true", "TRUE", 1), "utf-8")


def _upgraded(scene: Scene) -> None:
    with scene.desk.store.write() as connection:
        connection.execute(update(snapshots).values(quick=None))


@pytest.mark.parametrize("since", [_undone, _merged, _reconfigured, _other_bytes, _upgraded])
def test_whatever_happened_since_has_it_compared(
    scene: Scene, since: Callable[[Scene], None]
) -> None:
    scene.sis.add_student("s1", "new")
    scene.sync()
    since(scene)
    assert AGAIN not in again(scene).summary.message


def test_what_waits_is_compared_again(scene: Scene) -> None:
    scene.sis.drop_students("s1", 6)
    held = scene.sync()
    assert held.summary.state is RunState.HELD
    assert again(scene).summary.id == held.summary.id


def test_passwords_of_lines_that_were_not_read_are_taken_out_too(scene: Scene) -> None:
    """A row that held one once makes the file one that may hold some, until it is read whole."""
    scene.sis.users["s1-01"]["password"] = "canary-one"
    scene.sis.users["t-s1-1"]["password"] = "canary-two"
    scene.sync()
    for name in ("Ann", "Bea"):
        scene.sis.users["s1-05"]["givenName"] = name
        scene.sync()
    kept = sorted((scene.desk.home.snapshots / NORTH).glob("*/users.csv"))
    assert len(kept) >= 3
    assert not [file for file in kept if b"canary" in file.read_bytes()]


def test_passwords_are_found_below_a_line_of_blanks(scene: Scene) -> None:
    scene.sis.users["s1-01"]["password"] = "canary"
    scene.sis.write(scene.drop)
    users = scene.drop / "users.csv"
    users.write_bytes(b"   \r\n" + users.read_bytes())
    again(scene)
    kept = list((scene.desk.home.snapshots / NORTH).glob("*/users.csv"))
    assert kept
    assert not [file for file in kept if b"canary" in file.read_bytes()]
