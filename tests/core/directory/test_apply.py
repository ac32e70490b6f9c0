"""Applying changes: the rows, the versions, the journal and the generation, all or nothing."""

import pytest
from sqlalchemy import select

from core.writing import apply_changes
from rollbook.directory.apply import _update, generation_of
from rollbook.directory.journal import of_run
from rollbook.directory.json_fields import fields_of
from rollbook.directory.lane_changes import LaneChanges
from rollbook.directory.records import LiveRecord, load_directory, load_kind, load_some
from rollbook.directory.store import Store
from rollbook.directory.tables import RECORD_TABLES
from rollbook.errors import Stale
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Values

ANN: Values = {"given_name": "Ann", "grades": ["03"], "enabled": True, "metadata": {"x": "1"}}


def add(user: str, values: Values) -> Change:
    return Change(Kind.USER, Verb.ADD, user, None, values)


def update(user: str, before: Values, after: Values, version: int) -> Change:
    return Change(Kind.USER, Verb.UPDATE, user, before, after, before_version=version)


def remove(user: str, values: Values, version: int, merged_into: str | None = None) -> Change:
    return Change(
        Kind.USER,
        Verb.REMOVE,
        user,
        values,
        None,
        before_version=version,
        merged_into=merged_into,
    )


def apply(store: Store, run: str, changes: list[Change], expected: int) -> int:
    with store.write() as connection:
        return apply_changes(connection, "north", run, changes, expected)


def users(store: Store) -> dict[str, LiveRecord]:
    with store.read() as connection:
        return load_kind(connection, "north", Kind.USER)


def generation(store: Store) -> int:
    with store.read() as connection:
        return generation_of(connection, "north")


def test_added_records_are_there_with_all_their_values(store: Store, run: str) -> None:
    assert apply(store, run, [add("a", ANN), add("b", {})], 0) == 1
    assert users(store) == {"a": LiveRecord(ANN, 1), "b": LiveRecord({}, 1)}
    assert generation(store) == 1


def test_an_update_writes_its_fields_and_no_others(store: Store, run: str) -> None:
    apply(store, run, [add("a", ANN), add("b", ANN)], 0)
    apply(
        store,
        run,
        [
            update("a", {"given_name": "Ann", "enabled": True}, {"given_name": "Anne"}, 1),
            update("b", {}, {"email": "b@x"}, 1),
        ],
        1,
    )
    anne: Values = {"given_name": "Anne", "grades": ["03"], "metadata": {"x": "1"}}
    assert users(store) == {"a": LiveRecord(anne, 2), "b": LiveRecord(ANN | {"email": "b@x"}, 2)}


def test_an_update_of_what_is_in_an_index_goes_in_beside_one_that_is_not(
    store: Store, run: str
) -> None:
    seat: Values = {"user_id": "ann", "class_id": "c1", "role": "student"}
    adding = [Change(Kind.ENROLLMENT, Verb.ADD, e, None, seat) for e in ("e1", "e2", "e3")]
    apply(store, run, adding, 0)
    moved, named, both = {"class_id": "c2"}, {"role": "teacher"}, {"class_id": "c2", "role": "aide"}
    changed: list[tuple[str, Values]] = [("e1", {**moved}), ("e2", {**named}), ("e3", {**both})]
    apply(
        store,
        run,
        [
            Change(Kind.ENROLLMENT, Verb.UPDATE, e, {n: seat[n] for n in v}, v, before_version=1)
            for e, v in changed
        ],
        1,
    )
    with store.read() as connection:
        held = load_kind(connection, "north", Kind.ENROLLMENT)
    assert held == {e: LiveRecord(seat | v, 2) for e, v in changed}


def test_changes_of_a_kind_need_not_stand_together(store: Store, run: str) -> None:
    seat: Values = {"user_id": "a", "class_id": "c1"}
    seats = [Change(Kind.ENROLLMENT, Verb.ADD, e, None, seat) for e in ("e1", "e2")]
    apply(store, run, [seats[0], add("a", ANN), seats[1], add("b", ANN)], 0)
    with store.read() as connection:
        held = load_directory(connection, "north")
    assert held[Kind.USER].keys() == {"a", "b"}
    assert held[Kind.ENROLLMENT].keys() == {"e1", "e2"}


def test_an_update_leaves_the_indexes_alone_of_fields_that_stay() -> None:
    changes = LaneChanges(
        "north", "north.1", Kind.ENROLLMENT, "0", range(1), {(Verb.UPDATE, "", ""): 1}
    )
    most, moving = _update(changes, fields_of(Kind.ENROLLMENT, "sqlite"))
    for name in ('"user_id" =', '"class_id" ='):
        assert name not in most
        assert name in moving
    assert '"role" =' in most


