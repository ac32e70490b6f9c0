"""Additions of records that were here before, and the fingerprints that changes bring."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.writing import apply_changes
from rollbook.changes.sequence import Changes
from rollbook.directory import runs
from rollbook.directory.audit import Actor
from rollbook.directory.changesets import Fingerprint
from rollbook.directory.store import Store, open_store, sqlite_url
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.states import RunKind
from rollbook.runs.lines import Key, Lines
from rollbook.runs.saving import returning

ACTOR = Actor("sam", datetime(2026, 3, 2, 12, 0, tzinfo=UTC))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(sqlite_url(tmp_path / "store.db"))
    yield store
    store.close()


def adding(*users: str) -> Changes:
    return Changes.of(Change(Kind.USER, Verb.ADD, user, None, {}) for user in users)


def test_who_comes_back_builds_on_the_version_that_left(store: Store) -> None:
    with store.write() as connection:
        run = runs.create(connection, ACTOR, "north", RunKind.SYNC)
        assert returning(connection, "north", adding("ann", "bob")) == {}
        apply_changes(connection, "north", run, adding("ann", "bob"), 0)
        assert returning(connection, "north", adding("ann", "bob")) == {}
        gone = [Change(Kind.USER, Verb.REMOVE, "bob", {}, None, before_version=1)]
        apply_changes(connection, "north", run, gone, 1)
        assert returning(connection, "north", adding("ann", "bob", "cy")) == {1: 2}
        assert returning(connection, "south", adding("ann", "bob")) == {}


def test_lines_are_kept_as_they_were_added() -> None:
    marks: dict[Key, Fingerprint] = {
        (Kind.USER, "änn"): Fingerprint(-(2**63), None),
        (Kind.CLASS, "a"): Fingerprint(2**63 - 1, 65_535),
        (Kind.USER, ""): Fingerprint(0, 1),
    }
    lines = Lines.of(marks)
    assert len(lines) == 3
    assert Lines.of(lines) is lines
    found = {
        (kind, lines.record(number)): lines.mark(number)
        for kind in Kind
        for number in lines.about(kind).tolist()
    }
    assert found == marks
