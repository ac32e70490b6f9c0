"""Damaged files of other dialects: refused, or read without calling anybody gone who stands there;
and mappings as people write them."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import assume, event, given
from hypothesis import strategies as st

from core.small_sis import small_sis
from core.sources.dialects.exports import EXPORTS, write
from core.sources.dialects.translated import Translated, translated
from fuzz.budget import fuzzed, is_told
from fuzz.damage import Damaged, Edit, edits
from rollbook.errors import ConfigInvalid, InputRefused
from rollbook.roster.kinds import Kind
from rollbook.sources.mapped_csv import load_mapping
from rollbook.sources.mapped_csv.guess import guess_mapping
from rollbook.sources.profiles import profile_names, profile_path

_PEOPLE = {
    "clever-csv": {"students.csv": "Student_id", "teachers.csv": "Teacher_id"},
    "sds-csv 1": {"Student.csv": "SIS ID", "Teacher.csv": "SIS ID"},
    "sds-csv 2": {"users.csv": "sourcedId"},
    "sds-csv 2.1": {"users.csv": "sourcedId"},
    "remind-csv 1.0": {"students.csv": "student_id", "teachers.csv": "teacher_id"},
    "remind-csv 2.0": {"users.csv": "user_id"},
    "schoolstatus-csv": {"users.csv": "sourceId"},
}
"""The files that people stand in, and the columns of their ids."""

_CLASSES = {
    "clever-csv": ("sections.csv", "Section_id"),
    "sds-csv 1": ("Section.csv", "SIS ID"),
    "sds-csv 2": ("classes.csv", "sourcedId"),
    "sds-csv 2.1": ("classes.csv", "sourcedId"),
    "remind-csv 1.0": ("classes.csv", "class_id"),
    "remind-csv 2.0": ("classes.csv", "class_id"),
    "schoolstatus-csv": ("classes.csv", "sourcedId"),
}


@cache
def _good(dialect: str) -> dict[str, bytes]:
    with TemporaryDirectory() as place:
        drop = write(EXPORTS[dialect](small_sis(2, 3, classes=2)), Path(place))
        return {path.name: path.read_bytes() for path in sorted(drop.iterdir())}


def _read(dialect: str, files: dict[str, bytes]) -> Translated:
    with TemporaryDirectory() as place:
        drop = Path(place) / "drop"
        drop.mkdir()
        for name, content in files.items():
            (drop / name).write_bytes(content)
        return translated(dialect, drop, Path(place))


@cache
def _whole(dialect: str) -> Translated:
    return _read(dialect, _good(dialect))


def _standing(content: bytes, column: str) -> set[str]:
    """Every id that stands in its column on some line."""
    text = content.decode("utf-8", "replace")
    header, *lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    at = header.split(",").index(column)
    return {cells[at].strip() for line in lines if len(cells := line.split(",")) > at}


def _has_its_header(dialect: str, name: str, content: bytes) -> bool:
    return content.startswith(_good(dialect)[name].split(b"\r\n")[0] + b"\r\n")


@fuzzed(150)
@given(
    dialect=st.sampled_from(sorted(_PEOPLE)),
    wounds=st.lists(st.tuples(st.integers(0, 8), edits), min_size=1, max_size=3),
)
def test_nobody_is_called_gone_who_is_there(dialect: str, wounds: list[tuple[int, Edit]]) -> None:
    files = {name: Damaged(content) for name, content in _good(dialect).items()}
    for number, edit in wounds:
        files[sorted(files)[number % len(files)]].do(edit)
    damaged = {name: bytes(file.content) for name, file in files.items()}
    assume(all(_has_its_header(dialect, name, damaged[name]) for name in damaged))
    try:
        found = _read(dialect, damaged)
    except InputRefused as refused:
        is_told(refused)
        event(refused.code)
        return
    event("read")
    people = set[str]().union(
        *(_standing(damaged[name], column) for name, column in _PEOPLE[dialect].items())
    )
    file, column = _CLASSES[dialect]
    for kind, standing in ((Kind.USER, people), (Kind.CLASS, _standing(damaged[file], column))):
        here = found.roster.records[kind].keys() | found.roster.protected[kind]
        gone = _whole(dialect).roster.records[kind].keys() - here
        assert kind not in found.roster.complete or not gone & standing
    for finding in found.findings:
        assert finding.remedy
        assert "Given" not in finding.message
        assert finding.file is None or finding.line is None or finding.file in damaged


@fuzzed(150)
@given(name=st.sampled_from(profile_names()), wounds=st.lists(edits, min_size=1, max_size=4))
def test_a_damaged_mapping_is_told(name: str, wounds: list[Edit]) -> None:
    damaged = Damaged(profile_path(name).read_bytes())
    for edit in wounds:
        damaged.do(edit)
    with TemporaryDirectory() as place:
        path = Path(place) / "mapping.toml"
        path.write_bytes(bytes(damaged.content))
        try:
            load_mapping(path)
        except ConfigInvalid as error:
            is_told(error)
            told = error.message
        else:
            return
    assert str(path) in told


@fuzzed(60)
@given(
    dialect=st.sampled_from(sorted(_PEOPLE)),
    wounds=st.lists(st.tuples(st.integers(0, 8), edits), min_size=1, max_size=3),
)
def test_a_mapping_that_is_proposed_can_be_read(
    dialect: str, wounds: list[tuple[int, Edit]]
) -> None:
    """Whatever the headers say, the proposal is TOML and none of it comes from a row."""
    files = {name: Damaged(content) for name, content in _good(dialect).items()}
    for number, edit in wounds:
        files[sorted(files)[number % len(files)]].do(edit)
    with TemporaryDirectory() as place:
        for name, file in files.items():
            (Path(place) / name).write_bytes(bytes(file.content))
        try:
            proposed = guess_mapping(Path(place))
        except InputRefused as refused:
            is_told(refused)
            return
    assert tomllib.loads(proposed)["name"] == "Export"
