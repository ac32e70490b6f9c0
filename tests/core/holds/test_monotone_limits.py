"""I17: a lower limit or one more loss never lets a loss through that waited before."""

from hypothesis import assume, given
from hypothesis import strategies as st

from core.changes.made_rosters import Held, closed, directory, roster
from rollbook.changes.changeset import Changeset
from rollbook.changes.plan import plan
from rollbook.roster.changes import Change, Verb
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
            held[Kind.USER][user] = {
                "primary_role": role,
                "primary_org_id": school,
                "enabled": True,
            }
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
GONE, DISABLED, MOVED = "gone", "disabled", "moved"

LOSSES = [
    *((GONE, kind, i) for kind in (Kind.CLASS, Kind.USER, Kind.ENROLLMENT) for i in TOWN[kind]),
    *((DISABLED, Kind.USER, i) for i in TOWN[Kind.USER]),
    *((MOVED, Kind.ENROLLMENT, i) for i in TOWN[Kind.ENROLLMENT]),
]
"""What may be taken from somebody: a record, the way in, or a seat in a class."""

Loss = tuple[str, Kind, str]

losses = st.sets(st.sampled_from(LOSSES), max_size=25)
limits = st.fixed_dictionaries(
    {
        "removal_floor": st.integers(1, 12),
        "removal_percent": st.integers(1, 100),
        "removal_cap_user": st.integers(1, 30),
        "removal_cap_enrollment": st.integers(1, 60),
    }
)


def after(taken: set[Loss]) -> Changeset:
    sent: Held = {kind: {} for kind in Kind}
    for kind, records in TOWN.items():
        for record_id, values in records.items():
            if (GONE, kind, record_id) in taken:
                continue
            changed = dict(values)
            if (DISABLED, kind, record_id) in taken:
                changed["enabled"] = False
            if (MOVED, kind, record_id) in taken:
                other = "2" if str(values["class_id"]).endswith("1") else "1"
                changed["class_id"] = f"{values['school_id']}.c{other}"
            sent[kind][record_id] = changed
    return plan(roster(closed(sent)), directory(TOWN))


def loses(change: Change) -> bool:
    before, now = change.before or {}, change.after or {}
    return (
        change.verb is Verb.REMOVE
        or (change.kind is Kind.USER and now.get("enabled") is False)
        or (change.kind is Kind.ENROLLMENT and "class_id" in before)
    )


def let_through(changeset: Changeset, chosen: dict[str, int]) -> set[tuple[Kind, str]]:
    """The losses that would be applied without anybody's decision."""
    waiting = undecided(case(changeset, **chosen))
    return {
        change.key
        for position, change in enumerate(changeset.changes)
        if loses(change) and position not in waiting
    }


@given(losses, limits, st.data())
def test_a_lower_limit_never_lets_more_through(
    taken: set[Loss], chosen: dict[str, int], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(chosen)))
    lower = chosen | {name: data.draw(st.integers(1, chosen[name]))}
    changeset = after(taken)
    assert let_through(changeset, lower) <= let_through(changeset, chosen)


@given(losses, limits, st.sampled_from(LOSSES))
def test_one_more_loss_never_lets_another_one_through(
    taken: set[Loss], chosen: dict[str, int], one_more: Loss
) -> None:
    assume(one_more not in taken)
    fewer, more = after(taken), after(taken | {one_more})
    still = {(change.key, change.verb) for change in more.changes}
    before = {c.key for c in fewer.changes if loses(c) and (c.key, c.verb) in still}
    assert let_through(more, chosen) & before <= let_through(fewer, chosen)


@given(losses, limits)
def test_nothing_over_a_limit_goes_through(taken: set[Loss], chosen: dict[str, int]) -> None:
    """Counted anew and by hand, in the scopes of the rules."""
    changeset = after(taken)
    through = let_through(changeset, chosen)
    lost = [change for change in changeset.changes if loses(change)]
    scopes = {
        scope
        for change in lost
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
            for change in lost
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
        inside = {change.key for change in lost if change.kind is kind}
        assert len(inside) < chosen[cap] or not inside & through
