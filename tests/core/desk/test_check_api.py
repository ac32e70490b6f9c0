"""``district check`` of an API: one page of each list, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.scene import NORTH, Scene
from core.sources.oneroster_rest.pulled import TOKEN, source_at
from rollbook.config.connections import Bearer, Http
from rollbook.config.sources import CleverApi
from rollbook.desk.districts import check_district
from rollbook.desk.views import Check
from servers import clever_app
from servers.breaks import Mode
from servers.clever_app import clever_district
from servers.keys import bearer
from servers.oneroster_app import BASES, Served, oneroster_app, served
from servers.running import serving
from servers.served_sis import tables


@pytest.fixture
def north(scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Served:
    """The scene's system behind a server."""
    monkeypatch.setenv("ROLLBOOK_TEST_TOKEN", TOKEN)
    return served(tables(scene.sis, tmp_path / "set", "1.1"), "1.1")


def checked(scene: Scene, district: Served, token: str = TOKEN) -> dict[str, Check]:
    with serving(oneroster_app(district, bearer(token))) as address:
        scene.configure(source=source_at(f"{address}{BASES['1.1']}", page_size=100))
        return {check.name: check for check in check_district(scene.desk, NORTH)}


def test_every_list_is_asked_for_once(scene: Scene, north: Served) -> None:
    checks = checked(scene, north)
    assert all(check.ok for check in checks.values())
    assert checks["users"].detail == "100 rows read, 126 in all"
    assert checks["orgs"].detail == "3 rows read, 3 in all"
    assert north.requests == 7


def test_a_page_is_as_large_as_a_sync_asks_for(scene: Scene, north: Served) -> None:
    north.largest = 99
    [failed, *_] = [check for check in checked(scene, north).values() if not check.ok]
    assert "400" in failed.detail
    assert "page_size" in failed.hint


def test_one_list_that_may_not_be_read_does_not_hide_the_others(
    scene: Scene, north: Served
) -> None:
    north.breaks.plan(Mode.FORBIDDEN, "demographics")
    checks = checked(scene, north)
    assert [check.name for check in checks.values() if not check.ok] == ["demographics"]
    assert "403" in checks["demographics"].detail
    assert checks["demographics"].hint
    assert checks["enrollments"].ok


def test_nobody_is_an_error_and_no_demographics_are_none(scene: Scene, north: Served) -> None:
    north.objects["users"].clear()
    north.objects["demographics"].clear()
    checks = checked(scene, north)
    assert [check.name for check in checks.values() if not check.ok] == ["users"]
    assert checks["demographics"].detail == "answers, and has nothing"


def test_a_wrong_token_is_told_and_not_shown(scene: Scene, north: Served) -> None:
    checks = checked(scene, north, token="another")
    [failed] = [check for check in checks.values() if not check.ok]
    assert "401" in failed.detail
    assert TOKEN not in repr(checks)


def test_a_secret_that_is_not_there(
    scene: Scene, north: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ROLLBOOK_TEST_TOKEN")
    [failed] = [check for check in checked(scene, north).values() if not check.ok]
    assert "ROLLBOOK_TEST_TOKEN" in failed.detail


def test_clever_says_how_the_district_stands(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLBOOK_TEST_TOKEN", clever_app.TOKEN)
    district = clever_district(tables(scene.sis, tmp_path / "set"))
    district.itself["state"] = "paused"
    with serving(clever_app.clever_app(district)) as address:
        scene.configure(
            source=CleverApi(
                type="clever-api",
                url=f"{address}/v3.1",
                auth=Bearer(type="bearer", token="env:ROLLBOOK_TEST_TOKEN"),
                http=Http(requests_per_minute=60_000, max_wait_minutes=0.02),
            )
        )
        checks = {check.name: check for check in check_district(scene.desk, NORTH)}
    assert all(check.ok for check in checks.values())
    assert "paused" in checks["district"].detail
    assert checks["students"].detail == "60 rows read"
