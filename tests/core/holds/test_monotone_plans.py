"""I17 under a plan: one more loss, or less that was announced, never lets anything through that
waited before."""

from dataclasses import replace

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from rollbook.changes.changeset import Changeset
from rollbook.changes.positions import Mask
from rollbook.changes.waiting import along, belongings
from rollbook.holds.judgement import Case
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind

from .cases import case, undecided
from .test_monotone_limits import LOSSES, TOWN, Loss, after, limits, loses, losses

people = st.frozensets(st.sampled_from(sorted(TOWN[Kind.USER])), max_size=15)


def announced(changeset: Changeset, leavers: frozenset[str]) -> Mask:
    """The removals of some people, with what belongs to them."""
    changes = changeset.changes
    places = [
        place
        for place, change in enumerate(changes)
        if change.kind is Kind.USER and change.verb is Verb.REMOVE and change.id in leavers
    ]
    if not places:
        return np.zeros(len(changes), np.bool_)
    return along(belongings(changes), np.array(places, np.int32), len(changes))


def judged(changeset: Changeset, chosen: dict[str, int], leavers: frozenset[str]) -> Case:
    return replace(case(changeset, **chosen), expected=announced(changeset, leavers))


def let_through(judging: Case) -> set[tuple[Kind, str]]:
    """The losses that would be applied without anybody's decision."""
    waiting = undecided(judging)
    return {
        change.key
        for position, change in enumerate(judging.changeset.changes)
        if loses(change) and position not in waiting
    }


@given(losses, limits, people, st.sampled_from(LOSSES))
def test_one_more_loss_never_lets_another_one_through(
    taken: set[Loss], chosen: dict[str, int], leavers: frozenset[str], one_more: Loss
) -> None:
    assume(one_more not in taken)
    fewer, more = after(taken), after(taken | {one_more})
    still = {(change.key, change.verb) for change in more.changes}
    before = {c.key for c in fewer.changes if loses(c) and (c.key, c.verb) in still}
    assert let_through(judged(more, chosen, leavers)) & before <= let_through(
        judged(fewer, chosen, leavers)
    )


@given(losses, limits, people, st.data())
def test_less_that_was_announced_never_lets_more_through(
    taken: set[Loss], chosen: dict[str, int], leavers: frozenset[str], data: st.DataObject
) -> None:
    assume(leavers)
    fewer = leavers - {data.draw(st.sampled_from(sorted(leavers)))}
    changeset = after(taken)
    assert let_through(judged(changeset, chosen, fewer)) <= let_through(
        judged(changeset, chosen, leavers)
    )


@given(losses, limits, people)
def test_nobody_who_was_not_announced_goes_over_the_limit(
    taken: set[Loss], chosen: dict[str, int], leavers: frozenset[str]
) -> None:
    """Counted anew and by hand, of those who are to stay."""
    changeset = after(taken)
    through = let_through(judged(changeset, chosen, leavers))
    gone = {c.id for c in changeset.changes if c.kind is Kind.USER and loses(c)}
    expected = {c.id for c in changeset.changes if c.verb is Verb.REMOVE and c.id in leavers & gone}
    for school in ("s1", "s2", "s3", "s4"):
        here = {u for u, v in TOWN[Kind.USER].items() if v["primary_org_id"] == school}
        strays = (gone - expected) & here
        base = len(here - expected)
        over = len(strays) >= chosen["removal_floor"]
        over &= len(strays) * 100 >= chosen["removal_percent"] * base
        if over:
            assert not strays & {i for kind, i in through if kind is Kind.USER}
