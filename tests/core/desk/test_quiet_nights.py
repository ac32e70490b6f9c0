"""Nights without a new drop where what came last was put away."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.accounts.looking import account
from core.deltas import write_delta
from core.mutation import Mutant
from core.scene import NORTH, Scene, configure_quietly, new_scene
from core.scripted_clock import Clock
from core.small_sis import small_sis
from core.sources.dialects.exports import remind_2_0, write
from rollbook.config.home import find_district, save_district
from rollbook.config.sources import RemindCsv
from rollbook.desk import decisions, districts, syncing
from rollbook.desk.views import RunState, RunView, SourceHealth, SourceState
from rollbook.directory import pulls
from rollbook.roster.accounts import AccountState
from servers.sftp_server import PASSWORD, USER, Behaviour, running_sftp_server


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """A district whose small set lies in ``/drop`` on a server, which puts away into ``read``."""
    monkeypatch.setenv("SFTP_PASSWORD", PASSWORD)
    scene = new_scene(tmp_path, small_sis(1, 6, classes=2), Clock())
    with running_sftp_server(tmp_path) as server:
        fetched_from(scene, server, "/drop")
        yield scene
        scene.close()


def fetched_from(scene: Scene, server: Behaviour, folder: str, **more: object) -> None:
    sftp = {
        "password": "env:SFTP_PASSWORD",
        "host_keys": server.fingerprints,
        "settle_seconds": 0.01,
        "processed_folder": "read",
        **more,
    }
    path = f"sftp://{USER}@127.0.0.1:{server.port}{folder}"
    # Where it is fetched from is no part of the policy.
    source = {"type": "oneroster-csv", "path": path, "sftp": sftp}
    configure_quietly(scene, source=source)


def again(scene: Scene, **more: object) -> RunView:
    return syncing.sync(scene.desk, NORTH, **more)  # type: ignore[arg-type]


def codes(view: RunView) -> list[str]:
    return [finding.code for finding in view.findings]


def health(scene: Scene) -> SourceHealth:
    found = districts.district(scene.desk, NORTH).summary.source
    assert found is not None
    return found


def settled(scene: Scene) -> RunView:
    """The first drop, read, approved and put away."""
    view = scene.sync_through()
    assert view.summary.state is RunState.APPLIED
    assert [entry.name for entry in scene.drop.iterdir()] == ["read"]
    return view


def test_a_night_without_a_new_drop_is_quiet_and_no_reading(scene: Scene) -> None:
    (scene.drop / "users.csv").write_text(
        (scene.drop / "users.csv").read_text().replace("s1-06,", "s1-06 ,", 1)
    )
    again(scene)
    while waiting := decisions.holds(scene.desk, NORTH):
        scene.approve(waiting[0])
    read, generation = health(scene), scene.generation()
    errors = districts.district(scene.desk, NORTH).recent[0].findings_error
    scene.clock.forward(hours=20)
    quiet = again(scene)
    assert quiet.summary.state is RunState.NOOP
    assert quiet.summary.message.startswith("Nothing new has arrived since 20")
    assert quiet.summary.findings_error == errors
    assert scene.generation() == generation == quiet.generation
    after = health(scene)
    assert (after.state, after.failure) == (SourceState.GOOD, "")
    assert after.pulled_at == read.pulled_at
    assert after.expected_by == read.expected_by
    assert districts.district(scene.desk, NORTH).summary.note == quiet.summary.message
    [*_, check] = districts.check_district(scene.desk, NORTH)
    assert check.ok
    assert "nothing new" in check.detail


def test_it_grows_overdue_by_the_rhythm_of_its_drops(scene: Scene) -> None:
    """However many quiet nights there are in between."""
    settled(scene)
    for week in range(2):
        scene.clock.forward(days=7)
        scene.sis.users["s1-01"]["familyName"] = f"Week {week}"
        assert scene.sync().summary.state is RunState.APPLIED
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pulls, "LOOKED_AT", 3)
        for _ in range(3):
            scene.clock.forward(days=4)
            assert again(scene).summary.state is RunState.NOOP
        assert not health(scene).overdue
        scene.clock.forward(days=2, hours=1)
        assert health(scene).overdue
    again(scene)
    assert health(scene).state is SourceState.GOOD


def test_the_next_drop_is_read_as_if_there_had_been_no_quiet_night(scene: Scene) -> None:
    first = settled(scene)
    again(scene)
    same = scene.sync()
    assert same.summary.state is RunState.NOOP
    assert same.summary.snapshot == first.summary.snapshot
    assert "byte by byte" in same.summary.message
    again(scene)
    scene.sis.users["s1-01"]["familyName"] = "New"
    assert scene.sync().summary.state is RunState.APPLIED


def test_what_came_last_still_waits_after_a_quiet_night(scene: Scene) -> None:
    held = scene.sync()
    assert held.summary.state is RunState.HELD
    quiet = again(scene)
    assert quiet.summary.id == held.summary.id
    newest, *_ = districts.district(scene.desk, NORTH).recent
    assert newest.message.endswith(f"still waits in {held.summary.id}.")
    assert scene.approve(decisions.holds(scene.desk, NORTH)[0]).summary.state is RunState.APPLIED


def refused_and_taken_away(scene: Scene) -> None:
    """A drop that is cut off, and that somebody takes away by hand."""
    scene.sis.write(scene.drop)
    users = scene.drop / "users.csv"
    users.write_bytes(users.read_bytes()[:-30])
    refused = again(scene)
    assert (refused.summary.state, codes(refused)) == (RunState.INPUT_REFUSED, ["truncated"])
    for file in scene.drop.glob("*.csv"):
        file.unlink()


def test_a_refused_drop_that_was_taken_away_is_not_told_again(scene: Scene) -> None:
    first = settled(scene)
    refused_and_taken_away(scene)
    quiet = again(scene)
    assert quiet.summary.message.startswith("Nothing new has arrived since")
    assert codes(quiet) == codes(first)
    assert quiet.summary.findings_error == first.summary.findings_error


def test_what_came_before_a_refused_drop_still_waits(scene: Scene) -> None:
    held = scene.sync()
    assert held.summary.state is RunState.HELD
    refused_and_taken_away(scene)
    assert again(scene).summary.id == held.summary.id


def test_what_is_due_of_accounts_is_done_on_a_quiet_night(scene: Scene) -> None:
    policy = {"student": {"username": "{given}.{family}", "disabled": {"suspend_after": 3}}}
    configure_quietly(scene, accounts=policy)
    settled(scene)
    scene.clock.forward(days=1)
    scene.sis.users["s1-01"]["enabledUser"] = "false"
    scene.sync_through()
    scene.clock.forward(days=2)
    assert again(scene).summary.message.startswith("Nothing new has arrived")
    scene.clock.forward(days=1)
    read = health(scene)
    assert again(scene, preview=True).accounts.counts == {"suspend": 1}
    view = again(scene)
    assert (view.summary.state, view.accounts.applied) == (RunState.APPLIED, {"suspend": 1})
    assert account(scene, "s1-01").state is AccountState.SUSPENDED
    assert health(scene).pulled_at == read.pulled_at
    assert again(scene).summary.message.startswith("Nothing new has arrived")
    assert scene.sync().summary.state is RunState.NOOP


def test_changes_only_do_not_set_the_clock_back(scene: Scene) -> None:
    settled(scene)
    scene.clock.forward(days=60)
    before = scene.sis.copy()
    scene.sis.users["s1-01"]["familyName"] = "New"
    write_delta(before, scene.sis, scene.drop, "2026-04-24T18:00:00Z")
    assert "upload-clock" not in codes(again(scene))
    scene.clock.forward(days=20)
    assert "upload-clock" in codes(again(scene))


@pytest.mark.parametrize("preview", [True, False])
def test_a_folder_from_which_nothing_was_put_away_is_a_failure(scene: Scene, preview: bool) -> None:
    if preview:
        # What was only looked at has not been put away.
        again(scene, preview=True)
    for file in scene.drop.glob("*.csv"):
        file.unlink()
    failed = again(scene)
    assert failed.summary.state is RunState.FETCH_FAILED
    assert "holds neither CSV files nor a zip" in failed.summary.message


def test_another_place_and_one_that_is_gone_are_failures(scene: Scene, tmp_path: Path) -> None:
    settled(scene)
    shutil.move(scene.drop, tmp_path / "away")
    assert again(scene).summary.state is RunState.FETCH_FAILED
    shutil.move(tmp_path / "away", scene.drop)
    assert again(scene).summary.state is RunState.NOOP
    (tmp_path / "other").mkdir()
    with running_sftp_server(tmp_path) as server:
        fetched_from(scene, server, "/other")
        assert again(scene).summary.state is RunState.FETCH_FAILED


def test_a_zip_by_name_and_a_marker_are_not_waited_for(scene: Scene, tmp_path: Path) -> None:
    packed = shutil.make_archive(str(tmp_path / "set"), "zip", scene.drop)
    with running_sftp_server(tmp_path) as server:
        fetched_from(scene, server, "/zips/set.zip")
        (tmp_path / "zips").mkdir()
        shutil.move(packed, tmp_path / "zips")
        view = again(scene)
        scene.approve(decisions.holds(scene.desk, NORTH)[0])
        assert view.summary.state is RunState.HELD
        assert again(scene).summary.state is RunState.NOOP

        fetched_from(scene, server, "/drop", marker="done", max_wait_minutes=60)
        scene.sis.write(scene.drop)
        (scene.drop / "done").touch()
        scene.sync()
        assert sorted(entry.name for entry in scene.drop.iterdir()) == ["done", "read"]
        assert again(scene).summary.state is RunState.NOOP


def test_the_clock_of_ninety_days_goes_on(scene: Scene, tmp_path: Path) -> None:
    shutil.rmtree(scene.drop)
    write(remind_2_0(scene.sis), scene.drop)
    with running_sftp_server(tmp_path) as server:
        fetched_from(scene, server, "/drop")
        district = find_district(scene.desk.home, NORTH)
        kept = {"path": district.source.where, "sftp": district.source.model_dump()["sftp"]}
        source = RemindCsv.model_validate({"type": "remind-csv", "version": "2.0", **kept})
        save_district(scene.desk.home, district.model_copy(update={"source": source}))
        again(scene)
        while waiting := decisions.holds(scene.desk, NORTH):
            scene.approve(waiting[0])
        scene.clock.forward(days=40)
        assert "upload-clock" not in codes(again(scene))
        scene.clock.forward(days=40)
        for _ in range(2):
            assert codes(again(scene)).count("upload-clock") == 1


MUTANTS: dict[str, tuple[Mutant, Callable[[Scene, Path], None]]] = {
    "the place from which it was put away": (
        Mutant(
            "rollbook.snapshots.stage:_fetched", "base.about.put_away == source.where", "not None"
        ),
        test_another_place_and_one_that_is_gone_are_failures,
    ),
    "the folder that is gone": (
        Mutant(
            "rollbook.sources.sftp.drops:complete_drop",
            "put_away and await _is_only_empty(session, address)",
            "put_away",
        ),
        test_another_place_and_one_that_is_gone_are_failures,
    ),
    "what was only looked at": (
        Mutant("rollbook.runs.sync:_put_away", "if not preview and", "if"),
        lambda scene, _: test_a_folder_from_which_nothing_was_put_away_is_a_failure(scene, True),
    ),
    "a night that compared nothing": (
        Mutant("rollbook.directory.runs:_newest_sync", "runs.c.snapshot.is_not(None)", "True"),
        lambda scene, _: test_the_next_drop_is_read_as_if_there_had_been_no_quiet_night(scene),
    ),
    "the rhythm of the drops": (
        Mutant("rollbook.directory.pulls:last_pulls", "< min(_TELLING, row.number)", "< 0"),
        lambda scene, _: test_it_grows_overdue_by_the_rhythm_of_its_drops(scene),
    ),
    "changes only": (
        Mutant("rollbook.runs.quiet:close_quiet", "max(whole, (actor.at - since).days)", "0"),
        lambda scene, _: test_changes_only_do_not_set_the_clock_back(scene),
    ),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_every_guard_broken_on_purpose_is_caught(
    name: str, scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant, check = MUTANTS[name]
    mutant.put_in(monkeypatch)
    with pytest.raises(AssertionError):
        check(scene, tmp_path)
