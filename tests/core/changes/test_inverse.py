"""Undoing: back to what was, or a refusal that names what is in the way."""

import pytest
from hypothesis import given

from rollbook.changes.inverse import inverse, lenient_inverse
from rollbook.changes.plan import plan
from rollbook.directory.journal import JournalRow
from rollbook.errors import Stale
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Values

from .made_rosters import Held, applied, directory, ownerless, roster, rosters, whole
from .written import Ledger


def undone(ledger: Ledger, journal: list[JournalRow]) -> Held:
    return applied(ledger.held, inverse("n.1", journal, ledger.live, ledger.left).changes)


@given(whole, rosters())
def test_undoing_a_run_gives_back_what_was_before(held: Held, sent: object) -> None:
    ledger = Ledger(directory(held))
    journal = ledger.write(plan(sent, ledger.live).changes)  # type: ignore[arg-type]
    assert undone(ledger, journal) == held


@given(whole, whole)
def test_undoing_the_undoing_gives_back_the_run(held: Held, sent: Held) -> None:
    ledger = Ledger(directory(held))
    journal = ledger.write(plan(roster(sent), ledger.live).changes)
    journal = ledger.write(inverse("n.1", journal, ledger.live, ledger.left).changes)
    assert ledger.held == held
    assert undone(ledger, journal) == sent


@given(whole, whole, whole)
def test_a_later_run_is_never_written_over(held: Held, first: Held, second: Held) -> None:
    """Either the first run can be taken back under the second one, or it is refused."""
    ledger = Ledger(directory(held))
    journal = ledger.write(plan(roster(first), ledger.live).changes)
    later = plan(roster(second), ledger.live).changes
    ledger.write(later)
    try:
        changeset = inverse("n.1", journal, ledger.live, ledger.left)
    except Stale:
        return
    assert {change.key for change in changeset.changes}.isdisjoint(c.key for c in later)
    assert ownerless(applied(ledger.held, changeset.changes)) == set()


@given(whole, whole, whole)
def test_a_lenient_undoing_keeps_the_later_run_and_leaves_nothing_without_an_owner(
    held: Held, first: Held, second: Held
) -> None:
    ledger = Ledger(directory(held))
    journal = ledger.write(plan(roster(first), ledger.live).changes)
    ledger.write(plan(roster(second), ledger.live).changes)
    changeset = lenient_inverse(journal, ledger.live, ledger.left)
    assert ownerless(applied(ledger.held, changeset.changes)) == set()


@given(whole, whole)
def test_a_lenient_undoing_with_nothing_in_between_is_an_undoing(held: Held, sent: Held) -> None:
    ledger = Ledger(directory(held))
    journal = ledger.write(plan(roster(sent), ledger.live).changes)
    assert applied(ledger.held, lenient_inverse(journal, ledger.live, ledger.left).changes) == held


ANN: Values = {"given_name": "Ann", "primary_role": "student"}
SEAT: Values = {"user_id": "ann", "class_id": "c"}


def start() -> Ledger:
    held: Held = {kind: {} for kind in Kind}
    held[Kind.ORG]["o"] = {"name": "One", "type": "school"}
    held[Kind.CLASS]["c"] = {"title": "Art", "school_id": "o"}
    held[Kind.USER]["ann"] = dict(ANN)
    return Ledger(directory(held))


def add(kind: Kind, record_id: str, values: Values) -> Change:
    return Change(kind, Verb.ADD, record_id, None, dict(values))


def remove(ledger: Ledger, kind: Kind, record_id: str) -> Change:
    record = ledger.live[kind][record_id]
    return Change(kind, Verb.REMOVE, record_id, record.values, None, before_version=record.version)


def rename(ledger: Ledger, to: str) -> Change:
    record = ledger.live[Kind.USER]["ann"]
    before = {"given_name": record.values["given_name"]}
    after: Values = {"given_name": to}
    return Change(Kind.USER, Verb.UPDATE, "ann", before, after, before_version=record.version)


def test_a_record_written_since_is_named() -> None:
    ledger = start()
    journal = ledger.write([rename(ledger, "Anne")])
    ledger.write([rename(ledger, "Annie")])
    with pytest.raises(Stale, match=r"n\.1 cannot be undone: 1 .*user ann\.") as caught:
        undone(ledger, journal)
    assert "Anne" not in str(caught.value)


def test_a_record_written_there_and_back_since_is_in_the_way_too() -> None:
    ledger = start()
    journal = ledger.write([rename(ledger, "Anne")])
    ledger.write([rename(ledger, "Annie")])
    ledger.write([rename(ledger, "Anne")])
    with pytest.raises(Stale, match="user ann"):
        undone(ledger, journal)


def test_what_was_added_is_not_taken_from_under_a_later_record() -> None:
    ledger = start()
    journal = ledger.write([add(Kind.CLASS, "new", {"title": "Music", "school_id": "o"})])
    ledger.write([add(Kind.ENROLLMENT, "e", SEAT | {"class_id": "new"})])
    with pytest.raises(Stale, match="enrollment e"):
        undone(ledger, journal)


def test_what_was_removed_does_not_come_back_to_an_owner_who_has_left_since() -> None:
    ledger = start()
    ledger.write([add(Kind.ENROLLMENT, "e", SEAT)])
    journal = ledger.write([remove(ledger, Kind.ENROLLMENT, "e")])
    ledger.write([remove(ledger, Kind.USER, "ann")])
    with pytest.raises(Stale, match="enrollment e"):
        undone(ledger, journal)


def test_what_was_moved_does_not_move_back_to_an_owner_who_has_left_since() -> None:
    ledger = start()
    ledger.write([add(Kind.CLASS, "new", {"title": "Music", "school_id": "o"})])
    ledger.write([add(Kind.ENROLLMENT, "e", SEAT)])
    moved = Change(
        Kind.ENROLLMENT,
        Verb.UPDATE,
        "e",
        {"class_id": "c"},
        {"class_id": "new"},
        before_version=1,
    )
    journal = ledger.write([moved])
    ledger.write([remove(ledger, Kind.CLASS, "c")])
    with pytest.raises(Stale, match="enrollment e"):
        undone(ledger, journal)
    assert lenient_inverse(journal, ledger.live, ledger.left).changes == ()


def test_nor_does_a_split_bring_it_back() -> None:
    ledger = start()
    ledger.write([add(Kind.ENROLLMENT, "e", SEAT)])
    journal = ledger.write([remove(ledger, Kind.ENROLLMENT, "e")])
    ledger.write([remove(ledger, Kind.CLASS, "c")])
    assert lenient_inverse(journal, ledger.live, ledger.left).changes == ()


def test_many_conflicts_are_counted_and_a_few_named() -> None:
    ledger = start()
    journal = ledger.write([add(Kind.USER, f"u{n}", ANN) for n in range(8)])
    ledger.write([remove(ledger, Kind.USER, f"u{n}") for n in range(8)])
    with pytest.raises(Stale, match=r"8 records .*and 3 more"):
        undone(ledger, journal)


def test_a_lenient_undoing_goes_field_by_field() -> None:
    ledger = start()
    record = ledger.live[Kind.USER]["ann"]
    both = Change(
        Kind.USER,
        Verb.UPDATE,
        "ann",
        {"given_name": "Ann"},
        {"given_name": "Anne", "email": "a"},
        before_version=record.version,
    )
    journal = ledger.write([both])
    ledger.write([rename(ledger, "Annie")])
    changeset = lenient_inverse(journal, ledger.live, ledger.left)
    held = applied(ledger.held, changeset.changes)
    assert held[Kind.USER]["ann"] == ANN | {"given_name": "Annie"}
