"""Merged people: what the source still sends as two stays one, whatever it does with either."""

from collections.abc import Iterable, Mapping

import pytest

from rollbook.changes.changeset import Changeset
from rollbook.changes.plan import plan
from rollbook.changes.resolve import Merge
from rollbook.people.merge import plan_merge
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Values, role_id

from .made_rosters import Held, applied, directory, roster

MERGE = Merge(keep="ann", lose="anne", from_lose=("email", "phone"))


def student(name: str, **values: str) -> Values:
    return {"given_name": name, "primary_role": "student", "primary_org_id": "o1", **values}


def sent() -> Held:
    """Ann is there twice: as ``ann`` and, with two more classes, as ``anne``."""
    roles: dict[str, Values] = {
        role_id(user, "student", "o1"): {
            "user_id": user,
            "role": "student",
            "org_id": "o1",
            "role_type": "primary",
        }
        for user in ("ann", "anne")
    }
    at_two: Values = {
        "user_id": "anne",
        "role": "student",
        "org_id": "o2",
        "role_type": "secondary",
    }
    roles[role_id("anne", "student", "o2")] = at_two
    return {
        Kind.ORG: {o: {"name": o, "type": "school"} for o in ("o1", "o2")},
        Kind.ACADEMIC_SESSION: {"y": {"title": "Year"}},
        Kind.COURSE: {"k": {"title": "Art", "org_id": "o1"}},
        Kind.CLASS: {c: {"title": c, "school_id": "o1"} for c in ("c1", "c2", "c3")},
        Kind.USER: {
            "ann": student("Ann", email="ann@x"),
            "anne": student("Anne", email="anne@x", phone="1"),
            "mum": {"given_name": "Mum", "primary_role": "parent"},
            "dad": {"given_name": "Dad", "primary_role": "parent"},
        },
        Kind.ROLE: roles,
        Kind.ENROLLMENT: {
            "e1": {"user_id": "ann", "class_id": "c1", "role": "student"},
            "x1": {"user_id": "anne", "class_id": "c1", "role": "student"},
            "x2": {"user_id": "anne", "class_id": "c2", "role": "student"},
            "x3": {"user_id": "anne", "class_id": "c3", "role": "student"},
        },
        Kind.GUARDIAN: {
            f"{child}:{parent}": {"student_id": child, "guardian_id": parent}
            for child, parent in (("ann", "mum"), ("anne", "mum"), ("anne", "dad"))
        },
        Kind.DEMOGRAPHICS: {"ann": {"sex": "female"}, "anne": {"birth_date": "2016-05-04"}},
    }


def merged() -> Held:
    """The directory after the merge."""
    choices = {"email": "lose"}
    planned = plan_merge(directory(sent()), "ann", "anne", choices)
    assert planned.from_lose == MERGE.from_lose
    return applied(sent(), planned.changeset.changes)


def next_sync(
    snapshot: Held,
    held: Held,
    *,
    protected: Mapping[Kind, Iterable[str]] | None = None,
    complete: frozenset[Kind] = frozenset(Kind),
    merges: tuple[Merge, ...] = (MERGE,),
) -> Changeset:
    sent_now = roster(snapshot, complete=complete, protected=protected)
    return plan(sent_now, directory(held), merges)


def less(held: Held, *keys: tuple[Kind, str]) -> Held:
    return {k: {i: v for i, v in held[k].items() if (k, i) not in keys} for k in held}


def all_of(user: str) -> list[tuple[Kind, str]]:
    """What a snapshot says of a person."""
    fields = ("user_id", "student_id", "guardian_id")
    found = [
        (kind, i)
        for kind, records in sent().items()
        for i, values in records.items()
        if any(values.get(name) == user for name in fields)
    ]
    return [(Kind.USER, user), (Kind.DEMOGRAPHICS, user), *found]


def test_after_a_merge_the_same_snapshot_changes_nothing() -> None:
    changeset = next_sync(sent(), merged())
    assert changeset.changes == ()
    assert changeset.findings == ()


def test_the_survivor_has_both_ones_classes_roles_and_guardians_once() -> None:
    held = merged()
    assert held[Kind.USER].keys() == {"ann", "mum", "dad"}
    assert held[Kind.USER]["ann"] == student("Ann", email="anne@x", phone="1")
    assert {i: v["class_id"] for i, v in held[Kind.ENROLLMENT].items()} == {
        "e1": "c1",
        "x2": "c2",
        "x3": "c3",
    }
    assert {v["user_id"] for v in held[Kind.ENROLLMENT].values()} == {"ann"}
    assert held[Kind.GUARDIAN].keys() == {"ann:mum", "ann:dad"}
    assert held[Kind.ROLE].keys() == {"ann:student:o1", "ann:student:o2"}
    assert held[Kind.DEMOGRAPHICS] == {"ann": {"sex": "female"}}


