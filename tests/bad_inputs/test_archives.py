"""Items 39, 40 and 68-73: archives, and files that change while they are fetched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bad_inputs.corpus import BadInput
from bad_inputs.outcomes import check
from bad_inputs.packing import ARCHIVE, CASES, EVIL, packed
from core.scene import NORTH, Scene, configure_quietly
from rollbook.desk import syncing
from rollbook.desk.views import RunState
from rollbook.sources import folder, zip_archive
from rollbook.sources.hashing import Digests


@pytest.fixture
def archived(scene: Scene) -> Scene:
    """The good district, its files arriving as an archive."""
    scene.sis.write(scene.drop)
    packed()(scene.drop)
    configure_quietly(scene, source={"path": scene.drop / ARCHIVE})
    return scene


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_input(case: BadInput, archived: Scene) -> None:
    check(archived, case)


def test_70_nothing_is_written_outside(archived: Scene, tmp_path: Path) -> None:
    for case in CASES:
        if case.number == 70:
            case.deliver(archived.sis, archived.drop)
            syncing.sync(archived.desk, NORTH)
    root = archived.desk.home.root
    assert not list(root.parent.rglob(EVIL))
    assert not Path(f"/{EVIL}").exists()
    assert not list((root / "snapshots" / NORTH).glob("staging-*"))


def test_40_a_file_that_grows_while_it_is_copied(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = scene.held()
    _make_it_another(scene)
    copy = folder._copy

    def and_more(source: Path, target: Path) -> Digests:
        digest = copy(source, target)
        if source.name == "users.csv":
            with source.open("ab") as file:
                file.write(b"late,,,true\r\n")
        return digest

    monkeypatch.setattr(folder, "_copy", and_more)
    _is_refused_as_moved(scene, "users.csv")
    assert scene.held() == before


def test_40_a_file_that_comes_while_others_are_copied(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    _make_it_another(scene)
    copy = folder._copy

    def and_another(source: Path, target: Path) -> Digests:
        digest = copy(source, target)
        source.with_name("roles.csv").write_bytes(b"late")
        return digest

    monkeypatch.setattr(folder, "_copy", and_another)
    _is_refused_as_moved(scene, "roles.csv")


def test_40_an_archive_that_is_replaced_while_it_is_unpacked(
    archived: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpack = zip_archive._unpack

    def and_touch(*arguments: object) -> int:
        os.utime(archived.drop / ARCHIVE, ns=(1, 1))
        return unpack(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(zip_archive, "_unpack", and_touch)
    _is_refused_as_moved(archived, None)


def _make_it_another(scene: Scene) -> None:
    """An input that is the same as last time is not copied at all."""
    users = scene.drop / "users.csv"
    users.write_bytes(users.read_bytes().replace(b"true", b"TRUE", 1))


def _is_refused_as_moved(scene: Scene, file: str | None) -> None:
    view = syncing.sync(scene.desk, NORTH)
    assert view.summary.state is RunState.INPUT_REFUSED
    [finding] = view.findings
    assert (finding.code, finding.file) == ("moved", file)
    assert finding.remedy
    assert scene.generation() == 1
