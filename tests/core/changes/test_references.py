"""Unknown is not absent, and what belongs to nobody is neither kept nor taken in."""

from rollbook.changes.changeset import Changeset
from rollbook.changes.plan import plan
from rollbook.roster.changes import Verb
from rollbook.roster.findings import Severity
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Values, role_id

from .made_rosters import Held, directory, roster

ANN_AT_ONE: Values = {
    "user_id": "ann",
    "role": "student",
    "org_id": "o1",
    "role_type": "primary",
}


def school() -> Held:
    """Ann and Bob at a school with a class; Bob's mother is Cat."""
    return {
        Kind.ORG: {"o1": {"name": "One", "type": "school"}},
        Kind.ACADEMIC_SESSION: {"y": {"title": "Year"}},
        Kind.COURSE: {"k": {"title": "Art", "org_id": "o1"}},
        Kind.CLASS: {"c1": {"title": "Art 1", "school_id": "o1", "course_id": "k"}},
        Kind.USER: {
            "ann": {"given_name": "Ann", "primary_role": "student", "primary_org_id": "o1"},
            "bob": {"given_name": "Bob", "primary_role": "student", "primary_org_id": "o1"},
            "cat": {"given_name": "Cat", "primary_role": "parent", "primary_org_id": "o1"},
        },
        Kind.ROLE: {role_id("ann", "student", "o1"): dict(ANN_AT_ONE)},
        Kind.ENROLLMENT: {
            "e1": {"user_id": "ann", "class_id": "c1", "school_id": "o1"},
            "e2": {"user_id": "bob", "class_id": "c1", "school_id": "o1"},
        },
        Kind.GUARDIAN: {"bob:cat": {"student_id": "bob", "guardian_id": "cat"}},
        Kind.DEMOGRAPHICS: {"ann": {"sex": "female"}, "bob": {"sex": "male"}},
    }


def without(held: Held, *keys: tuple[Kind, str]) -> Held:
    return {
        kind: {i: dict(v) for i, v in records.items() if (kind, i) not in keys}
        for kind, records in held.items()
    }


def removed(changeset: Changeset) -> set[tuple[Kind, str]]:
    return {change.key for change in changeset.changes if change.verb is Verb.REMOVE}


def test_a_row_that_was_set_aside_removes_nobody() -> None:
    sent = without(school(), (Kind.USER, "ann"))
    changeset = plan(roster(sent, protected={Kind.USER: ["ann"]}), directory(school()))
    assert changeset.changes == ()
    assert changeset.totals[Kind.USER].unknown == 1


def test_what_belongs_to_an_unknown_person_is_unknown_too() -> None:
    gone = [(Kind.USER, "ann"), (Kind.ENROLLMENT, "e1"), (Kind.DEMOGRAPHICS, "ann")]
    sent = without(school(), *gone, (Kind.ROLE, "ann:student:o1"))
    changeset = plan(roster(sent, protected={Kind.USER: ["ann"]}), directory(school()))
    assert changeset.changes == ()
    assert changeset.totals[Kind.ENROLLMENT].unknown == 1
    assert changeset.totals[Kind.ROLE].unknown == 1


def test_a_file_that_is_not_there_removes_nothing() -> None:
    sent = school() | {Kind.ENROLLMENT: {}, Kind.DEMOGRAPHICS: {}}
    complete = frozenset(Kind) - {Kind.ENROLLMENT, Kind.DEMOGRAPHICS}
    changeset = plan(roster(sent, complete=complete), directory(school()))
    assert changeset.changes == ()
    assert changeset.totals[Kind.ENROLLMENT].unknown == 2


def test_even_so_it_leaves_with_its_owner() -> None:
    sent = without(school(), (Kind.USER, "ann")) | {Kind.ENROLLMENT: {}}
    complete = frozenset(Kind) - {Kind.ENROLLMENT}
    changeset = plan(roster(sent, complete=complete), directory(school()))
    assert removed(changeset) == {
        *((Kind.USER, "ann"), (Kind.ROLE, "ann:student:o1"), (Kind.ENROLLMENT, "e1")),
        (Kind.DEMOGRAPHICS, "ann"),
    }


def test_a_row_that_was_set_aside_leaves_with_its_owner_too() -> None:
    sent = without(school(), (Kind.USER, "ann"), (Kind.ENROLLMENT, "e1"))
    changeset = plan(roster(sent, protected={Kind.ENROLLMENT: ["e1"]}), directory(school()))
    assert (Kind.ENROLLMENT, "e1") in removed(changeset)
    assert changeset.totals[Kind.ENROLLMENT].unknown == 0


def test_a_removed_person_takes_everything_along_though_other_files_still_name_them() -> None:
    sent = without(school(), (Kind.USER, "bob"))
    changeset = plan(roster(sent), directory(school()))
    assert removed(changeset) == {
        *((Kind.USER, "bob"), (Kind.ENROLLMENT, "e2"), (Kind.GUARDIAN, "bob:cat")),
        (Kind.DEMOGRAPHICS, "bob"),
    }
    assert {finding.severity for finding in changeset.findings} == {Severity.WARNING}
    assert changeset.rejected == {}


def test_a_removed_class_takes_its_enrollments_along() -> None:
    changeset = plan(roster(without(school(), (Kind.CLASS, "c1"))), directory(school()))
    assert removed(changeset) == {
        *((Kind.CLASS, "c1"), (Kind.ENROLLMENT, "e1"), (Kind.ENROLLMENT, "e2")),
    }


