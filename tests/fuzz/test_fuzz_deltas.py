"""Damaged sets in delta mode: refused, or nobody is taken away of whom no line says so."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import event, given
from hypothesis import strategies as st

from core.deltas import write_delta
from core.small_sis import small_sis
from fuzz.budget import fuzzed, is_told
from fuzz.damage import Damaged, Edit, edits
from rollbook.errors import InputRefused
from rollbook.roster.kinds import Kind
from rollbook.snapshots.passwords import blank_passwords
from rollbook.sources.base import About, Base
from rollbook.sources.oneroster_csv import read
from rollbook.sources.oneroster_csv.delta import complete

_ABOUT = About("oneroster-csv", as_of="2026-02-01T00:00:00.000Z")


@cache
def _sets() -> tuple[dict[str, bytes], dict[str, bytes]]:
    """A whole set, and the changes in which one student comes, one goes and one is renamed."""
    before = small_sis(2, 4, classes=2)
    after = before.copy()
    after.drop_user("s1-02")
    after.add_student("s2", "new", classes=("c-s2-1",))
    after.users["s1-01"]["familyName"] = "Other"
    with TemporaryDirectory() as place:
        whole = before.write(Path(place) / "whole")
        changes = write_delta(before, after, Path(place) / "changes", "2026-02-23T18:00:00.000Z")
        return _files(whole), _files(changes)


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}


def _written(files: dict[str, bytes], folder: Path) -> Path:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


@fuzzed(60)
@given(st.lists(st.tuples(st.integers(0, 8), edits), min_size=1, max_size=3))
def test_who_is_not_named_stays(wounds: list[tuple[int, Edit]]) -> None:
    whole, changes = _sets()
    damaged = {name: Damaged(content) for name, content in changes.items()}
    for number, edit in wounds:
        damaged[[*damaged, "users.csv"][number % (len(damaged) + 1)]].do(edit)
    came = {name: bytes(file.content) for name, file in damaged.items()}
    with TemporaryDirectory() as place:
        base = Base(_written(whole, Path(place) / "base"), "north.1", _ABOUT)
        before = read(base.folder)
        try:
            done = complete(
                _written(came, Path(place) / "came"), base, Path(place) / "set", version=None
            )
            after = read(Path(place) / "set")
        except InputRefused as refused:
            is_told(refused)
            event(refused.code)
            return
    event("read")
    for kind, file in ((Kind.USER, "users.csv"), (Kind.CLASS, "classes.csv")):
        here = after.records[kind].keys() | after.protected[kind]
        gone = before.records[kind].keys() - here if kind in after.complete else set[str]()
        assert gone <= _taken_away(came.get(file, b"")), file
    for finding in (*done.findings, *after.findings):
        assert finding.remedy
        assert "Given" not in finding.message


@cache
def _with_passwords() -> tuple[dict[str, bytes], dict[str, bytes]]:
    """A whole set with passwords, and the changes in which one student is renamed."""
    before = small_sis(2, 4, classes=2)
    for row in before.users.values():
        row["password"] = "pw"
    after = before.copy()
    after.users["s1-01"]["familyName"] = "Other"
    with TemporaryDirectory() as place:
        whole = before.write(Path(place) / "whole")
        changes = write_delta(before, after, Path(place) / "changes", "2026-02-23T18:00:00.000Z")
        return _files(whole), _files(changes)


@fuzzed(60)
@given(st.lists(st.tuples(st.integers(0, 8), edits), min_size=1, max_size=3))
def test_damage_of_the_set_before_protects_as_it_did(wounds: list[tuple[int, Edit]]) -> None:
    """As it was kept, without its passwords, and with a good change of ``s1-01`` put into it."""
    whole, changes = _with_passwords()
    damaged = {name: Damaged(content) for name, content in whole.items() if "manifest" not in name}
    for number, edit in wounds:
        damaged[[*damaged, "users.csv"][number % (len(damaged) + 1)]].do(edit)
    came = whole | {name: bytes(file.content) for name, file in damaged.items()}
    with TemporaryDirectory() as place:
        base = Base(_written(came, Path(place) / "base"), "north.1", _ABOUT)
        try:
            before = read(base.folder)
        except InputRefused as refused:
            event(refused.code)
            return
        for name in damaged:
            blank_passwords(base.folder / name)
        try:
            complete(
                _written(changes, Path(place) / "came"), base, Path(place) / "set", version=None
            )
            after = read(Path(place) / "set")
        except InputRefused as refused:
            is_told(refused)
            event(f"then {refused.code}")
            return
    event("read")
    assert after.complete <= before.complete
    for kind in Kind:
        was, now = dict(before.records[kind]), dict(after.records[kind])
        safe = {i for i in before.protected[kind] if "s1-01" not in i}
        assert safe <= after.protected[kind] | now.keys(), kind
        others = [{i: r for i, r in found.items() if "s1-01" not in i} for found in (was, now)]
        assert others[0] == others[1], kind


def _taken_away(content: bytes) -> set[str]:
    """Whatever stands in a cell of a line that takes something away."""
    lines = content.decode("utf-8", "replace").replace("\r", "\n").split("\n")
    words = [line for line in lines if "tobedeleted" in line.lower() or "inactive" in line.lower()]
    return {cell.strip(' "\ufeff') for line in words for cell in line.split(",")}


def test_the_good_one_takes_away_whom_it_names(tmp_path: Path) -> None:
    whole, changes = _sets()
    base = Base(_written(whole, tmp_path / "base"), "north.1", _ABOUT)
    complete(_written(changes, tmp_path / "came"), base, tmp_path / "set", version=None)
    people = read(tmp_path / "set").records[Kind.USER].keys()
    assert people ^ read(base.folder).records[Kind.USER].keys() == {"s1-02", "new"}