def test_without_the_merge_the_other_one_would_come_back() -> None:
    changeset = next_sync(sent(), merged(), merges=())
    assert (Kind.USER, "anne") in {change.key for change in changeset.changes}


def test_fields_taken_from_the_other_one_keep_following_it() -> None:
    later = sent()
    later[Kind.USER]["anne"] |= {"phone": "2"}
    later[Kind.USER]["ann"] |= {"phone": "9"}
    [change] = next_sync(later, merged()).changes
    assert (change.key, change.after) == ((Kind.USER, "ann"), {"phone": "2"})


def test_they_keep_their_value_once_the_other_one_is_gone() -> None:
    later = less(sent(), *all_of("anne"))
    later[Kind.USER]["ann"] |= {"phone": "9", "given_name": "Annie"}
    changes = next_sync(later, merged()).changes
    assert {c.id: c.after for c in changes if c.kind is Kind.USER} == {
        "ann": {"given_name": "Annie"}
    }
    assert {c.key for c in changes if c.verb is Verb.REMOVE} == {
        *((Kind.ENROLLMENT, "x2"), (Kind.ENROLLMENT, "x3"), (Kind.GUARDIAN, "ann:dad")),
        (Kind.ROLE, "ann:student:o2"),
    }


def test_the_survivor_stays_while_the_other_one_is_sent() -> None:
    changes = next_sync(less(sent(), *all_of("ann")), merged()).changes
    assert (Kind.USER, "ann") not in {c.key for c in changes if c.verb is Verb.REMOVE}
    assert {c.id for c in changes if c.kind is Kind.ENROLLMENT} == {"e1", "x1"}


def test_the_survivor_leaves_when_neither_is_sent() -> None:
    changes = next_sync(less(sent(), *all_of("ann"), *all_of("anne")), merged()).changes
    assert {c.verb for c in changes} == {Verb.REMOVE}
    assert (Kind.USER, "ann") in {c.key for c in changes}


def test_a_merge_of_a_merge_follows_to_the_last_survivor() -> None:
    third = sent()
    third[Kind.USER]["annie"] = student("Annie")
    held = applied(
        third, plan_merge(directory(third), "ann", "anne", {"email": "lose"}).changeset.changes
    )
    second = plan_merge(directory(held), "annie", "ann", {})
    held = applied(held, second.changeset.changes)
    merges = (MERGE, Merge("annie", "ann", second.from_lose))
    assert held[Kind.USER].keys() == {"annie", "mum", "dad"}
    assert next_sync(third, held, merges=merges).changes == ()


@pytest.mark.parametrize("user", ["ann", "anne"])
def test_a_row_of_either_that_was_set_aside_changes_nothing(user: str) -> None:
    """As the 1.1 reader has it: with the user's row go its roles and its guardian links."""
    lost = [k for k in all_of(user) if k[0] in (Kind.USER, Kind.ROLE, Kind.GUARDIAN)]
    protected = {
        kind: [i for k, i in lost if k is kind] for kind in (Kind.USER, Kind.ROLE, Kind.GUARDIAN)
    }
    changeset = next_sync(less(sent(), *lost), merged(), protected=protected)
    assert changeset.changes == ()


def test_a_row_set_aside_that_does_not_tell_whose_roles_it_had_changes_nothing() -> None:
    lost = [k for k in all_of("anne") if k[0] in (Kind.USER, Kind.ROLE, Kind.GUARDIAN)]
    changeset = next_sync(less(sent(), *lost), merged(), protected={Kind.USER: ["anne"]})
    assert changeset.changes == ()


@pytest.mark.parametrize(
    ("kind", "row"),
    [(Kind.ROLE, "anne:student:o2"), (Kind.GUARDIAN, "anne:dad"), (Kind.DEMOGRAPHICS, "ann")],
)
def test_a_single_row_that_was_set_aside_removes_nothing(kind: Kind, row: str) -> None:
    snapshot = less(sent(), (kind, row))
    changeset = next_sync(snapshot, merged(), protected={kind: [row]})
    assert changeset.changes == ()


def test_a_row_of_which_nobody_knows_whose_it_was_changes_nothing_of_the_survivor() -> None:
    lost = [(Kind.USER, "ann"), (Kind.DEMOGRAPHICS, "ann")]
    complete = frozenset(Kind) - {Kind.USER, Kind.DEMOGRAPHICS}
    changeset = next_sync(less(sent(), *lost), merged(), complete=complete)
    assert changeset.changes == ()


def test_an_enrollment_that_was_set_aside_keeps_its_seat() -> None:
    changeset = next_sync(
        less(sent(), (Kind.ENROLLMENT, "e1")), merged(), protected={Kind.ENROLLMENT: ["e1"]}
    )
    assert changeset.changes == ()
