"""Merging any two people of any directory: one is left, and it can be taken back."""

from hypothesis import assume, given
from hypothesis import strategies as st

from core.changes.made_rosters import Held, applied, directory, ownerless, roster, whole
from core.changes.written import Ledger
from rollbook.changes.inverse import lenient_inverse
from rollbook.changes.plan import plan
from rollbook.changes.resolve import Merge
from rollbook.people.merge import PlannedMerge, plan_merge
from rollbook.roster.kinds import Kind
from rollbook.roster.records import referred

choices = st.dictionaries(st.just("given_name"), st.sampled_from(["keep", "lose"]))


def some_merge(held: Held, chosen: dict[str, str], data: st.DataObject) -> PlannedMerge:
    people = sorted(held[Kind.USER])
    assume(len(people) > 1)
    keep, lose = data.draw(st.permutations(people))[:2]
    return plan_merge(directory(held), keep, lose, chosen)


@given(whole, choices, st.data())
def test_nothing_refers_to_the_one_who_was_given_up(
    held: Held, chosen: dict[str, str], data: st.DataObject
) -> None:
    planned = some_merge(held, chosen, data)
    after = applied(held, planned.changeset.changes)
    assert planned.lose not in after[Kind.USER]
    assert planned.lose not in after[Kind.DEMOGRAPHICS]
    assert not any(
        target == (Kind.USER, planned.lose)
        for kind, records in after.items()
        for values in records.values()
        for target in [(k, i) for k, i, _ in referred(kind, values)]
    )
    assert ownerless(after) == set()


@given(whole, choices, st.data())
def test_the_next_sync_of_the_same_roster_changes_nothing(
    held: Held, chosen: dict[str, str], data: st.DataObject
) -> None:
    planned = some_merge(held, chosen, data)
    after = applied(held, planned.changeset.changes)
    merge = Merge(planned.keep, planned.lose, planned.from_lose)
    assert plan(roster(held), directory(after), [merge]).changes == ()


@given(whole, choices, st.data())
def test_merged_and_split_it_is_as_before(
    held: Held, chosen: dict[str, str], data: st.DataObject
) -> None:
    planned = some_merge(held, chosen, data)
    ledger = Ledger(directory(held))
    journal = ledger.write(planned.changeset.changes)
    back = lenient_inverse(journal, ledger.live, ledger.left)
    assert applied(ledger.held, back.changes) == held