def test_a_removed_record_stays_as_it_was_but_is_not_live(store: Store, run: str) -> None:
    apply(store, run, [add("a", ANN), add("b", ANN)], 0)
    apply(store, run, [remove("a", ANN, 1, merged_into="b")], 1)
    assert users(store).keys() == {"b"}
    with store.read() as connection:
        left = load_some(connection, "north", Kind.USER, ["a", "b"], removed=True)
        table = RECORD_TABLES[Kind.USER]
        row = connection.execute(select(table).where(table.c.id == "a")).one()
    assert left == {"a": LiveRecord(ANN, 2)}
    assert (row.removed_in, row.merged_into) == (2, "b")


def test_a_record_that_comes_back_goes_on_from_its_version(store: Store, run: str) -> None:
    apply(store, run, [add("a", ANN)], 0)
    apply(store, run, [remove("a", ANN, 1, merged_into="b")], 1)
    apply(store, run, [add("a", {"given_name": "Ann"})], 2)
    assert users(store) == {"a": LiveRecord({"given_name": "Ann"}, 3)}
    with store.read() as connection:
        table = RECORD_TABLES[Kind.USER]
        row = connection.execute(select(table).where(table.c.id == "a")).one()
    assert (row.removed_in, row.merged_into) == (None, None)


def test_districts_do_not_see_each_other(store: Store, run: str) -> None:
    apply(store, run, [add("a", ANN)], 0)
    with store.read() as connection:
        south = load_directory(connection, "south")
        assert generation_of(connection, "south") == 0
    assert south == {kind: {} for kind in Kind}


def test_everything_written_is_in_the_journal_with_what_was_before(store: Store, run: str) -> None:
    apply(store, run, [add("a", ANN)], 0)
    apply(store, run, [update("a", {"given_name": "Ann"}, {}, 1)], 1)
    apply(store, run, [remove("a", {"grades": ["03"]}, 2, merged_into="b")], 2)
    with store.read() as connection:
        rows = of_run(connection, run)
    assert [(r.generation, r.verb, r.record_id, r.before, r.after, r.version) for r in rows] == [
        (1, "add", "a", None, ANN, 1),
        (2, "update", "a", {"given_name": "Ann"}, {}, 2),
        (3, "remove", "a", {"grades": ["03"]}, None, 3),
    ]
    assert [row.merged_into for row in rows] == [None, None, "b"]


@pytest.mark.parametrize("expected", [0, 2])
def test_changes_for_another_generation_are_refused(store: Store, run: str, expected: int) -> None:
    apply(store, run, [add("a", ANN)], 0)
    with pytest.raises(Stale, match="generation 1"):
        apply(store, run, [add("b", ANN)], expected)
    assert users(store).keys() == {"a"}
    assert generation(store) == 1


@pytest.mark.parametrize(
    "bad",
    [
        update("a", {}, {"email": "x"}, 2),
        update("nobody", {}, {"email": "x"}, 1),
        update("gone", {}, {"email": "x"}, 2),
        remove("a", ANN, 2),
        remove("gone", ANN, 2),
        add("a", {}),
    ],
    ids=[
        *("version moved on", "never there", "left", "removed at another version"),
        *("removed twice", "added although there"),
    ],
)
def test_one_record_in_another_state_stops_all_of_it(store: Store, run: str, bad: Change) -> None:
    apply(store, run, [add("a", ANN), add("gone", ANN), add("c", ANN)], 0)
    apply(store, run, [remove("gone", ANN, 1)], 1)
    before = users(store)
    with pytest.raises(Stale, match="1 of"):
        apply(store, run, [add("new", ANN), update("c", {}, {"email": "c"}, 1), bad], 2)
    assert users(store) == before
    assert generation(store) == 2
    with store.read() as connection:
        assert len(of_run(connection, run)) == 4


def test_many_records_go_in_at_once(store: Store, run: str) -> None:
    many = {f"u{number}": {"given_name": f"N{number}"} for number in range(1500)}
    apply(store, run, [add(user, dict(values)) for user, values in many.items()], 0)
    apply(store, run, [remove(user, dict(v), 1) for user, v in many.items()], 1)
    assert users(store) == {}
    apply(store, run, [add(user, {}) for user in many], 2)
    assert {record.version for record in users(store).values()} == {3}
    assert len(users(store)) == 1500
