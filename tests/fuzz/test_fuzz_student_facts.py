"""A damaged file of absences: refused, or nothing is taken back of whoever stands there."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import assume, event, given
from hypothesis import strategies as st

from core.small_sis import small_sis
from core.sources.dialects.exports import schoolstatus, write
from core.sources.dialects.translated import translated
from fuzz.budget import fuzzed, is_told
from fuzz.damage import Damaged, Edit, edits
from rollbook.errors import InputRefused
from rollbook.sources.normal_form.facts_reading import facts_in
from rollbook.sources.oneroster_csv.collected import Findings

FILE, HEADER = "attendance.csv", b"studentSourcedId,date,type,excused,number,reason\r\n"
ABSENCES = [
    (f"s{school}-0{student}", f"2026-02-0{day}", "absent", "yes", "0.5", "ill, at home")
    for school in (1, 2)
    for student in (1, 2, 3)
    for day in (3, 4)
]


@cache
def _good() -> dict[str, bytes]:
    with TemporaryDirectory() as place:
        files = dict(schoolstatus(small_sis(2, 3, classes=2)))
        columns = HEADER.decode().strip().split(",")
        files[FILE] = [dict(zip(columns, row, strict=True)) for row in ABSENCES]
        drop = write(files, Path(place))
        return {path.name: path.read_bytes() for path in sorted(drop.iterdir())}


@fuzzed(30)
@given(wounds=st.lists(edits, min_size=1, max_size=3))
def test_nothing_is_taken_back_of_who_stands_there(wounds: list[Edit]) -> None:
    damaged = Damaged(_good()[FILE])
    for edit in wounds:
        damaged.do(edit)
    content = bytes(damaged.content)
    assume(content.startswith(HEADER))
    with TemporaryDirectory() as place:
        drop = Path(place) / "drop"
        drop.mkdir()
        for name, whole in _good().items():
            (drop / name).write_bytes(content if name == FILE else whole)
        try:
            found = translated("schoolstatus-csv", drop, Path(place))
        except InputRefused as refused:
            is_told(refused)
            event(refused.code)
            return
        findings = Findings()
        readings = facts_in(found.staged.folder, findings)
        came = {about.student for one in readings for _, about, _ in one.entries()}
        for finding in found.staged.told(findings.all()):
            assert finding.remedy
            assert "ill" not in finding.message.split()
    event("read" if readings else "no rows")
    protected = set[str]().union(*(one.protected for one in readings))
    lines = content.decode("utf-8", "replace").replace("\r", "\n").split("\n")[1:]
    standing = {line.split(",")[0].strip() for line in lines}
    here = {student for student, *_ in ABSENCES} & standing
    assert not readings or any(one.unsure for one in readings) or here <= came | protected
