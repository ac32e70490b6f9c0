"""I17: a lower limit or one more removal never lets a removal through that waited before."""

from hypothesis import assume, given
from hypothesis import strategies as st

from core.changes.made_rosters import Held, closed, directory, roster
from rollbook.changes.changeset import Changeset
from rollbook.changes.plan import plan
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind

from .cases import case, undecided

SCHOOLS = ("s1", "s2", "s3", "s4")
ROLES = ("student", "student", "student", "teacher", "parent")


def town() -> Held:
    """Four schools with ten people, two classes and fourteen enrollments each."""
    held: Held = {kind: {} for kind in Kind}
    for school in SCHOOLS:
        held[Kind.ORG][school] = {"name": school, "type": "school"}
        for number in (1, 2):
            held[Kind.CLASS][f"{school}.c{number}"] = {"title": "Art", "school_id": school}
        for number in range(10):
            user, role = f"{school}.{number}", ROLES[number % 5]
            held[Kind.USER][user] = {"primary_role": role, "primary_org_id": school}
            held[Kind.ROLE][f"{user}:{role}:{school}"] = {
                "user_id": user,
                "role": role,
                "org_id": school,
            }
            for place in (1, 2):
                if number < 7:
                    held[Kind.ENROLLMENT][f"{user}.e{place}"] = {
                        "user_id": user,
                        "class_id": f"{school}.c{place}",
                        "school_id": school,
                    }
    return held


TOWN = town()
KEYS = [(kind, i) for kind in (Kind.CLASS, Kind.USER, Kind.ENROLLMENT) for i in TOWN[kind]]

gone = st.sets(st.sampled_from(KEYS), max_size=25)
limits = st.fixed_dictionaries(
    {
        "removal_floor": st.integers(1, 12),
        "removal_percent": st.integers(1, 100),
        "removal_cap_user": st.integers(1, 30),
        "removal_cap_enrollment": st.integers(1, 60),
    }
)


def without(keys: set[tuple[Kind, str]]) -> Changeset:
    sent = {k: {i: v for i, v in TOWN[k].items() if (k, i) not in keys} for k in Kind}
    return plan(roster(closed(sent)), directory(TOWN))


def let_through(changeset: Changeset, chosen: dict[str, int]) -> set[tuple[Kind, str]]:
    """The removals that would be applied without anybody's decision."""
    waiting = undecided(case(changeset, **chosen))
    return {
        change.key
        for position, change in enumerate(changeset.changes)
        if change.verb is Verb.REMOVE and position not in waiting
    }


@given(gone, limits, st.data())
def test_a_lower_limit_never_lets_more_through(
    keys: set[tuple[Kind, str]], chosen: dict[str, int], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(chosen)))
    lower = chosen | {name: data.draw(st.integers(1, chosen[name]))}
    changeset = without(keys)
    assert let_through(changeset, lower) <= let_through(changeset, chosen)


@given(gone, limits, st.sampled_from(KEYS))
def test_one_more_removal_never_lets_another_one_through(
    keys: set[tuple[Kind, str]], chosen: dict[str, int], one_more: tuple[Kind, str]
) -> None:
    assume(one_more not in keys)
    fewer, more = without(keys), without(keys | {one_more})
    before = {change.key for change in fewer.changes}
    assert let_through(more, chosen) & before <= let_through(fewer, chosen)


@given(gone, limits)
def test_nothing_over_a_limit_goes_through(
    keys: set[tuple[Kind, str]], chosen: dict[str, int]
) -> None:
    """Counted anew and by hand, in the scopes of the rules."""
    changeset = without(keys)
    through = let_through(changeset, chosen)
    removals = [change for change in changeset.changes if change.verb is Verb.REMOVE]
    scopes = {
        scope
        for change in removals
        for scope in (
            (change.kind, change.school, change.role),
            (change.kind, change.school, None),
            (change.kind, None, change.role),
            (change.kind, None, None),
        )
    }
    for kind, school, role in scopes:
        inside = {
            change.key
            for change in removals
            if change.kind is kind
            and school in (None, change.school)
            and role in (None, change.role)
        }
        live = changeset.live[kind, school, role]
        if (
            len(inside) >= chosen["removal_floor"]
            and len(inside) * 100 >= chosen["removal_percent"] * live
        ):
            assert not inside & through
    for kind, cap in ((Kind.USER, "removal_cap_user"), (Kind.ENROLLMENT, "removal_cap_enrollment")):
        inside = {change.key for change in removals if change.kind is kind}
        assert len(inside) < chosen[cap] or not inside & through
