"""Many rows at once are the rows that one INSERT each would have made, on both stores."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Text, cast, event, insert, select
from sqlalchemy.exc import IntegrityError

from rollbook.directory import bulk, runs, student_facts
from rollbook.directory.audit import canonical
from rollbook.directory.bulk import insert_rows
from rollbook.directory.store import Store
from rollbook.directory.tables import distinct_pairs, pauses, snapshots
from rollbook.roster.findings import Finding, Severity
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Values
from rollbook.roster.student_facts import About, FactChange, Topic

AT = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
COLUMNS = ("district", "id", "sha256", "files", "rows", "accepted", "created_at")
HARD = "tab\there, line\nhere, back\\slash \\N, \"quote\" 'n', комма, 🙂"


def snapshot_rows(count: int) -> Iterator[tuple[object, ...]]:
    """Snapshots with every kind of value that a column takes."""
    for number in range(count):
        yield (
            *(HARD, f"s{number}", ""),
            *({"users.csv": [number, None, HARD, True]}, None if number % 2 else {"users": 1}),
            *(number % 3 == 0, AT.astimezone(timezone(timedelta(hours=-6)))),
        )


def test_every_type_comes_back_as_from_a_single_insert(store: Store) -> None:
    with store.write() as connection:
        for row in snapshot_rows(4):
            connection.execute(insert(snapshots).values(dict(zip(COLUMNS, row, strict=True))))
        one_by_one = connection.execute(select(snapshots).order_by(snapshots.c.id)).all()
        connection.execute(snapshots.delete())
        assert insert_rows(connection, snapshots, COLUMNS, snapshot_rows(4)) == 4
    with store.read() as connection:
        assert connection.execute(select(snapshots).order_by(snapshots.c.id)).all() == one_by_one
        null = select(snapshots.c.id).where(snapshots.c["rows"].is_(None))
        assert len(connection.execute(null).all()) == 2


def test_json_that_is_text_already_is_taken_as_it_is(store: Store) -> None:
    files: Values = {"users.csv": ["tab\there", HARD], "more": True}
    with store.write() as connection:
        for name, rows, as_they_are in (
            ("a", files, set[str]()),
            ("b", canonical(files), {"rows"}),
        ):
            row: tuple[object, ...] = ("n", name, "x", {}, rows, True, AT)
            insert_rows(connection, snapshots, COLUMNS, [row], as_they_are)
        insert_rows(connection, snapshots, COLUMNS, [("n", "c", "x", {}, None, True, AT)], {"rows"})
    with store.read() as connection:
        found = connection.execute(select(snapshots.c["rows"]).order_by(snapshots.c.id)).scalars()
        assert list(found) == [files, files, None]
        raw = connection.execute(select(cast(snapshots.c["rows"], Text)).distinct()).scalars()
        assert set(raw) == {canonical(files), None}


def test_columns_may_stand_in_any_order_and_be_left_out(store: Store) -> None:
    columns = ("created_by", "reason", "verbs", "roles", "kinds", "starts", "number", "district")
    none: list[str] = []
    row = ("sam", "", none, ["staff"], [Kind.USER], "2026-03-02", 1, "n")
    with store.write() as connection:
        assert insert_rows(connection, pauses, (*columns, "id", "created_at"), [(*row, "p", AT)])
    with store.read() as connection:
        [found] = connection.execute(select(pauses))
    assert (found.created_by, found.kinds, found.school) == ("sam", ["user"], None)


def test_rows_are_taken_as_they_come_and_none_is_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "SLICE", 10)
    alive: set[int] = set()
    most = 0

    class Row(tuple[object, ...]):
        __slots__ = ()

        def __del__(self) -> None:
            alive.discard(id(self))

    def rows() -> Iterator[Row]:
        nonlocal most
        for number in range(1_005):
            row = Row(("n", f"{number:05}", "x", "sam", AT))
            alive.add(id(row))
            most = max(most, len(alive))
            yield row

    columns = ("district", "a", "b", "decided_by", "decided_at")
    with store.write() as connection:
        assert insert_rows(connection, distinct_pairs, columns, rows()) == 1_005
    assert most <= 12
    with store.read() as connection:
        assert len(connection.execute(select(distinct_pairs)).all()) == 1_005


def test_no_rows_are_no_mistake(store: Store) -> None:
    with store.write() as connection:
        assert insert_rows(connection, snapshots, COLUMNS, []) == 0


def test_a_row_that_is_there_twice_spoils_the_transaction(store: Store) -> None:
    with pytest.raises(IntegrityError) as raised, store.write() as connection:
        insert_rows(connection, snapshots, COLUMNS, [*snapshot_rows(2), *snapshot_rows(2)])
    assert "tab" not in str(raised.value.statement)
    with store.read() as connection:
        assert connection.execute(select(snapshots)).all() == []


def test_a_naive_time_is_refused(store: Store) -> None:
    [row] = snapshot_rows(1)
    with pytest.raises(Exception, match="naive"), store.write() as connection:
        insert_rows(connection, snapshots, COLUMNS, [(*row[:-1], AT.replace(tzinfo=None))])
    with store.read() as connection:
        assert connection.execute(select(snapshots)).all() == []


@pytest.mark.parametrize("server", ["postgresql"], indirect=True)
def test_findings_and_facts_of_students_go_in_by_copy(store: Store, run: str) -> None:
    """A bad file has as many findings as rows, and a first load of facts one change a student."""
    asked: list[str] = []

    @event.listens_for(store.engine, "before_cursor_execute")
    def _note(*args: object) -> None:
        asked.append(str(args[2]))

    found = [Finding(Severity.ERROR, "code", HARD, line=number) for number in range(20)]
    facts = [
        FactChange(About(f"s{number}", Topic.ATTENDANCE, "2026"), (), ({"note": HARD},))
        for number in range(20)
    ]
    with store.write() as connection:
        runs.save_findings(connection, run, found)
        assert student_facts.save(connection, run, facts)
        assert runs.load_findings(connection, run) == tuple(found)
        saved = student_facts.of_run(connection, run, applied=False)
        assert [(row.student_id, row.after) for row in saved] == [
            (change.about.student, list(change.after)) for change in facts
        ]
    assert not [statement for statement in asked if "INSERT" in statement]
