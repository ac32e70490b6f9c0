"""Which removed records are linked to the ones that take their places, and which never are."""

from pathlib import Path

import pytest

from core.holds.cases import compared
from core.small_sis import SmallSis, small_sis
from rollbook.changes.changeset import Changeset
from rollbook.changes.rekeyed import counterparts, linked, reappearing, taken_over
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind
from rollbook.sources.oneroster_csv import read


@pytest.fixture
def sis() -> SmallSis:
    return small_sis(schools=1, students=8)


def changeset(folder: Path, before: SmallSis, after: SmallSis) -> Changeset:
    return compared(lambda sis: read(sis.write(folder / "export")), before, after)


def people(folder: Path, before: SmallSis, after: SmallSis) -> dict[str, str]:
    links = counterparts(changeset(folder, before, after).changes)
    return {old: new for (kind, old), new in links.items() if kind is Kind.USER}


def test_name_and_birth_date_are_enough(tmp_path: Path, sis: SmallSis) -> None:
    after = sis.copy()
    after.rekey("s1-01", "x1")
    after.users["x1"] |= {"email": "", "identifier": "", "username": "u.x1"}
    assert people(tmp_path, sis, after) == {"s1-01": "x1"}


@pytest.mark.parametrize("field", ["email", "identifier"])
def test_name_and_address_or_number_are_enough(tmp_path: Path, sis: SmallSis, field: str) -> None:
    after = sis.copy()
    after.rekey("s1-01", "x1")
    del after.demographics["x1"]
    after.users["x1"] |= {"email": "", "identifier": ""} | {field: sis.users["s1-01"][field]}
    assert people(tmp_path, sis, after) == {"s1-01": "x1"}


def test_letters_and_blanks_do_not_tell_people_apart(tmp_path: Path, sis: SmallSis) -> None:
    sis.users["s1-01"]["givenName"] = "JOSÉ"
    after = sis.copy()
    after.rekey("s1-01", "x1")
    after.users["x1"] |= {"givenName": "José", "email": "", "identifier": ""}
    assert people(tmp_path, sis, after) == {"s1-01": "x1"}


def test_an_address_without_the_name_is_no_link_but_is_seen(tmp_path: Path, sis: SmallSis) -> None:
    """A father leaves and a mother comes, who have one address."""
    after = sis.copy()
    after.rekey("s1-01", "x1")
    after.users["x1"] |= {"givenName": "Other", "identifier": ""}
    found = changeset(tmp_path, sis, after)
    assert (Kind.USER, "s1-01") not in counterparts(found.changes)
    [position] = reappearing(found.changes, Kind.USER)
    assert found.changes[position].id == "s1-01"


def test_another_birth_date_is_another_person(tmp_path: Path, sis: SmallSis) -> None:
    after = sis.copy()
    after.rekey("s1-01", "x1")
    after.demographics["x1"] = {"birthDate": "2001-01-01"}
    assert people(tmp_path, sis, after) == {}


def test_who_fits_two_is_never_linked(tmp_path: Path, sis: SmallSis) -> None:
    after = sis.copy()
    after.rekey("s1-01", "x1")
    after.rekey("s1-02", "x2")
    after.users["x3"] = after.users["x1"] | {"username": "u.x3"}
    after.demographics["x3"] = dict(after.demographics["x1"])
    assert people(tmp_path, sis, after) == {"s1-02": "x2"}


def test_two_who_fit_one_are_never_linked(tmp_path: Path, sis: SmallSis) -> None:
    for field in ("givenName", "familyName"):
        sis.users["s1-02"][field] = sis.users["s1-01"][field]
    sis.demographics["s1-02"] = dict(sis.demographics["s1-01"])
    after = sis.copy()
    after.rekey("s1-01", "x1")
    after.drop_user("s1-02")
    assert people(tmp_path, sis, after) == {}


def test_two_keys_that_disagree_link_nobody(tmp_path: Path, sis: SmallSis) -> None:
    """One has the number, another one the birth date."""
    after = sis.copy()
    after.rekey("s1-01", "x1")
    after.users["x2"] = after.users["x1"] | {"identifier": "", "email": "", "username": "u.x2"}
    after.demographics["x2"] = after.demographics.pop("x1")
    assert people(tmp_path, sis, after) == {}


def test_a_student_who_comes_back_as_staff_is_not_linked(tmp_path: Path, sis: SmallSis) -> None:
    after = sis.copy()
    after.rekey("s1-01", "x1")
    after.users["x1"]["role"] = "teacher"
    assert people(tmp_path, sis, after) == {}