def test_a_removed_school_takes_along_what_it_owns_but_no_people() -> None:
    changeset = plan(roster(without(school(), (Kind.ORG, "o1"))), directory(school()))
    assert removed(changeset) == {
        *((Kind.ORG, "o1"), (Kind.COURSE, "k"), (Kind.CLASS, "c1")),
        *((Kind.ROLE, "ann:student:o1"), (Kind.ENROLLMENT, "e1"), (Kind.ENROLLMENT, "e2")),
    }


def test_a_person_nobody_heard_of_is_an_error_and_their_row_is_set_aside() -> None:
    sent = school()
    sent[Kind.ENROLLMENT]["e3"] = {"user_id": "zoe", "class_id": "c1"}
    changeset = plan(roster(sent), directory(school()))
    assert changeset.changes == ()
    [finding] = changeset.findings
    assert (finding.severity, finding.code) == (Severity.ERROR, "dangling-reference")
    assert (finding.kind, finding.record_id, finding.field) == (Kind.ENROLLMENT, "e3", "user_id")
    assert changeset.rejected == {Kind.ENROLLMENT: 1}


def test_a_live_record_that_now_names_nobody_is_kept_as_it_was() -> None:
    sent = school()
    sent[Kind.ENROLLMENT]["e1"] = {"user_id": "zoe", "class_id": "c1"}
    changeset = plan(roster(sent), directory(school()))
    assert changeset.changes == ()
    assert changeset.totals[Kind.ENROLLMENT].unknown == 1


def test_a_new_record_waits_for_an_owner_who_is_unknown_and_not_here() -> None:
    sent = school()
    sent[Kind.ENROLLMENT]["e3"] = {"user_id": "zoe", "class_id": "c1"}
    sent[Kind.DEMOGRAPHICS]["zoe"] = {"sex": "female"}
    changeset = plan(roster(sent, protected={Kind.USER: ["zoe"]}), directory(school()))
    assert changeset.changes == ()
    assert changeset.findings == ()
    assert changeset.rejected == {}


def test_what_belongs_to_a_record_that_waits_waits_with_it() -> None:
    sent = school()
    sent[Kind.CLASS]["c2"] = {"title": "Art 2", "school_id": "o2"}
    sent[Kind.ENROLLMENT]["e3"] = {"user_id": "ann", "class_id": "c2"}
    changeset = plan(roster(sent, protected={Kind.ORG: ["o2"]}), directory(school()))
    assert changeset.changes == ()
    assert changeset.findings == ()


def test_an_update_of_an_unknown_persons_record_still_goes_in() -> None:
    sent = without(school(), (Kind.USER, "ann"))
    sent[Kind.ENROLLMENT]["e1"]["primary"] = True
    changeset = plan(roster(sent, protected={Kind.USER: ["ann"]}), directory(school()))
    [change] = changeset.changes
    assert (change.verb, change.before, change.after) == (Verb.UPDATE, {}, {"primary": True})


def test_many_dangling_rows_are_listed_and_then_counted() -> None:
    sent = school()
    for number in range(250):
        sent[Kind.ENROLLMENT][f"x{number:03}"] = {"user_id": "zoe", "class_id": "c1"}
    changeset = plan(roster(sent), directory(school()))
    assert len(changeset.findings) == 200
    assert sum(finding.count for finding in changeset.findings) == 250
    assert changeset.rejected == {Kind.ENROLLMENT: 250}


def sent_to(org: str, *, role: str = "student") -> Held:
    """Ann is at another org."""
    sent = without(school(), (Kind.ROLE, role_id("ann", "student", "o1")))
    sent[Kind.USER]["ann"]["primary_org_id"] = org
    there = {**ANN_AT_ONE, "org_id": org, "role": role}
    return sent | {Kind.ROLE: {role_id("ann", role, org): there}}


def test_who_is_at_an_org_that_nobody_knows_stays_where_they_were() -> None:
    changeset = plan(roster(sent_to("nowhere")), directory(school()))
    assert changeset.changes == ()
    assert changeset.rejected == {Kind.ROLE: 1}
    assert changeset.totals[Kind.ROLE].unknown == 1
    error, warning = changeset.findings
    assert (error.severity, error.kind) == (Severity.ERROR, Kind.ROLE)
    assert (warning.severity, warning.field) == (Severity.WARNING, "primary_org_id")
    assert "ann refers to org nowhere" in warning.message
    assert "the primary org stays as it was" in warning.message


def test_so_does_who_is_at_an_org_whose_row_was_set_aside() -> None:
    sent = roster(sent_to("late"), protected={Kind.ORG: ["late"]})
    changeset = plan(sent, directory(school()))
    assert changeset.changes == ()
    assert changeset.totals[Kind.ROLE].unknown == 1


def test_what_else_is_new_of_them_goes_in() -> None:
    sent = sent_to("nowhere")
    sent[Kind.USER]["ann"]["email"] = "ann@new.example.org"
    [change] = plan(roster(sent), directory(school())).changes
    assert change.key == (Kind.USER, "ann")
    assert (change.before, change.after) == ({}, {"email": "ann@new.example.org"})


def test_a_new_person_at_an_org_that_nobody_knows_has_none() -> None:
    sent = without(school())
    sent[Kind.USER]["dee"] = {"given_name": "Dee", "primary_org_id": "nowhere"}
    [change] = plan(roster(sent), directory(school())).changes
    assert change.after == {"given_name": "Dee"}


def test_another_persons_role_leaves_as_ever() -> None:
    bob_at_one = role_id("bob", "student", "o1")
    held = without(school())
    held[Kind.ROLE][bob_at_one] = {**ANN_AT_ONE, "user_id": "bob"}
    assert removed(plan(roster(sent_to("nowhere")), directory(held))) == {(Kind.ROLE, bob_at_one)}
