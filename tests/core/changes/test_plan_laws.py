"""Laws of plans: they take one state to the other, and depend on nothing else."""

from collections.abc import Mapping
from random import Random
from typing import TypeVar

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rollbook.changes.plan import plan
from rollbook.roster.changes import Verb
from rollbook.roster.findings import Severity
from rollbook.roster.kinds import KIND_ORDER, Kind
from rollbook.roster.records import owners
from rollbook.sources.roster import Roster

from .made_rosters import Held, applied, directory, ownerless, roster, rosters, whole
from .waits import waiting

Key = TypeVar("Key")
Item = TypeVar("Item")


@given(whole, whole)
def test_applied_to_the_directory_it_gives_the_snapshot(held: Held, sent: Held) -> None:
    changeset = plan(roster(sent), directory(held))
    assert applied(held, changeset.changes) == sent
    assert all(finding.severity is Severity.WARNING for finding in changeset.findings)
    assert changeset.rejected == {}


@given(whole)
def test_a_snapshot_of_what_is_held_changes_nothing(held: Held) -> None:
    changeset = plan(roster(held), directory(held))
    assert changeset.changes == ()
    assert changeset.digest == plan(roster({}), directory({})).digest


@given(whole, rosters())
def test_once_applied_the_same_reading_changes_nothing_more(held: Held, sent: Roster) -> None:
    after = applied(held, plan(sent, directory(held)).changes)
    # A kind that is not sent and of which the last record left with its owner is not known any
    # more: what refers to it cannot be checked then.
    assume(all(after[k] or not held[k] for k in Kind if k not in sent.complete))
    again = plan(sent, directory(after))
    assert again.changes == ()


@given(whole, rosters())
def test_nothing_is_left_behind_that_belongs_to_nobody(held: Held, sent: Roster) -> None:
    after = applied(held, plan(sent, directory(held)).changes)
    unchecked = {k for k in Kind if k not in sent.complete and not held[k]}
    for kind, record_id in ownerless(after):
        missing = {
            of
            for of, owner in owners(kind, record_id, after[kind][record_id])
            if owner not in after[of]
        }
        assert missing <= unchecked


@given(whole, rosters())
def test_only_what_is_surely_gone_is_removed(held: Held, sent: Roster) -> None:
    removed = {
        change.key for change in plan(sent, directory(held)).changes if change.verb is Verb.REMOVE
    }
    for kind, record_id in removed:
        with_its_owner = any(
            owner in removed for owner in owners(kind, record_id, held[kind][record_id])
        ) or (
            record_id in sent.records[kind]
            and any(
                owner in removed
                for owner in owners(kind, record_id, sent.records[kind][record_id].values)
            )
        )
        if not with_its_owner:
            assert kind in sent.complete
            assert record_id not in sent.protected[kind]
            assert record_id not in sent.records[kind]


@given(whole, rosters())
def test_the_counts_are_those_of_the_changes_and_nothing_is_lost(held: Held, sent: Roster) -> None:
    changeset = plan(sent, directory(held))
    after = applied(held, changeset.changes)
    for kind in Kind:
        tally = changeset.totals[kind]
        verbs = [change.verb for change in changeset.changes if change.kind is kind]
        assert (tally.add, tally.update, tally.remove) == tuple(verbs.count(verb) for verb in Verb)
        assert tally.before == len(held[kind]) == changeset.live.get((kind, None, None), 0)
        assert tally.before + tally.add - tally.remove == len(after[kind])
        assert tally.before == tally.incoming - tally.add + tally.unknown + tally.remove
        by_school = [kinds[kind] for kinds in changeset.schools.values() if kind in kinds]
        for name in ("before", "incoming", "add", "update", "remove", "unknown"):
            assert sum(getattr(line, name) for line in by_school) == getattr(tally, name)
    keys = [(KIND_ORDER[change.kind], change.id) for change in changeset.changes]
    assert keys == sorted(set(keys))


@given(whole, rosters(), st.integers(0, 999))
def test_the_order_of_rows_and_columns_does_not_matter(held: Held, sent: Roster, seed: int) -> None:
    chance = Random(seed)

    def shuffled(table: Mapping[Key, Item]) -> dict[Key, Item]:
        items = list(table.items())
        chance.shuffle(items)
        return dict(items)

    def mixed(records: Held) -> Held:
        return {k: shuffled({i: shuffled(v) for i, v in records[k].items()}) for k in records}

    records = {k: {i: r.values for i, r in sent.records[k].items()} for k in Kind}
    other = roster(mixed(records), complete=sent.complete, protected=sent.protected)
    one, two = plan(sent, directory(held)), plan(other, directory(shuffled(mixed(held))))
    assert one.changes == two.changes
    assert one.digest == two.digest
    assert one.totals == two.totals
    assert one.live == two.live


@settings(max_examples=120)
@given(whole, rosters(), st.data())
def test_whatever_waits_the_rest_leaves_nothing_without_what_it_needs(
    held: Held, sent: Roster, data: st.DataObject
) -> None:
    """The closure: let any changes wait; what goes in without them must stand by itself."""
    changes = plan(sent, directory(held)).changes
    direct = data.draw(st.sets(st.sampled_from(range(len(changes))))) if changes else set()
    waits = waiting(changes, dict.fromkeys(direct, "hold"))
    assert direct <= waits.keys()
    going = [change for position, change in enumerate(changes) if position not in waits]
    all_in = ownerless(applied(held, changes))
    assert ownerless(applied(held, going)) <= all_in
