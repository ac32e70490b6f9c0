"""What waits because another change waits."""

from rollbook.changes.plan import plan
from rollbook.changes.waiting import role_moves
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Values, role_id

from . import waits
from .made_rosters import Held, directory, roster

Key = tuple[Kind, str]


def add(kind: Kind, record_id: str, **values: str) -> Change:
    return Change(kind, Verb.ADD, record_id, None, dict(values))


def update(kind: Kind, record_id: str, before: Values, after: Values) -> Change:
    return Change(kind, Verb.UPDATE, record_id, before, after, before_version=1)


def remove(kind: Kind, record_id: str, **values: str) -> Change:
    return Change(kind, Verb.REMOVE, record_id, dict(values), None, before_version=1)


def waiting(changes: list[Change], *held: Key) -> set[Key]:
    direct = {p: "hold" for p, change in enumerate(changes) if change.key in held}
    assert len(direct) == len(held)
    return {changes[position].key for position in waits.waiting(changes, direct)}


SCHOOL, CLASS, ANN = (Kind.ORG, "o"), (Kind.CLASS, "c"), (Kind.USER, "ann")
SEAT, BORN, LINK = (Kind.ENROLLMENT, "e"), (Kind.DEMOGRAPHICS, "ann"), (Kind.GUARDIAN, "ann:g")


def newcomers() -> list[Change]:
    return [
        add(Kind.ORG, "o"),
        add(Kind.CLASS, "c", school_id="o"),
        add(Kind.USER, "ann", primary_org_id="o"),
        add(Kind.ENROLLMENT, "e", user_id="ann", class_id="c"),
        add(Kind.GUARDIAN, "ann:g", student_id="ann", guardian_id="g"),
        add(Kind.DEMOGRAPHICS, "ann"),
    ]


def leavers() -> list[Change]:
    return [
        remove(Kind.CLASS, "c", school_id="o"),
        remove(Kind.USER, "ann", primary_org_id="o"),
        remove(Kind.ENROLLMENT, "e", user_id="ann", class_id="c"),
        remove(Kind.ENROLLMENT, "f", user_id="bob", class_id="d"),
        remove(Kind.DEMOGRAPHICS, "ann"),
    ]


def test_roles_come_and_go_with_the_primary_role() -> None:
    changes = [
        update(Kind.USER, "ann", {"primary_role": "student"}, {"primary_role": "teacher"}),
        update(Kind.USER, "bob", {"email": "b"}, {"email": "c"}),
        add(Kind.ROLE, "new", user_id="ann", role="teacher", org_id="o"),
        remove(Kind.ROLE, "old", user_id="ann", role="student", org_id="o"),
        add(Kind.ROLE, "his", user_id="bob", role="teacher", org_id="o"),
        add(Kind.ENROLLMENT, "desk", user_id="ann", class_id="c", role="teacher"),
        add(Kind.ENROLLMENT, "seat", user_id="ann", class_id="d", role="student"),
        remove(Kind.ENROLLMENT, "left", user_id="ann", class_id="c", role="student"),
    ]
    with_ann = {ANN, (Kind.ROLE, "new"), (Kind.ROLE, "old"), (Kind.ENROLLMENT, "desk")}
    assert waiting(changes, ANN) == with_ann
    assert waiting(changes, (Kind.USER, "bob")) == {(Kind.USER, "bob")}


def test_a_guardian_stays_while_the_childs_own_role_waits() -> None:
    """Some exports name guardians with their children only: they go when the child is a teacher."""
    changes = [
        update(Kind.USER, "ann", {"primary_role": "student"}, {"primary_role": "teacher"}),
        remove(Kind.USER, "g"),
        remove(Kind.GUARDIAN, "ann:g", student_id="ann", guardian_id="g"),
        remove(Kind.GUARDIAN, "bob:h", student_id="bob", guardian_id="h"),
    ]
    assert waiting(changes, ANN) == {ANN, LINK, (Kind.USER, "g")}


def test_a_guardian_stays_at_the_school_of_a_child_who_waits() -> None:
    """With other children elsewhere the guardian stays, but no longer at this child's school."""
    changes = [
        update(Kind.USER, "ann", {"primary_role": "student"}, {"primary_role": "teacher"}),
        remove(Kind.GUARDIAN, "ann:g", student_id="ann", guardian_id="g"),
        remove(Kind.GUARDIAN, "cy:g", student_id="cy", guardian_id="g"),
        remove(Kind.ROLE, role_id("g", "parent", "o"), user_id="g", role="parent", org_id="o"),
        remove(Kind.ROLE, role_id("g", "aide", "o"), user_id="g", role="aide", org_id="o"),
        remove(Kind.ROLE, role_id("h", "parent", "o"), user_id="h", role="parent", org_id="o"),
        update(Kind.USER, "g", {"primary_org_id": "o"}, {"primary_org_id": "p"}),
        update(Kind.USER, "h", {"primary_org_id": "o"}, {"primary_org_id": "p"}),
    ]
    role, moved = (Kind.ROLE, role_id("g", "parent", "o")), (Kind.USER, "g")
    aide = (Kind.ROLE, role_id("g", "aide", "o"))
    assert waiting(changes, ANN) == {ANN, LINK, role, moved, aide}
    assert waiting(changes, (Kind.GUARDIAN, "cy:g")) == {(Kind.GUARDIAN, "cy:g"), role, moved, aide}
    assert waiting(changes[:6], ANN) == {ANN, LINK, role}


