"""Merging two people at the desk, splitting them again, and telling two apart."""

import pytest

from core.scene import NORTH, Scene
from rollbook.desk import auditing, decisions, people, syncing
from rollbook.desk.views import HoldState, Kind, MergeState, MergeView, RunKind, RunState, Verb
from rollbook.errors import ConfigInvalid, NotFound, Stale

KEEP, LOSE = "s1-01", "double"


@pytest.fixture
def doubled(scene: Scene) -> Scene:
    """``s1-01`` is in the directory a second time, with a class, a guardian and a phone more."""
    sis = scene.sis
    sis.add_student(
        *("s1", LOSE),
        classes=("c-s1-1", "c-s1-2"),
        agents="g-s1-01,g-s1-02",
        givenName="GIVENS1-01",
        familyName="Familys1-01",
        phone="555",
        email="double@north.example.org",
    )
    sis.demographics[LOSE]["birthDate"] = sis.demographics[KEEP]["birthDate"]
    assert scene.sync().summary.state is RunState.APPLIED
    return scene


def merge(scene: Scene, **given: object) -> MergeView:
    return people.merge(scene.desk, NORTH, KEEP, LOSE, reason="entered twice", **given)  # type: ignore[arg-type]


def seats(scene: Scene, user: str) -> set[object]:
    return {
        values["class_id"]
        for values in scene.held()[Kind.ENROLLMENT].values()
        if values["user_id"] == user
    }


def test_the_preview_shows_what_the_merge_does(doubled: Scene) -> None:
    before = doubled.held()
    preview = people.merge_preview(doubled.desk, NORTH, KEEP, LOSE)
    shown = {f.field: (f.keep, f.lose, f.survivor, f.source) for f in preview.fields}
    assert shown["given_name"] == ("Givens1-01", "GIVENS1-01", "Givens1-01", "keep")
    assert shown["phone"] == ("", "555", "555", "lose")
    assert "family_name" not in shown
    assert (preview.enrollments_moved, preview.enrollments_dropped) == (1, 1)
    assert (preview.guardians_moved, preview.roles_moved) == (1, 0)
    assert preview.warnings == (
        "Both have a number of their own: the SIS takes them for two people.",
    )
    assert doubled.held() == before
    merge(doubled, token=preview.token)
    assert seats(doubled, KEEP) == {"c-s1-1", "c-s1-2", "c-s1-3"}
    assert doubled.users()[KEEP]["phone"] == "555"
    card = people.person(doubled.desk, NORTH, KEEP)
    assert card.merged == (LOSE,)
    assert {(i, role) for i, _, role in card.guardians} == {
        *(("g-s1-01", "guardian"), ("g-s1-02", "guardian")),
    }


def test_a_merge_is_a_run_with_its_trail(doubled: Scene) -> None:
    made = merge(doubled)
    view = doubled.run(made.run)
    assert (view.summary.kind, view.summary.state) == (RunKind.MERGE, RunState.APPLIED)
    assert (made.id, made.state, made.created_by) == ("north.m1", MergeState.ACTIVE, "sam")
    [removal] = doubled.rows(made.run, kind=Kind.USER, verb=Verb.REMOVE)
    assert removal.id == LOSE
    entry = next(e for e in auditing.audit(doubled.desk) if e.event == "people.merged")
    assert entry.body == {
        **{"keep": KEEP, "lose": LOSE, "run": made.run, "reason": "entered twice"},
    }


def test_the_operators_choices_are_kept(doubled: Scene) -> None:
    merge(doubled, choices={"given_name": "lose", "phone": "keep"})
    user = doubled.users()[KEEP]
    assert user["given_name"] == "GIVENS1-01"
    assert "phone" not in user
    assert doubled.sync().summary.state is RunState.NOOP


@pytest.mark.parametrize(
    "choices", [{"shoe_size": "keep"}, {"phone": "both"}, {"primary_org_id": "lose"}]
)
def test_a_choice_that_there_is_not_is_refused(doubled: Scene, choices: dict[str, str]) -> None:
    with pytest.raises(ConfigInvalid, match="no choice"):
        merge(doubled, choices=choices)
    assert LOSE in doubled.users()


def test_merged_and_split_the_directory_is_as_before(doubled: Scene) -> None:
    before = doubled.held()
    made = merge(doubled, choices={"email": "lose"})
    done = people.split(doubled.desk, made.id, reason="two children")
    assert done.state is MergeState.SPLIT
    assert doubled.held() == before
    assert doubled.sync().summary.state is RunState.NOOP
    with pytest.raises(Stale, match="split already"):
        people.split(doubled.desk, made.id, reason="again")


