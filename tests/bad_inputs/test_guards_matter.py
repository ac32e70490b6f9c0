"""Guards of the reader, broken on purpose: the item of the corpus that each is for notices."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bad_inputs import csv_damage, csv_dialect, packing, roster_meaning
from bad_inputs.corpus import BadInput
from bad_inputs.outcomes import check
from bad_inputs.packing import ARCHIVE, packed
from core.mutation import Mutant
from core.scene import Scene, configure_quietly

_CSV = "rollbook.sources.oneroster_csv"
_ZIP = "rollbook.sources.zip_archive"

MUTANTS: dict[str, Mutant] = {
    "08-every-id-cut-to-a-width": Mutant(
        f"{_CSV}.duplicates:settle", "disputed[record_id] = list(others)", "pass"
    ),
    "12-utf-16-le": Mutant(f"{_CSV}.encoding:check_width", 'or b"\\0" in start', "and False"),
    "16-bell-in-an-id": Mutant(f"{_CSV}.ids:any_id", "text.isprintable()", "True"),
    "22-semicolons": Mutant(f"{_CSV}.header:refuse_delimiter", "if len(header) > 1:", "if True:"),
    "23-duplicate-header": Mutant(
        f"{_CSV}.header:_refuse_twice_or_blank", "if key in seen:", "if False:"
    ),
    "24-blank-header": Mutant(f"{_CSV}.header:_refuse_twice_or_blank", "if not name:", "if False:"),
    "29-a-damaged-row-that-swallowed-the-next": Mutant(
        f"{_CSV}.quoting:Splitter.split", '[first, *[""] * line.count(",")]', '[first, ""]'
    ),
    "33-an-id-that-became-a-date": Mutant(f"{_CSV}.ids:own_id", "if _EXCEL(text):", "if False:"),
    "34-no-day-of-the-calendar": Mutant(
        f"{_CSV}.dates:_on_calendar", "date.fromisoformat(day).year >= _OLDEST_YEAR", "True"
    ),
    "34-year-0001": Mutant(
        f"{_CSV}.dates:_on_calendar", "date.fromisoformat(day).year >= _OLDEST_YEAR", "True"
    ),
    "34-every-date-as-americans-write-it": Mutant(
        "rollbook.snapshots.quality:refuse_poor_quality",
        "if rejected and rejected * 100",
        "if False and rejected * 100",
    ),
    "07-cut-after-a-row-half-gone": Mutant(
        "rollbook.snapshots.quality:refuse_poor_quality",
        "if missing >= thresholds.removal_floor and too_many and not shrinks:",
        "if False:",
    ),
    "42-same-id-once-damaged": Mutant(
        f"{_CSV}.duplicates:settle", "disputed.setdefault(record_id, [])\n    if", "pass\n    if"
    ),
    "59-delta-of-rows-that-say-nothing": Mutant(
        f"{_CSV}.delta_rows:_Reading.read", "if not rows:", "if False:"
    ),
    "68-a-bomb-beside-the-set": Mutant(
        f"{_ZIP}:_inflate", "if bomb or (total", "if False and (total"
    ),
    "70-parent": Mutant(f"{_ZIP}:_check_entry", 'or ".." in parts', ""),
    "70-absolute": Mutant(f"{_ZIP}:_check_entry", 'or parts[0] == ""', ""),
    "70-drive": Mutant(f"{_ZIP}:_check_entry", "or _DRIVE.match(path)", ""),
    "70-symlink": Mutant(
        f"{_ZIP}:_check_entry", "kind not in (0, stat.S_IFREG, stat.S_IFDIR)", "False"
    ),
    "71-users-twice": Mutant(
        f"{_ZIP}:_wanted",
        "name.lower() in (known.lower() for known in entries)",
        "False",
    ),
    "72-encrypted": Mutant(f"{_ZIP}:_check_entry", "info.flag_bits & 0x1", "False"),
    "73-an-archive-within": Mutant(
        f"{_ZIP}:_check_entry", "path.lower().endswith(_ARCHIVES)", "False"
    ),
}
"""By the name of the item that notices."""

_CASES: dict[str, BadInput] = {
    case.name: case
    for case in (*csv_damage.CASES, *csv_dialect.CASES, *roster_meaning.CASES, *packing.CASES)
}


@pytest.mark.parametrize("name", MUTANTS)
def test_the_corpus_notices_a_broken_guard(
    name: str, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = _CASES[name]
    if case in packing.CASES:
        scene.sis.write(scene.drop)
        packed()(scene.drop)
        configure_quietly(scene, source={"path": scene.drop / ARCHIVE})
    MUTANTS[name].put_in(monkeypatch)
    assert not _stands(check, scene, case)


def _stands(checked: Callable[[Scene, BadInput], None], scene: Scene, case: BadInput) -> bool:
    """Whether the check of a case passes; any way of failing is noticing."""
    try:
        checked(scene, case)
    except Exception:
        return False
    return True
