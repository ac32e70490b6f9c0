"""Damaged sets: refused, or read without calling anybody gone who still stands there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import event, given
from hypothesis import strategies as st

from fuzz.budget import fuzzed, is_told
from fuzz.damage import Damaged, Edit, edits
from fuzz.good_set import Spelling, good_files
from fuzz.nobody_lost import wrongly_gone
from rollbook.errors import InputRefused
from rollbook.sources.oneroster_csv import read
from rollbook.sources.roster import Roster

spellings = st.builds(
    Spelling,
    st.sampled_from(["1.1", "1.2"]),
    st.booleans(),
    st.sampled_from(["\r\n", "\n"]),
    st.just(False),
)

_NAME = re.compile("(Given|Family)[sgt]")
"""What the names of the set's people begin with."""

Wounds = list[tuple[int, Edit]]
"""Edits, each with the number of the file that it is done to."""


def _read(files: dict[str, bytes], version: str | None, tobedeleted: str) -> Roster:
    with TemporaryDirectory() as place:
        for name, content in files.items():
            (Path(place) / f"{name}.csv").write_bytes(content)
        return read(Path(place), version=version, tobedeleted=tobedeleted)


@cache
def _good(spelling: Spelling) -> Roster:
    return _read(good_files(spelling), None, "refuse")


@fuzzed(300)
@given(
    spelling=spellings,
    wounds=st.lists(st.tuples(st.integers(0, 8), edits), min_size=1, max_size=4),
    manifest=st.booleans(),
    tobedeleted=st.sampled_from(["refuse", "remove"]),
)
def test_nobody_is_called_gone_who_is_there(
    spelling: Spelling, wounds: Wounds, manifest: bool, tobedeleted: str
) -> None:
    good = dict(good_files(spelling))
    if not manifest:
        del good["manifest"]
    names = [*sorted(good), "users"]
    files = {name: Damaged(content) for name, content in good.items()}
    for number, edit in wounds:
        files[names[number % len(names)]].do(edit)
    try:
        roster = _read(
            {name: bytes(file.content) for name, file in files.items()},
            None if manifest else spelling.version,
            tobedeleted,
        )
    except InputRefused as refused:
        is_told(refused)
        event(refused.code)
        return
    event("read")
    assert not wrongly_gone(_good(spelling), roster, files)
    for finding in roster.findings:
        assert finding.remedy
        # What was put in place of a header is told as a header: nobody can tell it from one.
        assert finding.code == "unknown-column" or not _NAME.search(finding.message)