def test_roles_move_with_the_primary_org() -> None:
    changes = [
        update(Kind.USER, "ann", {"primary_org_id": "o"}, {"primary_org_id": "p"}),
        add(Kind.ROLE, "new", user_id="ann", role="student", org_id="p"),
        remove(Kind.ROLE, "old", user_id="ann", role="student", org_id="o"),
        remove(Kind.GUARDIAN, "ann:g", student_id="ann", guardian_id="g"),
    ]
    assert waiting(changes, ANN) == {ANN, (Kind.ROLE, "new"), (Kind.ROLE, "old")}


def test_seats_wait_with_another_course_of_their_class() -> None:
    changes = [
        update(Kind.CLASS, "c", {"course_id": "k"}, {"course_id": "m"}),
        update(Kind.CLASS, "d", {"title": "k"}, {"title": "m"}),
        add(Kind.ENROLLMENT, "e", user_id="ann", class_id="c"),
        remove(Kind.ENROLLMENT, "f", user_id="bob", class_id="c"),
        remove(Kind.ENROLLMENT, "g", user_id="bob", class_id="d"),
    ]
    assert waiting(changes, CLASS) == {CLASS, SEAT, (Kind.ENROLLMENT, "f")}
    assert waiting(changes, (Kind.CLASS, "d")) == {(Kind.CLASS, "d")}


def test_what_is_added_waits_for_what_it_refers_to() -> None:
    assert waiting(newcomers(), SCHOOL) == {SCHOOL, CLASS, ANN, SEAT, BORN, LINK}
    assert waiting(newcomers(), ANN) == {ANN, SEAT, BORN, LINK}
    assert waiting(newcomers(), SEAT) == {SEAT}


def test_a_change_of_a_record_waits_for_what_it_will_refer_to() -> None:
    changes = [
        add(Kind.CLASS, "new", school_id="o"),
        update(Kind.ENROLLMENT, "e", {"class_id": "c"}, {"class_id": "new"}),
    ]
    assert waiting(changes, (Kind.CLASS, "new")) == {(Kind.CLASS, "new"), SEAT}
    assert waiting(changes, SEAT) == {SEAT}


def test_removals_of_an_owner_and_of_its_own_go_together() -> None:
    assert waiting(leavers(), ANN) == {ANN, SEAT, BORN, CLASS}
    assert waiting(leavers(), SEAT) == {SEAT, ANN, CLASS, BORN}
    assert waiting(leavers(), (Kind.ENROLLMENT, "f")) == {(Kind.ENROLLMENT, "f")}


def test_what_others_still_have_to_leave_stays() -> None:
    changes = [
        remove(Kind.CLASS, "c", school_id="o"),
        update(Kind.ENROLLMENT, "e", {"class_id": "c"}, {"class_id": "d"}),
    ]
    assert waiting(changes, SEAT) == {SEAT, CLASS}
    assert waiting(changes, CLASS) == {CLASS}


def test_who_changes_schools_keeps_the_old_role_until_the_new_one_goes_in() -> None:
    old, new = role_id("ann", "student", "o"), role_id("ann", "student", "p")
    changes = [
        add(Kind.ROLE, new, user_id="ann", role="student", org_id="p"),
        remove(Kind.ROLE, old, user_id="ann", role="student", org_id="o"),
        remove(Kind.ROLE, "ann:teacher:o", user_id="ann", role="teacher", org_id="o"),
    ]
    old_at, new_at = role_moves(changes)
    assert (old_at.tolist(), new_at.tolist()) == ([1], [0])
    assert waiting(changes, (Kind.ROLE, new)) == {(Kind.ROLE, new), (Kind.ROLE, old)}
    assert waiting(changes, (Kind.ROLE, old)) == {(Kind.ROLE, old)}


def test_a_direct_cause_stays_what_it_is() -> None:
    changes = newcomers()
    found = waits.waiting(changes, {0: "first", 3: "second"})
    assert found == {0: "first", 1: "first", 2: "first", 3: "second", 4: "first", 5: "first"}


def test_a_student_who_moves_waits_for_the_new_school_only_there() -> None:
    """A whole move, as a plan makes it: out of one school's class, into a new school."""
    user: Values = {"given_name": "Ann", "primary_role": "student", "primary_org_id": "o"}
    before: Held = {
        Kind.ORG: {"o": {"name": "One", "type": "school"}},
        Kind.CLASS: {"c": {"title": "Art", "school_id": "o"}},
        Kind.USER: {"ann": user, "bob": dict(user)},
        Kind.ENROLLMENT: {"e": {"user_id": "ann", "class_id": "c"}},
    }
    after: Held = {
        Kind.ORG: before[Kind.ORG] | {"p": {"name": "Two", "type": "school"}},
        Kind.CLASS: before[Kind.CLASS] | {"d": {"title": "Art", "school_id": "p"}},
        Kind.USER: {"ann": user | {"primary_org_id": "p"}, "bob": user | {"email": "b"}},
        Kind.ENROLLMENT: {"f": {"user_id": "ann", "class_id": "d"}},
    }
    changes = list(plan(roster(after), directory(before)).changes)
    assert waiting(changes, (Kind.ORG, "p")) == {
        *((Kind.ORG, "p"), (Kind.CLASS, "d"), ANN, (Kind.ENROLLMENT, "f")),
    }