def test_a_split_after_a_sync_keeps_what_the_sync_wrote(doubled: Scene) -> None:
    made = merge(doubled)
    doubled.sis.users[KEEP]["email"] = "later@north.example.org"
    doubled.sis.users[LOSE]["phone"] = "777"
    doubled.sis.drop_class("c-s1-3")
    doubled.sync_through()
    assert doubled.users()[KEEP]["phone"] == "777"
    people.split(doubled.desk, made.id, reason="two children")
    users = doubled.users()
    assert users[KEEP]["email"] == "later@north.example.org"
    assert LOSE in users
    doubled.sync_through()
    assert doubled.users().keys() == doubled.sis.users.keys()
    assert doubled.held()[Kind.ENROLLMENT].keys() == doubled.sis.enrollments.keys()
    assert "phone" not in doubled.users()[KEEP]
    assert doubled.users()[LOSE]["phone"] == "777"
    assert doubled.sync().summary.state is RunState.NOOP


def test_after_a_merge_the_same_file_brings_nobody_back(doubled: Scene) -> None:
    merge(doubled)
    assert doubled.sync().summary.state is RunState.NOOP
    assert LOSE not in doubled.users()


def test_what_waited_is_stale_after_a_merge(doubled: Scene) -> None:
    doubled.sis.drop_students("s2", 6)
    [hold] = doubled.sync().holds
    preview = doubled.sync(preview=True)
    merge(doubled)
    for waiting in (hold, *preview.holds):
        assert decisions.hold(doubled.desk, waiting.id).state is HoldState.SUPERSEDED
        with pytest.raises(Stale, match="superseded"):
            doubled.approve(waiting)
    with pytest.raises(Stale, match="SUPERSEDED"):
        syncing.apply(doubled.desk, preview.summary.id)
    assert "s2-01" in doubled.users()
    [again] = doubled.sync().holds
    assert again.count == 6


def test_a_merge_is_of_what_was_looked_at(doubled: Scene) -> None:
    token = people.merge_preview(doubled.desk, NORTH, KEEP, LOSE).token
    doubled.sis.users[LOSE]["sms"] = "1"
    doubled.sync()
    with pytest.raises(Stale, match="changed since"):
        merge(doubled, token=token)
    assert LOSE in doubled.users()
    other = people.merge_preview(doubled.desk, NORTH, KEEP, LOSE, choices={"phone": "keep"})
    with pytest.raises(Stale, match="changed since"):
        merge(doubled, token=other.token)


