"""A district lives through anything that sources, operators, clocks and crashes can do to it.

After every step the directory must hold what the ghost beside it holds, and whatever was written
must have been allowed. At the end it is made sure that something really happened.
"""

from __future__ import annotations

from collections import Counter

import pytest

from core.life.lives import NOW_AND_THEN, OFTEN, live, template_of
from core.mutation import Mutant
from core.scene import Saved
from postgres.server import Server
from rollbook.errors import RollbookError


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, server: Server | None) -> Saved:
    """Two schools of seven students, with limits that are reached often."""
    return template_of(tmp_path_factory.mktemp("life"), server)


@pytest.mark.timeout(900)
def test_a_district_lives_through_anything(template: Saved) -> None:
    """On a server a few lives have to do: the same ones, as far as they go."""
    seen: Counter[str] = Counter()
    live(template, seen, lives=4 if template.server else 24, steps=18)
    least = 0 if template.server else 2
    assert not {what: seen[what] for what in OFTEN if seen[what] < least}
    assert template.server or not [what for what in NOW_AND_THEN if not seen[what]]
    assert min(seen["add applied"], seen["remove applied"], seen["held"], seen["killed"]) > 0
    assert seen["settled"] > 0


MUTANTS = {
    "holds that keep nothing back": Mutant(
        "rollbook.runs.release:release",
        "keeps = {h.id for h in all_holds.values() if h.state != HoldState.APPROVED}",
        "keeps = set()",
    ),
    "a run that nobody closes": Mutant(
        "rollbook.runs.interrupted:close_interrupted",
        "runs.in_states(connection, district, UNDER_WAY)",
        "()",
    ),
    "a record written over": Mutant(
        "rollbook.directory.apply:_guards",
        "{table}.version = c.before_version",
        "{table}.version >= c.before_version",
    ),
    "a pause that keeps nothing still": Mutant(
        "rollbook.runs.resting:paused_positions",
        "found[sure & (found == FREE)] = number",
        "pass",
    ),
}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_guard_is_noticed(
    template: Saved, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    MUTANTS[name].put_in(monkeypatch)
    # A later guard of the engine may be the one that notices.
    with pytest.raises((AssertionError, ExceptionGroup, RollbookError)):
        live(template, Counter(), lives=40, steps=40, seeded=3)