def test_everything_that_belongs_to_people_and_classes_follows(
    tmp_path: Path, sis: SmallSis
) -> None:
    after = sis.copy()
    after.rekey("s1-01", "x1")
    after.rekey("g-s1-01", "y1")
    after.rekey_class("c-s1-1", "c1")
    found = changeset(tmp_path, sis, after)
    links = counterparts(found.changes)
    assert links[Kind.CLASS, "c-s1-1"] == "c1"
    assert {kind for kind, _ in links} == set(Kind) - {
        Kind.ORG,
        Kind.ACADEMIC_SESSION,
        Kind.COURSE,
    }
    known = taken_over(linked(found, links).changes)
    lost = [c for p, c in enumerate(found.changes) if c.verb is Verb.REMOVE and p not in known]
    assert lost == []
    assert len(known) == len(found.changes)


def test_a_seat_that_is_not_given_again_is_lost(tmp_path: Path, sis: SmallSis) -> None:
    after = sis.copy()
    after.rekey("s1-01", "x1")
    gone = next(e for e, r in after.enrollments.items() if r["userSourcedId"] == "x1")
    del after.enrollments[gone]
    found = changeset(tmp_path, sis, after)
    known = taken_over(linked(found, counterparts(found.changes)).changes)
    lost = [c for p, c in enumerate(found.changes) if c.verb is Verb.REMOVE and p not in known]
    assert [(c.kind, f"new-{c.id}") for c in lost] == [(Kind.ENROLLMENT, gone)]


@pytest.mark.parametrize("field", ["title", "termSourcedIds", "schoolSourcedId"])
def test_another_class_is_not_linked(tmp_path: Path, field: str) -> None:
    before = small_sis(schools=2, students=4)
    after = before.copy()
    after.rekey_class("c-s1-1", "c1")
    after.classes["c1"][field] = {"title": "Art", "termSourcedIds": "fall"}.get(field, "s2")
    found = changeset(tmp_path, before, after)
    assert (Kind.CLASS, "c-s1-1") not in counterparts(found.changes)


def test_a_class_without_a_term_is_not_linked(tmp_path: Path, sis: SmallSis) -> None:
    """Last year's and this year's would look alike."""
    sis.classes["c-s1-1"]["termSourcedIds"] = ""
    after = sis.copy()
    after.rekey_class("c-s1-1", "c1")
    assert (Kind.CLASS, "c-s1-1") not in counterparts(changeset(tmp_path, sis, after).changes)


def test_a_class_of_a_course_with_a_new_id_is_linked(tmp_path: Path, sis: SmallSis) -> None:
    after = sis.copy()
    courses = after.tables["courses"]
    courses["k1"] = courses.pop("k-s1")
    for class_id in list(after.classes):
        after.classes[class_id]["courseSourcedId"] = "k1"
        after.rekey_class(class_id, f"new-{class_id}")
    links = counterparts(changeset(tmp_path, sis, after).changes)
    assert links[Kind.COURSE, "k-s1"] == "k1"
    assert links[Kind.CLASS, "c-s1-2"] == "new-c-s1-2"


def test_the_digest_of_the_linked_changeset_is_its_own(tmp_path: Path, sis: SmallSis) -> None:
    after = sis.copy()
    after.rekey("s1-01", "x1")
    found = changeset(tmp_path, sis, after)
    form = linked(found, counterparts(found.changes))
    assert form.digest != found.digest
    assert linked(found, {}).digest == found.digest
    assert not taken_over(found.changes)


def test_nothing_is_quadratic(tmp_path: Path, sis: SmallSis) -> None:
    """Everybody has one name, one address and one birth date: nobody is linked, and it ends."""
    before, after = small_sis(schools=1, students=90), small_sis(schools=1, students=90)
    for sides, prefix in ((before, ""), (after, "x-")):
        for user in list(sides.users):
            sides.users[user] |= {"givenName": "A", "familyName": "B", "email": "a@b.c"}
            sides.users[user]["identifier"] = "1"
            if user in sides.demographics:
                sides.demographics[user] = {"birthDate": "2015-01-01"}
            if prefix:
                sides.rekey(user, f"{prefix}{user}")
    found = changeset(tmp_path, before, after)
    assert not [kind for kind, _ in counterparts(found.changes) if kind is Kind.USER]
    assert len(reappearing(found.changes, Kind.USER)) == len(before.users)