@pytest.mark.parametrize(
    ("keep", "lose", "error"),
    [(KEEP, KEEP, ConfigInvalid), (KEEP, "nobody", NotFound), ("nobody", LOSE, NotFound)],
)
def test_people_who_cannot_be_merged(
    doubled: Scene, keep: str, lose: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        people.merge(doubled.desk, NORTH, keep, lose, reason="x")


def test_nobody_is_given_up_twice(doubled: Scene) -> None:
    """Who comes second with the same two people is told who was first, and when."""
    merge(doubled)
    lee = doubled.at("lee")
    told = rf"{LOSE} is part of {KEEP} since merge north.m1, by sam at 2026-03-02 12:00 UTC"
    for act in (
        lambda: people.merge(lee, NORTH, "s1-02", LOSE, reason="x"),
        lambda: people.merge(lee, NORTH, LOSE, KEEP, reason="x"),
        lambda: people.merge_preview(lee, NORTH, KEEP, LOSE),
        lambda: people.distinct(lee, NORTH, KEEP, LOSE),
    ):
        with pytest.raises(Stale, match=told):
            act()


def test_merges_and_splits_need_a_reason(doubled: Scene) -> None:
    with pytest.raises(ConfigInvalid, match="reason"):
        people.merge(doubled.desk, NORTH, KEEP, LOSE, reason="")
    made = merge(doubled)
    with pytest.raises(ConfigInvalid, match="reason"):
        people.split(doubled.desk, made.id, reason=" ")


def test_somebody_else_under_the_id_that_was_given_up_is_not_the_survivor(doubled: Scene) -> None:
    """The SIS has given the id a second time, to a child of another family."""
    made = merge(doubled)
    before = doubled.held()
    sis = doubled.sis
    sis.users["g-eve"] = sis.users["g-s1-02"] | {"username": "u.eve", "email": "eve@example.org"}
    sis.users[LOSE] |= {"givenName": "Eve", "familyName": "Adams", "agents": "g-eve", "phone": "1"}
    sis.demographics[LOSE]["birthDate"] = "2011-01-01"
    sis.enroll(LOSE, "c-s2-1")
    for _ in range(2):
        view = doubled.sync()
        [told] = [f for f in view.findings if f.code == "merged-id-used-again"]
        assert (told.record_id, made.id in told.remedy) == (LOSE, True)
        held = doubled.held()
        assert held[Kind.ENROLLMENT] == before[Kind.ENROLLMENT]
        assert held[Kind.GUARDIAN] == before[Kind.GUARDIAN]
        assert held[Kind.USER].keys() - before[Kind.USER].keys() == {"g-eve"}
        assert held[Kind.USER][KEEP] == before[Kind.USER][KEEP]
        sis.users["s2-01"]["phone"] = "5"
    people.split(doubled.desk, made.id, reason="another child")
    [hold] = [hold for hold in doubled.sync().holds if hold.rule == "C9"]
    assert doubled.users()[LOSE]["given_name"] != "Eve"
    doubled.approve(hold)
    assert doubled.users()[LOSE]["given_name"] == "Eve"
    assert doubled.held()[Kind.GUARDIAN].keys() >= {f"{LOSE}:g-eve", f"{KEEP}:g-s1-01"}
    assert f"{KEEP}:g-eve" not in doubled.held()[Kind.GUARDIAN]


def test_the_same_person_may_be_called_otherwise(doubled: Scene) -> None:
    merge(doubled)
    doubled.sis.users[LOSE] |= {"givenName": "Eve", "familyName": "Adams", "phone": "1"}
    view = doubled.sync()
    assert not view.findings
    assert doubled.users()[KEEP]["phone"] == "1"


def test_a_chain_of_merges_is_split_from_either_end(doubled: Scene) -> None:
    before = doubled.held()
    first = merge(doubled)
    second = people.merge(doubled.desk, NORTH, "s1-02", KEEP, reason="one more")
    assert doubled.sync().summary.state is RunState.NOOP
    people.split(doubled.desk, first.id, reason="x")
    doubled.sync_through()
    assert LOSE in doubled.users()
    assert KEEP not in doubled.users()
    people.split(doubled.desk, second.id, reason="x")
    doubled.sync_through()
    assert doubled.held() == before


def test_warnings_say_what_speaks_against_it(scene: Scene) -> None:
    scene.sis.users["s1-01"]["grades"] = "05"
    scene.sync()
    preview = people.merge_preview(scene.desk, NORTH, "s1-01", "s1-02")
    assert set(preview.warnings) == {
        "Both have a number of their own: the SIS takes them for two people.",
        "Their birth dates differ.",
        "They are in different grades.",
    }
    preview = people.merge_preview(scene.desk, NORTH, "s1-01", "t-s1-1")
    assert "One is student, the other is staff." in preview.warnings


def test_two_people_for_good_are_never_proposed_again(doubled: Scene) -> None:
    [pair] = people.duplicates(doubled.desk, NORTH)
    assert {pair.a, pair.b} == {KEEP, LOSE}
    people.distinct(doubled.desk, NORTH, LOSE, KEEP)
    people.distinct(doubled.desk, NORTH, KEEP, LOSE)
    assert people.duplicates(doubled.desk, NORTH) == ()
    doubled.sync()
    assert people.duplicates(doubled.desk, NORTH) == ()
    events = [entry.event for entry in auditing.audit(doubled.desk)]
    assert events.count("people.distinct") == 1
    with pytest.raises(NotFound, match="no person"):
        people.distinct(doubled.desk, NORTH, KEEP, "nobody")
    with pytest.raises(ConfigInvalid, match="not two"):
        people.distinct(doubled.desk, NORTH, KEEP, KEEP)


@pytest.mark.parametrize("key", ["s1-05", "ns1-05", "U.S1-05", "S1-05@North.example.org"])
def test_a_person_is_found_by_id_number_username_or_address(scene: Scene, key: str) -> None:
    card = people.person(scene.desk, NORTH, key)
    assert card.id == "s1-05"
    assert card.label == "Familys1-05, Givens1-05"
    assert [title for _, _, title in card.enrollments] == ["Reading 1", "Reading 3"]
    assert [(i, role) for i, _, role in card.guardians] == [("g-s1-05", "guardian")]
    assert card.school_name == "School 1"
    assert not card.removed


def test_one_who_has_left_is_still_found_by_id(scene: Scene) -> None:
    scene.sis.drop_user("s1-05")
    scene.sync()
    card = people.person(scene.desk, NORTH, "s1-05")
    assert card.removed
    assert card.values["given_name"] == "Givens1-05"
    with pytest.raises(NotFound, match="no person"):
        people.person(scene.desk, NORTH, "ns1-05")


def test_an_address_of_several_people_names_their_ids(scene: Scene) -> None:
    scene.sis.users["s1-05"]["email"] = scene.sis.users["g-s1-05"]["email"]
    scene.sync()
    with pytest.raises(NotFound, match="2 people answer") as caught:
        people.person(scene.desk, NORTH, "g-s1-05@north.example.org")
    assert "g-s1-05, s1-05" in caught.value.remedy


def test_flags_lists_and_extensions_are_shown_as_text(scene: Scene) -> None:
    scene.sis.users["s1-02"] |= {"enabledUser": "false", "grades": "03,04", "metadata.bus": "7"}
    scene.sync_through()
    preview = people.merge_preview(scene.desk, NORTH, "s1-01", "s1-02")
    shown = {f.field: (f.keep, f.lose) for f in preview.fields}
    assert shown["enabled"] == ("true", "false")
    assert shown["grades"] == ("03", "03, 04")
    assert shown["metadata"] == ("", "metadata.bus=7")


def test_an_unknown_merge_is_said(scene: Scene) -> None:
    with pytest.raises(NotFound, match="no merge"):
        people.split(scene.desk, "north.m9", reason="x")
