"""A district lives through anything that sources, operators, clocks and crashes can do to it.

After every step the directory must hold what the ghost beside it holds, and whatever was written
must have been allowed. At the end it is made sure that something really happened.
"""

from __future__ import annotations

from collections import Counter

import pytest

from core.life.lives import OFTEN, live, template_of
from core.scene import Saved
from postgres.server import Server


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, server: Server | None) -> Saved:
    """Two schools of seven students, with limits that are reached often."""
    return template_of(tmp_path_factory.mktemp("life"), server)


def test_a_district_lives_through_anything(template: Saved) -> None:
    """On a server a few lives have to do: the same ones, as far as they go."""
    seen: Counter[str] = Counter()
    live(template, seen, lives=4 if template.server else 25, steps=18)
    least = 0 if template.server else 2
    assert not {what: seen[what] for what in OFTEN if seen[what] < least}
    assert min(seen["add applied"], seen["remove applied"], seen["held"], seen["killed"]) > 0
    assert seen["settled"] > 0
