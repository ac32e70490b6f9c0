"""I17 for R3, R5 and R7: one loss, one update, one past loss or one name more, or a lower limit,
never lets anything through that waited before."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from core.changes.made_rosters import Held, directory, roster
from rollbook.changes.changeset import Changeset, Scope
from rollbook.changes.plan import plan
from rollbook.holds.judgement import Case, Window
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind, RoleGroup

from .cases import case, undecided
from .test_monotone_limits import LOSSES, TOWN, Loss, after, limits, loses, losses

SCOPES: list[Scope] = [
    (kind, school, role)
    for kind in (Kind.USER, Kind.ENROLLMENT, Kind.CLASS)
    for school in (None, "s1", "s2")
    for role in ((None, RoleGroup.STUDENT) if kind is Kind.USER else (None,))
]

Past = dict[Scope, int]

pasts = st.dictionaries(st.sampled_from(SCOPES), st.integers(1, 6), max_size=5)
privileged = st.frozensets(st.sampled_from(sorted(TOWN[Kind.USER])), max_size=4)


def judged(
    changeset: Changeset,
    chosen: dict[str, int],
    past: Past,
    names: frozenset[str] = frozenset(),
    added: Past | None = None,
) -> Case:
    day, week = (Window(words, times, past, added or {}) for words, times in (("a", 1), ("b", 2)))
    return replace(case(changeset, **chosen), windows=(day, week), privileged=names)


def let_through(judging: Case) -> set[tuple[Kind, str]]:
    """The losses and updates that would be applied without anybody's decision."""
    waiting = undecided(judging)
    return {
        change.key
        for position, change in enumerate(judging.changeset.changes)
        if (loses(change) or change.verb is Verb.UPDATE) and position not in waiting
    }


@given(losses, limits, pasts, privileged, st.data())
def test_a_lower_limit_never_lets_more_through(
    taken: set[Loss],
    chosen: dict[str, int],
    past: Past,
    names: frozenset[str],
    data: st.DataObject,
) -> None:
    name = data.draw(st.sampled_from(sorted(chosen)))
    lower = chosen | {name: data.draw(st.integers(1, chosen[name]))}
    changeset = after(taken)
    assert let_through(judged(changeset, lower, past, names)) <= let_through(
        judged(changeset, chosen, past, names)
    )


@given(losses, limits, pasts, privileged, st.sampled_from(LOSSES))
def test_one_more_loss_never_lets_another_one_through(
    taken: set[Loss], chosen: dict[str, int], past: Past, names: frozenset[str], one_more: Loss
) -> None:
    assume(one_more not in taken)
    fewer, more = after(taken), after(taken | {one_more})
    still = {(change.key, change.verb) for change in more.changes}
    before = {c.key for c in fewer.changes if loses(c) and (c.key, c.verb) in still}
    assert let_through(judged(more, chosen, past, names)) & before <= let_through(
        judged(fewer, chosen, past, names)
    )


@given(losses, limits, pasts, st.sampled_from(SCOPES), st.booleans())
def test_one_more_past_loss_never_lets_more_through(
    taken: set[Loss], chosen: dict[str, int], past: Past, scope: Scope, came: bool
) -> None:
    """Nor does somebody who came since: the population of then was smaller."""
    changeset = after(taken)
    more = past if came else past | {scope: past.get(scope, 0) + 1}
    added = {scope: 1} if came else {}
    assert let_through(judged(changeset, chosen, more, added=added)) <= let_through(
        judged(changeset, chosen, past)
    )


@given(losses, limits, privileged)
def test_nobody_privileged_goes_through(
    taken: set[Loss], chosen: dict[str, int], names: frozenset[str]
) -> None:
    through = let_through(judged(after(taken), chosen, {}, names))
    assert not {(Kind.USER, name) for name in names} & through
    assert through <= let_through(judged(after(taken), chosen, {}))


FIELDS = ("email", "family_name", "phone")
Edit = tuple[str, str]

edits = st.sets(
    st.tuples(st.sampled_from(sorted(TOWN[Kind.USER])), st.sampled_from(FIELDS)), max_size=40
)
update_limits = st.fixed_dictionaries(
    {
        "update_floor": st.integers(1, 12),
        "update_percent": st.integers(1, 100),
        "key_update_percent": st.integers(1, 100),
    }
)


def edited(chosen: set[Edit]) -> Changeset:
    sent: Held = {kind: dict(records) for kind, records in TOWN.items()}
    for user, field in chosen:
        sent[Kind.USER][user] = {**sent[Kind.USER][user], field: "new"}
    return plan(roster(sent), directory(TOWN))


@given(edits, update_limits, st.data())
def test_a_lower_limit_never_lets_more_updates_through(
    made: set[Edit], chosen: dict[str, int], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(chosen)))
    lower = chosen | {name: data.draw(st.integers(1, chosen[name]))}
    changeset = edited(made)
    assert let_through(case(changeset, **lower)) <= let_through(case(changeset, **chosen))


@given(edits, update_limits, st.sampled_from(sorted(TOWN[Kind.USER])), st.sampled_from(FIELDS))
def test_one_more_update_never_lets_another_one_through(
    made: set[Edit], chosen: dict[str, int], user: str, field: str
) -> None:
    more = let_through(case(edited(made | {(user, field)}), **chosen))
    before = {(Kind.USER, who) for who, _ in made}
    assert more & before <= let_through(case(edited(made), **chosen))


@given(edits, update_limits)
def test_no_field_over_its_limit_goes_through(made: set[Edit], chosen: dict[str, int]) -> None:
    """Counted anew and by hand."""
    changeset = edited(made)
    through = let_through(case(changeset, **chosen))
    for field in (*FIELDS, None):
        limit = chosen["key_update_percent" if field in FIELDS[:2] else "update_percent"]
        if field == "phone":
            continue
        for school in (None, "s1", "s2", "s3", "s4"):
            inside = {
                (Kind.USER, user)
                for user, edit in made
                if field in (None, edit)
                and school in (None, TOWN[Kind.USER][user]["primary_org_id"])
            }
            live = changeset.live[Kind.USER, school, None]
            if len(inside) >= chosen["update_floor"] and len(inside) * 100 >= limit * live:
                assert not inside & through
