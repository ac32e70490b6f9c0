"""What an API's lists lack is asked for by id before it counts as gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.scene import NORTH, Scene, configure_quietly
from core.small_sis import SmallSis
from core.sources.oneroster_rest.pulled import TOKEN, source_at
from rollbook.desk import syncing
from rollbook.desk.views import RunState
from rollbook.roster.kinds import Kind
from servers.keys import bearer
from servers.oneroster_app import BASES, Served, oneroster_app, served
from servers.running import serving
from servers.served_sis import tables


@contextmanager
def asking(scene: Scene, district: Served) -> Iterator[None]:
    """The scene's district reads from a server of this district."""
    with serving(oneroster_app(district, bearer(TOKEN))) as address:
        configure_quietly(scene, source=source_at(f"{address}{BASES['1.1']}"))
        yield


def north(sis: SmallSis, folder: Path) -> Served:
    """The scene's system behind a server."""
    return served(tables(sis, folder, "1.1"), "1.1")


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLBOOK_TEST_TOKEN", TOKEN)


def test_who_is_there_by_id_is_not_gone(scene: Scene, tmp_path: Path) -> None:
    """A list with a total that agrees with it, and two students short."""
    district = north(scene.sis, tmp_path / "set")
    with asking(scene, district):
        assert syncing.sync(scene.desk, NORTH).summary.state is RunState.NOOP
        district.unlisted = {"s1-01", "s2-02"}
        view = syncing.sync(scene.desk, NORTH)
    assert view.summary.state is RunState.INPUT_REFUSED
    [finding] = [f for f in view.findings if f.code == "not-gone"]
    assert finding.message.startswith("2 of 2 records of user")
    assert scene.users().keys() >= {"s1-01", "s2-02"}


def test_who_is_gone_by_id_too_is_gone(scene: Scene, tmp_path: Path) -> None:
    scene.sis.drop_user("s1-01")
    with asking(scene, north(scene.sis, tmp_path / "set")):
        assert syncing.sync(scene.desk, NORTH).summary.state is RunState.APPLIED
    held = scene.held()
    assert "s1-01" not in held[Kind.USER]
    assert not [e for e in held[Kind.ENROLLMENT].values() if e["user_id"] == "s1-01"]


def test_of_many_only_a_sample_is_asked_for(scene: Scene, tmp_path: Path) -> None:
    scene.sis.drop_students("s1", 30)
    scene.sis.drop_students("s2", 30)
    district = north(scene.sis, tmp_path / "set")
    with asking(scene, district):
        configure_quietly(scene, thresholds={"shrink_percent": 100})
        view = syncing.sync(scene.desk, NORTH)
        two_of_each_list = 2 * 7
        assert district.requests <= two_of_each_list + 3 * 20
    assert view.summary.state is RunState.HELD
