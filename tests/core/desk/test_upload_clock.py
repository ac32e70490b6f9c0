"""Remind wants files every 90 days: who sends none for long is told so while there is time."""

import shutil
from pathlib import Path

import pytest

from core.scene import NORTH, Scene, configure_quietly, new_scene
from core.scripted_clock import Clock
from core.small_sis import small_sis
from core.sources.dialects.exports import remind_2_0, write
from core.sources.dialects.translated import source_of
from rollbook.config.connections import Sftp
from rollbook.config.home import find_district, save_district
from rollbook.config.locations import SftpAddress
from rollbook.config.sources import RemindCsv
from rollbook.desk import decisions, syncing
from rollbook.desk.views import RunState
from rollbook.sources.upload_clock import overdue
from servers.sftp_server import PASSWORD, USER, running_sftp_server


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    scene = new_scene(tmp_path, small_sis(1, 6, classes=2), Clock())
    write(remind_2_0(scene.sis), scene.drop)
    district = find_district(scene.desk.home, NORTH)
    source = source_of("remind-csv 2.0", scene.drop)
    save_district(scene.desk.home, district.model_copy(update={"source": source}))
    syncing.sync(scene.desk, NORTH)
    while waiting := decisions.holds(scene.desk, NORTH):
        scene.approve(waiting[0])
    return scene


def warned(scene: Scene) -> list[str]:
    view = syncing.sync(scene.desk, NORTH)
    assert view.summary.state is RunState.NOOP
    found = [f.message for f in view.findings if f.code == "upload-clock"]
    assert view.findings_warning >= len(found)
    return found


def test_old_files_are_told_once_a_run_and_no_longer_when_new_ones_came(scene: Scene) -> None:
    try:
        assert not warned(scene)
        scene.clock.forward(days=74)
        assert not warned(scene)
        scene.clock.forward(days=2)
        for _ in range(2):
            [message] = warned(scene)
            assert "76 days" in message
        scene.sis.users["s1-01"]["familyName"] = "Andersson"
        write(remind_2_0(scene.sis), scene.drop)
        view = syncing.sync(scene.desk, NORTH)
        assert not [f for f in view.findings if f.code == "upload-clock"]
    finally:
        scene.close()


def test_old_files_in_a_zip_are_told_too(scene: Scene, tmp_path: Path) -> None:
    try:
        archive = shutil.make_archive(str(tmp_path / "drop"), "zip", scene.drop)
        configure_quietly(scene, source=source_of("remind-csv 2.0", Path(archive)))
        assert not warned(scene)
        scene.clock.forward(days=50)
        assert not warned(scene)
        scene.clock.forward(days=30)
        for _ in range(2):
            [message] = warned(scene)
            assert "80 days" in message
    finally:
        scene.close()


def test_old_files_on_a_server_are_told_too(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SFTP_PASSWORD", PASSWORD)
    with running_sftp_server(tmp_path) as server:
        address = SftpAddress(USER, "127.0.0.1", server.port, f"/{scene.drop.name}")
        sftp = Sftp(
            password="env:SFTP_PASSWORD", host_keys=tuple(server.fingerprints), settle_seconds=0
        )
        configure_quietly(scene, source=RemindCsv(type="remind-csv", path=address, sftp=sftp))
        try:
            assert not warned(scene)
            scene.clock.forward(days=76)
            for _ in range(2):
                [message] = warned(scene)
                assert "76 days" in message
        finally:
            scene.close()


@pytest.mark.parametrize(("days", "told"), [(0, False), (74, False), (75, True), (400, True)])
def test_the_limit_is_fifteen_days_before_removals_end(days: int, told: bool) -> None:
    assert (overdue(source_of("remind-csv 1.0", Path("/x")), days) is not None) == told
    finding = overdue(source_of("clever-csv", Path("/x")), days)
    assert (finding is not None) == told
    assert finding is None or "Remind" not in finding.message
