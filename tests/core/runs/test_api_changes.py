"""APIs that are asked for what has changed: as good as asking for everything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.scene import NORTH, Scene, configure_quietly
from core.small_sis import SmallSis
from core.sources.oneroster_rest.pulled import TOKEN, source_at
from rollbook.config.connections import Bearer, Http
from rollbook.config.sources import CleverApi
from rollbook.desk import decisions, syncing
from rollbook.desk.views import RunState, RunView
from rollbook.roster.kinds import Kind
from rollbook.sources.clever_api import changes
from rollbook.sources.normal_form import normal_set
from servers import clever_app
from servers.breaks import Mode
from servers.clever_app import CleverDistrict, clever_district
from servers.keys import bearer
from servers.oneroster_app import BASES, Served, oneroster_app, served
from servers.running import serving
from servers.served_sis import tables

LATER = "2026-09-01T00:00:00.000Z"


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLBOOK_TEST_TOKEN", TOKEN)


@contextmanager
def asking(scene: Scene, district: Served, **settings: Any) -> Iterator[None]:
    """The scene's district asks a server for changes."""
    with serving(oneroster_app(district, bearer(TOKEN))) as address:
        url = f"{address}{BASES[district.version]}"
        configure_quietly(scene, source=source_at(url, changes_only=True, **settings))
        yield


@pytest.fixture
def north(scene: Scene, tmp_path: Path) -> Served:
    district = served(tables(scene.sis, tmp_path / "set", "1.1"), "1.1")
    for rows in district.objects.values():
        for one in rows[1:]:
            one["dateLastModified"] = "2026-07-01T00:00:00.000Z"
    return district


def sync(scene: Scene) -> RunView:
    return syncing.sync(scene.desk, NORTH)


def move_on(north: Served, sis: SmallSis, folder: Path) -> None:
    """The server is where the system is now; what is gone is still told, as gone."""
    after = served(tables(sis, folder, "1.1"), "1.1").objects
    for name, rows in north.objects.items():
        was = {one["sourcedId"]: one for one in rows}
        now = {one["sourcedId"]: one for one in after[name]}
        changed = {
            i: one | {"dateLastModified": LATER} for i, one in now.items() if was.get(i) != one
        }
        gone = {
            i: one | {"dateLastModified": LATER, "status": "tobedeleted"}
            for i, one in was.items()
            if i not in now
        }
        rows[:] = [*(was | changed | gone).values()]


def edit(sis: SmallSis) -> None:
    sis.add_student("s1", "new-1", classes=("c-s1-1",), agents="g-s1-03")
    sis.users["s1-03"]["email"] = "other, and more@north.example.org"
    sis.move_student("s1-05", "s2", ("c-s2-1",))
    sis.users["t-s1-1"]["role"] = "aide"
    sis.drop_user("s1-04")


def test_changes_are_as_good_as_everything(scene: Scene, north: Served, tmp_path: Path) -> None:
    with asking(scene, north):
        assert sync(scene).summary.state is RunState.NOOP
        edit(scene.sis)
        move_on(north, scene.sis, tmp_path / "next")
        assert sync(scene).summary.state is RunState.APPLIED
    by_changes = scene.held()
    assert {"new-1", "s1-05"} <= by_changes[Kind.USER].keys()
    assert "s1-04" not in by_changes[Kind.USER]
    with asking(scene, north, whole_every_days=1):
        scene.clock.now += timedelta(days=2)
        sync(scene)
    assert scene.held() == by_changes


def test_only_what_is_new_is_asked_for(scene: Scene, north: Served, tmp_path: Path) -> None:
    with asking(scene, north, page_size=10):
        sync(scene)
        before = north.requests
        assert sync(scene).summary.state is RunState.NOOP
        quiet = north.requests - before
        assert quiet < before / 2


