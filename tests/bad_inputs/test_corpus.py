"""The corpus has every item that it is to have."""

from __future__ import annotations

import re
from pathlib import Path

from bad_inputs import csv_damage, csv_dialect, packing, roster_meaning
from bad_inputs.corpus import BadInput

ITEMS = frozenset(range(1, 114))
"""The items of ``safety.md`` §4.10."""

NOT_HERE = frozenset(range(74, 114))
"""What comes over a network (74-90: ``test_remote_items``), and what happens while a run is under
way (91-113), which is no input."""

CASES: list[BadInput] = [
    *csv_damage.CASES,
    *csv_dialect.CASES,
    *roster_meaning.CASES,
    *packing.CASES,
]


def test_every_item_about_files_and_archives_is_there() -> None:
    numbers = {case.number for case in CASES}
    for path in Path(__file__).parent.glob("test_*.py"):
        for name in re.findall(r"^def test((?:_\d\d)+)_", path.read_text(), re.MULTILINE):
            numbers |= {int(number) for number in name.split("_")[1:]}
    assert numbers == ITEMS - NOT_HERE


def test_no_two_items_have_one_name() -> None:
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))


def test_every_set_aside_row_names_whom_it_protects() -> None:
    for case in CASES:
        assert bool(case.protects) is (case.outcome.name == "SET_ASIDE"), case.name
        assert case.codes or case.outcome.name not in ("SET_ASIDE", "REFUSED"), case.name
