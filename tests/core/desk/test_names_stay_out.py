"""Names and passwords: planted everywhere, and looked for where they must not be."""

import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import inspect, text

from core.scene import NORTH, Scene, new_scene
from core.small_sis import SmallSis, small_sis
from rollbook.desk import auditing, decisions, doctor, exports, pausing, people, syncing, undoing
from rollbook.desk.change_lists import changes
from rollbook.desk.views import RunState, RunView
from rollbook.errors import RollbookError

CANARY = "Quetzalcanary"
SECRET = "hunter2canary"


def named(sis: SmallSis) -> SmallSis:
    """Every person carries the canary in name, user name and address, and has a password."""
    for number, row in enumerate(sis.users.values()):
        row |= {
            "givenName": f"{CANARY}G{number}",
            "familyName": f"{CANARY}F{number}",
            "username": f"{CANARY}.u{number}",
            "email": f"{CANARY}{number}@north.example.org",
            "phone": f"{CANARY}{number}",
            "password": f"{SECRET}{number}",
            "metadata.pin": f"{CANARY}{number}",
        }
    return sis


class Listening(logging.Handler):
    """Hears everything that anybody logs."""

    def __init__(self, said: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._said = said

    def emit(self, record: logging.LogRecord) -> None:
        self._said.append(record.getMessage())


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Scene, list[str]]]:
    """A district in which everything has happened once; what errors and logs said on the way."""
    said: list[str] = []
    listening = Listening(said)
    logging.getLogger("rollbook").addHandler(listening)
    logging.getLogger("rollbook").setLevel(logging.DEBUG)
    scene = new_scene(tmp_path_factory.mktemp("names"), named(small_sis()))
    desk = scene.desk

    def fails(act: object, *args: object, **given: object) -> None:
        with pytest.raises(RollbookError) as caught:
            act(*args, **given)  # type: ignore[operator]
        said.append(f"{caught.value} {caught.value!r}")

    scene.sync_through()
    merge = people.merge(desk, NORTH, "s2-01", "s2-02", reason="x")
    fails(people.merge, desk, NORTH, "s2-02", "s2-01", reason="x")
    scene.sis.users["s2-03"]["role"] = "wizard"
    scene.sis.users["s2-04"]["enabledUser"] = f"{CANARY}maybe"
    scene.sis.users["s2-05"]["grades"] = f"{CANARY}grade"
    scene.sis.enrollments["e-x"] = dict(scene.sis.enrollments["e-s1-01-c-s1-2"])
    scene.sis.enrollments["e-x"]["userSourcedId"] = "nobody"
    scene.configure(thresholds={"rejected_percent": 5})
    scene.sis.drop_students("s1", 6)
    view = scene.sync()
    for hold in view.holds:
        fails(decisions.approve, desk, hold.id, confirm=9999, reason="x")
    scene.approve(view.holds[0])
    for hold in decisions.holds(desk):
        scene.approve(hold)
    fails(undoing.undo, desk, "north.1", reason="x")
    people.split(desk, merge.id, reason="x")
    pausing.pause(desk, NORTH, preset="summer", reason="x")
    scene.sis.users["s1-20"]["givenName"] = f"{CANARY}New"
    scene.sync()
    scene.sis.write(scene.drop)
    users = scene.drop / "users.csv"
    users.write_bytes(users.read_bytes()[:-30])
    refused = syncing.sync(desk, NORTH)
    assert refused.summary.state is RunState.INPUT_REFUSED
    users.write_text(users.read_text(encoding="utf-8").replace("\n", "\n\n", 1).replace(",", ";"))
    syncing.sync(desk, NORTH)
    yield scene, said
    scene.close()
    logging.getLogger("rollbook").removeHandler(listening)
    logging.getLogger("rollbook").setLevel(logging.NOTSET)


def views(scene: Scene) -> list[RunView]:
    return [scene.run(f"north.{number}") for number in range(1, 8)]


def test_no_name_is_in_the_trail(played: tuple[Scene, list[str]]) -> None:
    entries = auditing.audit(played[0].desk, limit=10_000)
    assert len(entries) > 30
    assert CANARY.lower() not in repr(entries).lower()
    assert auditing.verify(played[0].desk).ok


def test_no_name_is_in_an_error_or_a_log_line(played: tuple[Scene, list[str]]) -> None:
    assert len(played[1]) > 3
    assert CANARY.lower() not in " ".join(played[1]).lower()
    assert not any(
        CANARY.encode() in file.read_bytes() for file in played[0].desk.home.logs.rglob("*")
    )


def test_no_name_is_in_what_runs_and_holds_say(played: tuple[Scene, list[str]]) -> None:
    for view in views(played[0]):
        said = [view.summary.message, view.reason]
        said += [f"{hold.why} {hold.cause} {hold.reason}" for hold in view.holds]
        said += [f"{finding.message} {finding.remedy}" for finding in view.findings]
        assert CANARY.lower() not in " ".join(said).lower()
    assert any(view.findings for view in views(played[0]))
    assert CANARY.lower() not in repr(doctor.doctor(played[0].desk)).lower()


def test_the_canary_sings_where_it_may(played: tuple[Scene, list[str]]) -> None:
    """Names are in the directory and in the lists that operators read: the test is not blind."""
    scene = played[0]
    assert CANARY in people.person(scene.desk, NORTH, "s1-20").label
    assert any(CANARY in row.label for row in scene.rows("north.1"))


def test_passwords_are_in_no_artefact(played: tuple[Scene, list[str]]) -> None:
    scene = played[0]
    desk = scene.desk
    for number in range(1, 8):
        listed = changes(desk, f"north.{number}")
        for form in exports.FORMATS:
            exports.export_changes(desk, listed, desk.home.exports / f"{number}.{form}", form)
    assert SECRET.encode() in (scene.drop / "users.csv").read_bytes()
    found = [
        file.relative_to(desk.home.root)
        for file in desk.home.root.rglob("*")
        if file.is_file() and SECRET.encode() in file.read_bytes()
    ]
    assert found == []
    with desk.store.read() as connection:
        for table in inspect(connection).get_table_names():
            rows = connection.execute(text(f'SELECT * FROM "{table}"')).all()
            assert SECRET not in repr(rows)
    kept = list(desk.home.snapshots.rglob("users.csv"))
    assert kept
    assert all(b"password" in file.read_bytes() for file in kept)