def test_of_many_changes_everything_is_asked_for(
    scene: Scene, north: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is put into the set before is held in memory until then."""
    monkeypatch.setattr(normal_set, "MOST_TOUCHED", 20)
    with asking(scene, north, page_size=10):
        sync(scene)
        for one in north.objects["users"][:20]:
            one |= {"dateLastModified": LATER, "givenName": "Few"}
        north.breaks.seen.clear()
        sync(scene)
        assert len(north.breaks.pages("orgs")) == 2
        for one in north.objects["users"]:
            one |= {"dateLastModified": LATER, "givenName": "Many"}
        north.breaks.seen.clear()
        assert sync(scene).summary.state is RunState.HELD
        assert len(north.breaks.pages("orgs")) == 4
        assert max(north.breaks.pages("users")) > 10


def test_nobody_is_gone_who_is_not_named(scene: Scene, north: Served) -> None:
    with asking(scene, north):
        sync(scene)
        del north.objects["users"][5:]
        north.objects["enrollments"].clear()
        assert sync(scene).summary.state is RunState.NOOP
        assert len(scene.users()) == 126
        scene.clock.now += timedelta(days=8)
        assert sync(scene).summary.state is RunState.INPUT_REFUSED


def test_after_changes_that_were_turned_down_everything_is_asked_for(
    scene: Scene, north: Served
) -> None:
    """What was turned down would else come with the next changes, of which it is none."""
    with asking(scene, north):
        sync(scene)
        student = next(one for one in north.objects["users"] if one["sourcedId"] == "s1-04")
        was = dict(student)
        student |= {"dateLastModified": LATER, "givenName": "Wrong"}
        wrong = syncing.sync(scene.desk, NORTH, preview=True)
        decisions.reject_run(scene.desk, wrong.summary.id, reason="a test in the source")
        student |= was
        assert sync(scene).summary.state is RunState.NOOP
    assert scene.users()["s1-04"]["given_name"] == "Givens1-04"


def test_another_server_is_asked_for_everything(
    scene: Scene, north: Served, tmp_path: Path
) -> None:
    with asking(scene, north):
        sync(scene)
    scene.sis.users["s1-01"]["givenName"] = "Elsewhere"
    other = served(tables(scene.sis, tmp_path / "other", "1.1"), "1.1")
    with asking(scene, other):
        sync(scene)
    assert scene.users()["s1-01"]["given_name"] == "Elsewhere"


def test_records_without_a_date_are_asked_for_again(
    scene: Scene, north: Served, tmp_path: Path
) -> None:
    del north.objects["orgs"][1]["dateLastModified"]
    with asking(scene, north):
        sync(scene)
        for one in north.objects["users"]:
            if one["sourcedId"] == "s1-01":
                one["givenName"] = "Changed"
        sync(scene)
    assert scene.users()["s1-01"]["given_name"] == "Changed"


def test_a_list_of_changes_that_is_cut_is_refused(
    scene: Scene, north: Served, tmp_path: Path
) -> None:
    with asking(scene, north, page_size=10):
        sync(scene)
        for one in north.objects["users"]:
            one["dateLastModified"] = LATER
        north.breaks.plan(Mode.LOST_ROW, "users")
        assert sync(scene).summary.state is RunState.INPUT_REFUSED


def test_a_role_that_the_last_of_the_changed_loses_goes(empty_scene: Scene, tmp_path: Path) -> None:
    """It has several rows in the set that came before."""
    scene = empty_scene
    scene.sis.users["t-s1-1"]["orgs"] = "s1,s2"
    north = served(tables(scene.sis, tmp_path / "set", "1.1"), "1.1")
    for rows in north.objects.values():
        for one in rows:
            one["dateLastModified"] = "2026-07-01T00:00:00.000Z"
    with asking(scene, north):
        view = sync(scene)
        for hold in view.holds:
            scene.approve(hold)
        scene.sis.users["t-s1-1"]["orgs"] = "s1"
        move_on(north, scene.sis, tmp_path / "next")
        sync(scene)
    orgs = {r["org_id"] for r in scene.held()[Kind.ROLE].values() if r["user_id"] == "t-s1-1"}
    assert orgs == {"s1"}


def test_what_changes_while_it_is_read_is_asked_for_again(scene: Scene, north: Served) -> None:
    """A date later than the one that the pull goes on from, in a list that was read before."""
    now = datetime.now(UTC)
    north.objects["enrollments"][0]["dateLastModified"] = now.isoformat()
    with asking(scene, north):
        sync(scene)
        changed = north.objects["users"][3]
        changed["dateLastModified"] = (now - timedelta(seconds=30)).isoformat()
        changed["givenName"] = "Between"
        sync(scene)
    assert scene.users()[changed["sourcedId"]]["given_name"] == "Between"


def test_a_date_to_come_hides_nothing(scene: Scene, north: Served) -> None:
    north.objects["enrollments"][0]["dateLastModified"] = "2099-01-01T00:00:00.000Z"
    with asking(scene, north):
        sync(scene)
        changed = north.objects["users"][3]
        changed["dateLastModified"] = datetime.now(UTC).isoformat()
        changed["givenName"] = "Between"
        sync(scene)
    assert scene.users()[changed["sourcedId"]]["given_name"] == "Between"


def test_what_belongs_to_somebody_who_left_may_be_listed_still(scene: Scene, north: Served) -> None:
    with asking(scene, north):
        sync(scene)
        for one in north.objects["users"]:
            if one["sourcedId"] in ("s1-01", "s2-01"):
                one |= {"status": "tobedeleted", "dateLastModified": LATER}
        assert sync(scene).summary.state is RunState.APPLIED
        scene.clock.now += timedelta(days=8)
        assert sync(scene).summary.state in (RunState.APPLIED, RunState.NOOP)
    held = scene.held()
    assert "s1-01" not in held[Kind.USER]
    assert not [e for e in held[Kind.ENROLLMENT].values() if e["user_id"] == "s1-01"]


def test_a_quiet_week_does_not_end_the_asking_for_changes(scene: Scene, north: Served) -> None:
    with asking(scene, north, page_size=10):
        sync(scene)
        whole = north.requests
        scene.clock.now += timedelta(days=8)
        sync(scene)
        before = north.requests
        sync(scene)
        assert north.requests - before < whole / 2


class TestClever:
    @pytest.fixture
    def clever(
        self, empty_scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> CleverDistrict:
        monkeypatch.setenv("ROLLBOOK_TEST_TOKEN", clever_app.TOKEN)
        district = clever_district(tables(empty_scene.sis, tmp_path / "set"))
        district.events.append(self.event(1, "updated", district.lists["schools"][0], "schools"))
        return district

    def event(self, number: int, action: str, one: Any, name: str) -> dict[str, Any]:
        return {
            "id": f"{number:024x}",
            "type": f"{name}.{action}",
            "created": f"2026-03-01T00:{number // 60 % 60:02}:{number % 60:02}.000Z",
            "data": {"object": one},
        }

    @contextmanager
    def asking(self, scene: Scene, district: CleverDistrict, **settings: Any) -> Iterator[None]:
        with serving(clever_app.clever_app(district)) as address:
            source = CleverApi(
                type="clever-api",
                url=f"{address}/v3.1",
                auth=Bearer(type="bearer", token="env:ROLLBOOK_TEST_TOKEN"),
                http=Http(requests_per_minute=60_000, max_wait_minutes=0.02),
                changes_only=True,
                **settings,
            )
            configure_quietly(scene, source=source)
            yield

    def through(self, scene: Scene) -> RunView:
        view = sync(scene)
        for hold in view.holds:
            view = scene.approve(hold)
        return view

    def move_on(self, district: CleverDistrict, sis: SmallSis, folder: Path) -> None:
        after = clever_district(tables(sis, folder)).lists
        number = len(district.events)
        for name, rows in district.lists.items():
            was = {one["id"]: one for one in rows}
            now = {one["id"]: one for one in after[name]}
            for record in sorted(was.keys() | now.keys()):
                if was.get(record) == now.get(record):
                    continue
                action = (
                    "deleted" if record not in now else "updated" if record in was else "created"
                )
                number += 1
                one = now.get(record) or was[record]
                district.events.append(self.event(number, action, one, name))
            rows[:] = after[name]

    def test_events_are_as_good_as_everything(
        self, empty_scene: Scene, clever: CleverDistrict, tmp_path: Path
    ) -> None:
        scene = empty_scene
        with self.asking(scene, clever):
            self.through(scene)
            edit(scene.sis)
            self.move_on(clever, scene.sis, tmp_path / "next")
            asked_before = dict(clever.asked)
            assert self.through(scene).summary.state is RunState.APPLIED
            by_events = scene.held()
            assert clever.asked["users/student"] == asked_before["users/student"]
            assert clever.asked["events"] > asked_before["events"]
            scene.clock.now += timedelta(days=8)
            self.through(scene)
            assert clever.asked["users/student"] > asked_before["users/student"]
        assert scene.held() == by_events
        names = {values.get("given_name") for values in by_events[Kind.USER].values()}
        assert "Givennew-1" in names
        assert "Givens1-04" not in names

    def test_each_night_says_what_clever_says_of_the_district_that_night(
        self, empty_scene: Scene, clever: CleverDistrict
    ) -> None:
        """A district that is paused there has the same roster every night."""
        scene = empty_scene
        with self.asking(scene, clever):
            self.through(scene)
            for state, said in (("paused", {"clever-paused"}), ("running", set())):
                clever.itself["state"] = state
                view = sync(scene)
                assert view.summary.state is RunState.NOOP
                found = {f.code for f in view.findings}
                assert {code for code in found if code.startswith("clever-")} == said

    def test_a_pause_in_clever_is_told_each_night_beside_what_the_roster_has(
        self, empty_scene: Scene, clever: CleverDistrict
    ) -> None:
        scene = empty_scene
        clever.itself["state"] = "paused"
        clever.lists["courses"][0]["name"] = "\u200bReading"
        with self.asking(scene, clever):
            first = self.through(scene)
            assert {f.code for f in first.findings} > {"clever-paused"}
            for _ in range(2):
                view = sync(scene)
                assert view.summary.state is RunState.NOOP
                assert set(view.findings) == set(first.findings)

    def test_where_clever_forgot_the_event_everything_is_asked_for(
        self, empty_scene: Scene, clever: CleverDistrict
    ) -> None:
        scene = empty_scene
        with self.asking(scene, clever):
            self.through(scene)
            before = clever.asked["users/student"]
            clever.events.clear()
            sync(scene)
            assert clever.asked["users/student"] > before

    def test_of_many_events_everything_is_asked_for(
        self, empty_scene: Scene, clever: CleverDistrict, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scene = empty_scene
        monkeypatch.setattr(changes, "MOST_TOUCHED", 2)
        with self.asking(scene, clever):
            self.through(scene)
            for number, whole in ((2, 0), (3, 1)):
                before = clever.asked["users/student"]
                for place in range(number):
                    school = clever.lists["users"][place]
                    at = len(clever.events) + 1
                    clever.events.append(self.event(at, "updated", school, "users"))
                sync(scene)
                assert (clever.asked["users/student"] > before) == whole

    def test_another_districts_token_does_not_change_this_one(
        self, empty_scene: Scene, clever: CleverDistrict, tmp_path: Path
    ) -> None:
        scene = empty_scene
        with self.asking(scene, clever):
            self.through(scene)
        other = clever_district(tables(scene.sis, tmp_path / "other"))
        other.itself["id"] = "5" * 24
        other.events.append(clever.events[0])
        stranger = dict(other.lists["users"][0])
        other.events.append(self.event(9, "created", stranger | {"id": "f" * 24}, "users"))
        with self.asking(scene, other):
            sync(scene)
        assert "f" * 24 not in scene.users()

    def test_an_event_that_is_none_has_everything_asked_for(
        self, empty_scene: Scene, clever: CleverDistrict
    ) -> None:
        scene = empty_scene
        with self.asking(scene, clever):
            self.through(scene)
            before = clever.asked["users/student"]
            odd = self.event(7, "renamed", clever.lists["schools"][0], "schools")
            clever.events.append(odd)
            assert sync(scene).summary.state is RunState.NOOP
            assert clever.asked["users/student"] > before
