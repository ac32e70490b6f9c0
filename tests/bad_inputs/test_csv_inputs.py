"""Items 1-38: files that are damaged, cut, mistaken for another encoding or dialect."""

from __future__ import annotations

import pytest

from bad_inputs import csv_damage, csv_dialect
from bad_inputs.corpus import BadInput
from bad_inputs.outcomes import check
from core.scene import Scene

CASES = [*csv_damage.CASES, *csv_dialect.CASES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_input(case: BadInput, scene: Scene) -> None:
    check(scene, case)
