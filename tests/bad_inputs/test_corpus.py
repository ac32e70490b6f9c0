"""The corpus has every item that it is to have."""

from __future__ import annotations

import re
from pathlib import Path

from bad_inputs import csv_damage, csv_dialect, packing, roster_meaning
from bad_inputs.corpus import BadInput

FILES_AND_ARCHIVES = frozenset(range(1, 74))
"""The items of ``safety.md`` §4.10 about files and archives."""

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
    assert FILES_AND_ARCHIVES - numbers == set()
    assert numbers - FILES_AND_ARCHIVES == set(), "say so in the corpus's first line, and here"


def test_no_two_items_have_one_name() -> None:
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))


def test_every_set_aside_row_names_whom_it_protects() -> None:
    for case in CASES:
        assert bool(case.protects) is (case.outcome.name == "SET_ASIDE"), case.name
        assert case.codes or case.outcome.name not in ("SET_ASIDE", "REFUSED"), case.name
