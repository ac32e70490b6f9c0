"""Lists over a run with very many changes: read by the page, and exported as a stream.

``ROLLBOOK_MANY_CHANGES=1000000`` makes as many; `bench/lists.py` measures the same.
"""

import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, update

from bench.many_changes import save_many_changes
from rollbook.desk import exports
from rollbook.desk.change_lists import PAGE, changes
from rollbook.desk.decisions import hold
from rollbook.desk.desk import Desk, open_desk
from rollbook.desk.views import ChangeFilter, Kind, Lane, Verb
from rollbook.directory import changesets
from rollbook.directory.tables import lane_counts

MANY = int(os.environ.get("ROLLBOOK_MANY_CHANGES", "50000"))

Large = tuple[Desk, str, str]
"""A desk, its run with very many changes, and the hold that keeps a tenth of them back."""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Large]:
    desk = open_desk(tmp_path_factory.mktemp("large"))
    yield desk, *save_many_changes(desk, MANY)
    desk.close()


def statements(desk: Desk) -> list[str]:
    asked: list[str] = []
    event.listen(desk.store.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    return asked


def test_opening_all_of_it_reads_no_change(large: Large) -> None:
    desk, run, _ = large
    asked = statements(desk)
    assert len(changes(desk, run)) == MANY
    assert asked
    assert not [statement for statement in asked if "FROM changes" in statement]


@pytest.mark.parametrize("kind", [Kind.USER, Kind.ROLE, Kind.ENROLLMENT, Kind.CLASS])
def test_a_kind_is_found_without_looking_through_the_rest(large: Large, kind: Kind) -> None:
    desk, run, _ = large
    listed = changes(desk, run, ChangeFilter(kind=kind))
    assert isinstance(listed._numbers, range)
    searched = changes(desk, run, ChangeFilter(kind=kind, search="-"))
    assert list(listed._numbers) == list(searched._numbers)
    shares = {Kind.USER: 2, Kind.ROLE: 2, Kind.ENROLLMENT: 6}
    assert len(listed) == MANY * shares.get(kind, 0) // 10
    ends = [*listed.rows(0, 5), *listed.rows(len(listed) - 5, len(listed))]
    assert {row.kind for row in ends} == ({kind} if listed else set())


def test_counts_that_do_not_fit_the_order_are_not_believed(large: Large) -> None:
    desk, run, _ = large
    with desk.store.engine.connect() as connection:
        more = update(lane_counts).where(lane_counts.c.kind == Kind.USER)
        connection.execute(more.values(changes=lane_counts.c.changes + 1))
        assert changesets.span_of(connection, run, Kind.ROLE) is None
        connection.rollback()
        assert changesets.span_of(connection, run, Kind.ROLE) is not None


def test_filters_narrow_each_other(large: Large) -> None:
    desk, run, kept = large
    of_hold = changes(desk, run, ChangeFilter(hold=kept))
    assert len(of_hold) == MANY // 10 == hold(desk, kept).count
    assert {row.lane for row in of_hold.rows(0, 300)} == {Lane.HELD}
    assert len(changes(desk, run, ChangeFilter(lane=Lane.HELD, kind=Kind.ROLE))) == MANY // 50
    assert len(changes(desk, run, ChangeFilter(hold=kept, verb=Verb.ADD))) == 0
    of_school = changes(desk, run, ChangeFilter(school="s09", kind=Kind.USER))
    assert len(of_school) == MANY // 5 // 50
    [found] = changes(desk, run, ChangeFilter(kind=Kind.USER, search="0000009"))
    assert (found.id, found.verb) == ("user-0000009", Verb.REMOVE)


def test_a_page_is_the_same_wherever_it_is_read_from(large: Large) -> None:
    desk, run, _ = large
    whole = changes(desk, run)
    removals = changes(desk, run, ChangeFilter(verb=Verb.REMOVE))
    assert removals.rows(700, 703) == [whole.rows(n, n + 1)[0] for n in (7009, 7019, 7029)]
    assert len(whole.rows(MANY - 3, MANY + 100)) == 3


@pytest.mark.parametrize("form", exports.FORMATS)
def test_an_export_holds_no_more_than_a_few_pages(large: Large, tmp_path: Path, form: str) -> None:
    desk, run, _ = large
    listed = changes(desk, run, ChangeFilter(kind=Kind.ROLE))
    path = tmp_path / f"out.{form}"
    list(listed.rows(0, PAGE))
    tracemalloc.start()
    try:
        written = exports.export_changes(desk, listed, path, form)
        at_most = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        held = list(listed.rows(0, PAGE))
        page = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert written == len(listed) == MANY // 5
    assert len(held) == PAGE
    assert at_most < 3 * page


def test_a_hold_is_exported_whole(large: Large, tmp_path: Path) -> None:
    desk, _, kept = large
    path = tmp_path / "hold.csv"
    assert exports.export_hold(desk, kept, path) == MANY // 10
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) == MANY // 10 + 1
    assert all(",remove," in line for line in lines[1:])
