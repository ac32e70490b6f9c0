"""Comparing slice by slice: what is cut where, and what happens where that does not go well."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from core.oracle import hold_against_the_whole
from core.scene import NORTH, Scene
from rollbook.changes.changeset import in_order
from rollbook.changes.resolve import Merge
from rollbook.changes.sorting import Sorter
from rollbook.desk import syncing
from rollbook.directory.whose import Held
from rollbook.errors import RollbookError
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind
from rollbook.runs import slices
from rollbook.runs.slices import cut
from rollbook.sources.oneroster_csv.survey import NOBODY, OddLines, Surveyed, id_hash, survey


def _hashes(ids: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    return np.array([id_hash(one.encode()) if one else NOBODY for one in ids], np.uint64)


def _surveyed(
    ids: Sequence[str], people: Sequence[str], pairs: Sequence[tuple[str, str]] = ()
) -> Surveyed:
    both = [name for pair in pairs for name in pair]
    return Surveyed(_hashes(ids), _hashes(people), _hashes(both).reshape(-1, 2))


def _held(ids: Sequence[str], people: Sequence[str]) -> Held:
    return Held(
        np.arange(len(ids), dtype=np.int64),
        _hashes(ids),
        _hashes(people),
        np.empty((0, 2), np.uint64),
    )


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "SLICE_ROWS", 1)


def test_who_belongs_together_is_in_one_slice() -> None:
    users = ["ann", "bob", "cat", "dan"]
    found = cut(
        {
            Kind.USER: _surveyed(users, users, [("ann", "dan")]),
            Kind.ENROLLMENT: _surveyed(["e1", "e2"], ["bob", "dan"]),
        },
        {Kind.USER: _held(users, users)},
        [Merge("bob", "cat", ())],
    )
    ann, bob, cat, dan = found.lines[Kind.USER].tolist()
    assert ann == dan != bob == cat
    assert found.lines[Kind.ENROLLMENT].tolist() == [bob, dan]
    assert found.rows[Kind.USER].tolist() == [ann, bob, cat, dan]
    assert found.number == 2


def test_a_record_that_goes_to_somebody_else_brings_both_together() -> None:
    users = ["ann", "bob", "cat"]
    found = cut(
        {
            Kind.USER: _surveyed(users, users),
            Kind.ENROLLMENT: _surveyed(["e1", "e2"], ["ann", "cat"]),
        },
        {Kind.ENROLLMENT: _held(["e1"], ["bob"])},
        (),
    )
    ann, bob, cat = found.lines[Kind.USER].tolist()
    assert ann == bob != cat


def test_a_line_of_nobody_goes_to_where_its_record_is() -> None:
    users = ["ann", "bob", "cat"]
    found = cut(
        {
            Kind.USER: _surveyed(users, users),
            Kind.ENROLLMENT: _surveyed(["e1", "e2", "e3"], ["", "", "cat"]),
        },
        {Kind.ENROLLMENT: _held(["e1", "e2"], ["bob", "ann"])},
        (),
    )
    ann, bob, cat = found.lines[Kind.USER].tolist()
    assert found.lines[Kind.ENROLLMENT].tolist() == [bob, ann, cat]


def test_a_chain_of_a_thousand_people_is_one_slice() -> None:
    users = [f"u{number}" for number in range(1000)]
    pairs = list(pairwise(users))
    found = cut({Kind.USER: _surveyed(users, users, pairs)}, {}, ())
    assert set(found.lines[Kind.USER].tolist()) == {0}


def test_the_survey_tells_whose_lines_are(tmp_path: Path) -> None:
    path = tmp_path / "users.csv"
    path.write_bytes(
        b"sourcedId,agents,name\r\n"
        b"ann,dan,Ann\r\n"
        b' bob ,"dan,eve","B ""b"" b"\r\n'
        + "f\u200bay,,Fay\r\n".encode()
        + b"cut\r\n"
        + "jose\u0301,,J".encode()
    )
    found = survey(path, 1, 0, 0, 1)
    names = ["ann", "bob", "fay", "cut", "jos\u00e9"]
    assert found.ids.tolist() == [0, *_hashes(names).tolist()]
    assert found.people.tolist() == [0, *_hashes(["ann", "bob", "fay", "", "jos\u00e9"]).tolist()]
    both = [("ann", "dan"), ("bob", "dan"), ("bob", "eve")]
    assert found.pairs.tolist() == [_hashes(pair).tolist() for pair in both]


def test_the_survey_takes_off_all_space_that_the_reader_takes_off(tmp_path: Path) -> None:
    spaces = [c for c in map(chr, range(sys.maxunicode)) if c.isspace() and c not in "\r\n"]
    assert {"\x1c", "\x1f", "\u00a0", "\u2003"} < set(spaces)
    rows = [f'{c}own{c},{c}ann{c},"dan{c},{c}eve"' for c in spaces]
    rows += [f"own{c},ann{c},{c}dan" for c in spaces] + [f"own{c}" for c in spaces]
    path = tmp_path / "roles.csv"
    path.write_bytes("\n".join(["sourcedId,userSourcedId,agents", *rows]).encode())
    found = survey(path, 1, 0, 1, 2)
    assert set(found.ids[1:].tolist()) == set(_hashes(["own"]).tolist())
    assert set(found.people[1:].tolist()) == set(_hashes(["ann", ""]).tolist())
    assert set(found.pairs.ravel().tolist()) == set(_hashes(["ann", "dan", "eve"]).tolist())


def test_the_survey_wants_lines_that_end_with_a_line_feed(tmp_path: Path) -> None:
    path = tmp_path / "users.csv"
    path.write_bytes(b"sourcedId\nann\rbob\n")
    with pytest.raises(OddLines):
        survey(path, 1, 0, 0, None)


def test_changes_come_back_in_order(tmp_path: Path) -> None:
    changes = [
        Change(kind, verb, f"{number * 7919 % 1000:03}", {"name": "x"}, None, "s1", label="X")
        for number in range(1000)
        for kind, verb in ((Kind.USER, Verb.REMOVE), (Kind.ORG, Verb.REMOVE))
    ]
    sorter = Sorter(tmp_path)
    for start in range(0, len(changes), 300):
        sorter.add(changes[start : start + 300])
    found = sorter.in_order(tmp_path / "changes")
    assert list(found) == list(in_order(changes))
    assert found.digest == in_order(changes).digest
    assert [path.name for path in tmp_path.iterdir()] == ["changes"]


def test_a_row_of_which_nobody_knows_whose_it_was_is_known_from_the_first_slice_on(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: Counter[str] = Counter()
    hold_against_the_whole(monkeypatch, seen, slices_of=4)
    scene.sis.drop_user("s1-01")
    scene.sis.write(scene.drop)
    users = scene.drop / "users.csv"
    lines = users.read_text("utf-8").splitlines()
    lines.append("," + lines[-1].split(",", 1)[1])
    users.write_text("\n".join(lines) + "\n", "utf-8")
    view = syncing.sync(scene.desk, NORTH)
    assert seen["cut"] == 2
    assert view.summary.counts.remove == 0
    assert "s1-01" in scene.users()
    assert [f.code for f in view.findings].count("blank-id") == 1


def test_lines_that_end_otherwise_are_read_in_memory(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: Counter[str] = Counter()
    hold_against_the_whole(monkeypatch, seen, slices_of=4)
    scene.sis.users["s1-01"]["givenName"] = "Other"
    scene.sis.write(scene.drop)
    users = scene.drop / "users.csv"
    users.write_bytes(users.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r"))
    syncing.sync(scene.desk, NORTH)
    assert seen["cut"] == 0
    assert scene.held()[Kind.USER]["s1-01"]["given_name"] == "Other"


def test_no_room_for_the_pieces_is_told_and_nothing_is_left(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold_against_the_whole(monkeypatch, Counter(), slices_of=4)
    scene.sis.users["s1-01"]["givenName"] = "Other"

    def full(sorter: Sorter, changes: Sequence[Change]) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(Sorter, "add", full)
        with pytest.raises(RollbookError, match="broke off: No space left on device"):
            scene.sync()
    assert not list((scene.desk.home.snapshots / NORTH).glob("staging-*"))
    scene.sync()
    assert scene.held()[Kind.USER]["s1-01"]["given_name"] == "Other"
