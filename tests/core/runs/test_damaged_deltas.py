"""Damaged rows, in a delta and in the set before it: whoever they may be about stays."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.deltas import write_delta
from core.scene import NORTH, Scene, configure_quietly
from rollbook.desk import syncing
from rollbook.desk.views import RunState, RunView
from rollbook.roster.kinds import Kind

MONDAY, TUESDAY = "2026-02-23T18:00:00.000Z", "2026-02-24T18:00:00.000Z"

Spoil = Callable[[str], str]


def again(scene: Scene) -> RunView:
    return syncing.sync(scene.desk, NORTH)


def delta_about_another(scene: Scene) -> RunView:
    """A delta that names ``s2-01`` and nobody else."""
    after = scene.sis.copy()
    after.users["s2-01"]["givenName"] = "Changed"
    write_delta(scene.sis, after, scene.drop, MONDAY)
    return again(scene)


def spoil_row(file: Path, record: str, spoil: Spoil) -> None:
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if line.startswith(f"{record},"))
    lines[at] = spoil(lines[at])
    file.write_text("".join(lines), encoding="utf-8")


DAMAGES: dict[str, Spoil] = {
    "a cell that is too long": lambda line: line.replace("Givens1-05", "G" * 140_000),
    "no id and a cell too few": lambda line: "," + line.split(",", 2)[2],
    "a quote within a cell": lambda line: line.replace("Givens1-05", '"Xeno" phon'),
    "a quote within the id": lambda line: '"s1"-05' + line.removeprefix("s1-05"),
    "a cell too many": lambda line: line.replace("Givens1-05", "Givens1,05"),
    "two rows in one": lambda line: line.rstrip() + line.removeprefix("s1-05"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_row_of_the_set_before_protects_whom_it_is_about(
    empty_scene: Scene, damage: str
) -> None:
    """What is kept of a file with passwords is written anew, and its damage has to stay."""
    scene = empty_scene
    for row in scene.sis.users.values():
        row["password"] = "canary"
    scene.sync_through()
    configure_quietly(scene, thresholds={"rejected_percent": 5})
    before = scene.held()
    scene.sis.write(scene.drop)
    spoil_row(scene.drop / "users.csv", "s1-05", DAMAGES[damage])
    assert again(scene).summary.state is RunState.NOOP
    assert delta_about_another(scene).summary.state is RunState.APPLIED
    after = scene.held()
    assert after[Kind.USER].pop("s2-01")["given_name"] == "Changed"
    del before[Kind.USER]["s2-01"]
    assert after == before
