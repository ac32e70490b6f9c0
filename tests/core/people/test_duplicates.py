"""The finder of likely duplicates: what it proposes, what it must not, and in which order."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.changes.made_rosters import Held, directory
from rollbook.demo.doubles import doubled, duplicate_students, twins
from rollbook.demo.founding import make_district
from rollbook.people.duplicates import (
    LARGEST_GROUP,
    SCORES,
    Pair,
    find_duplicates,
    folded_name,
)
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.roster.records import Values


def person(
    given: str, family: str = "Lee", role: str = "student", email: str | None = None
) -> Values:
    values: Values = {"given_name": given, "family_name": family, "primary_role": role}
    return values | ({"email": email} if email else {})


def found(
    people: dict[str, Values],
    births: dict[str, str] | None = None,
    *,
    enrollments: tuple[str, ...] = (),
    settled: tuple[tuple[str, str], ...] = (),
) -> list[Pair]:
    held: Held = {kind: {} for kind in Kind}
    held[Kind.USER] = people
    held[Kind.DEMOGRAPHICS] = {user: {"birth_date": born} for user, born in (births or {}).items()}
    held[Kind.ENROLLMENT] = {
        f"e{number}": {"user_id": user, "class_id": f"c{number}"}
        for number, user in enumerate(enrollments)
    }
    return find_duplicates(directory(held), set(settled))


BORN = "2016-05-04"


def test_same_name_and_birth_date() -> None:
    people = {"a": person("Ann"), "b": person("Ann"), "c": person("Bob")}
    [pair] = found(people, {"a": BORN, "b": BORN, "c": BORN})
    assert (pair.keep, pair.lose, pair.role) == ("a", "b", RoleGroup.STUDENT)
    assert pair.score == SCORES["name and birth date"]
    assert pair.evidence == "same name and birth date; 0 and 0 enrollments"


def test_same_name_and_address() -> None:
    people = {"a": person("Ann", email="ann@x.org"), "b": person("Ann", email="ANN@x.org")}
    [pair] = found(people)
    assert pair.score == SCORES["email and name"]


def test_both_is_surer_than_either_and_comes_first() -> None:
    people = {
        **{"a": person("Ann", email="a@x"), "b": person("Ann", email="a@x")},
        **{"c": person("Bob"), "d": person("Bob")},
        **{"e": person("Cy", email="c@x"), "f": person("Cy", email="c@x")},
    }
    pairs = found(people, dict.fromkeys("abcd", BORN))
    assert [(pair.keep, pair.lose) for pair in pairs] == [("a", "b"), ("c", "d"), ("e", "f")]
    assert pairs[0].score > pairs[1].score > pairs[2].score
    assert pairs[0].evidence.startswith("same name, birth date and email")


_PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(("Ann", "ann", "Bob")),
        st.sampled_from(("a@x.org", "A@x.org", None)),
        st.sampled_from((BORN, "2015-01-01", None)),
    ),
    max_size=7,
)


@given(_PEOPLE, st.randoms(use_true_random=False))
def test_whoever_comes_first_the_pairs_are_the_same(
    drawn: list[tuple[str, str | None, str | None]], chance: Random
) -> None:
    people = {f"p{at}": person(name, email=email) for at, (name, email, _) in enumerate(drawn)}
    births = {f"p{at}": born for at, (_, _, born) in enumerate(drawn) if born}
    shuffled = list(people.items())
    chance.shuffle(shuffled)
    assert found(dict(shuffled), births) == found(people, births)


@given(st.text(max_size=20))
def test_a_folded_name_is_folded(name: str) -> None:
    once, _ = folded_name(person(name))
    assert folded_name(person(once))[0] == once


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (("José", "Núñez"), ("Jose", "Nunez")),
        (("ANN", "LEE"), ("ann", "lee")),
        (("Mary-Jane", "O'Neil"), ("Mary Jane", "ONeil")),
        (("Anne", "Straße"), ("Anne", "Strasse")),
        (("\uff2a\uff4f\uff45", "Li"), ("Joe", "Li")),
    ],
)
def test_accents_capitals_and_marks_do_not_hide_a_double(
    one: tuple[str, str], two: tuple[str, str]
) -> None:
    pairs = found({"a": person(*one), "b": person(*two)}, {"a": BORN, "b": BORN})
    assert len(pairs) == 1


@pytest.mark.parametrize(
    ("people", "births"),
    [
        ({"a": person("Ann"), "b": person("Bea")}, {"a": BORN, "b": BORN}),
        ({"a": person("Ann"), "b": person("Ann")}, {"a": BORN, "b": "2016-05-05"}),
        (
            {"a": person("Ann", email="x@x"), "b": person("Ann", email="x@x")},
            {"a": BORN, "b": "2016-05-05"},
        ),
        ({"a": person("Ann", email="x@x"), "b": person("Bob", email="x@x")}, {}),
        (
            {"a": person("Ann", email="x@x"), "b": person("Ann", role="parent", email="x@x")},
            {},
        ),
        ({"a": person("Ann"), "b": person("Ann")}, {}),
        ({"a": person("Ann"), "b": person("Ann")}, {"a": BORN}),
        ({"a": person("", ""), "b": person("", "")}, {"a": BORN, "b": BORN}),
        ({"a": person("李"), "b": person("王")}, {"a": BORN, "b": BORN}),
    ],
    ids=[
        *("twins", "another birth date", "an address shared by two birth dates"),
        *("a shared address", "a parent of the same name", "only the name"),
        *("one birth date unknown", "no names", "other scripts"),
    ],
)
def test_who_is_not_proposed(people: dict[str, Values], births: dict[str, str]) -> None:
    assert found(people, births) == []


def test_who_has_more_classes_is_kept() -> None:
    people = {"a": person("Ann"), "b": person("Ann")}
    [pair] = found(people, {"a": BORN, "b": BORN}, enrollments=("b", "b", "a"))
    assert (pair.keep, pair.lose) == ("b", "a")
    assert pair.evidence.endswith("2 and 1 enrollments")


def test_settled_pairs_are_not_proposed_the_others_are() -> None:
    people = {user: person("Ann") for user in "abc"}
    pairs = found(people, dict.fromkeys("abc", BORN), settled=(("a", "c"),))
    assert {(pair.keep, pair.lose) for pair in pairs} == {("a", "b"), ("b", "c")}


@pytest.mark.parametrize(("many", "proposed"), [(LARGEST_GROUP, True), (LARGEST_GROUP + 1, False)])
def test_many_of_one_name_and_birth_date_are_test_data(many: int, proposed: bool) -> None:
    people = {f"u{number}": person("Test", "Student") for number in range(many)}
    assert bool(found(people, dict.fromkeys(people, BORN))) is proposed


def test_the_doubles_of_a_generated_district_are_found_and_its_traps_are_not() -> None:
    district = duplicate_students(make_district(7, "Elk Ridge", schools=2, students=120), 5)
    held: Held = {kind: {} for kind in Kind}
    for student in district.students:
        held[Kind.USER][student.id] = person(student.given, student.family, email=student.email)
        held[Kind.DEMOGRAPHICS][student.id] = {"birth_date": student.birth_date.isoformat()}
    for guardian in district.guardians:
        held[Kind.USER][guardian.id] = person(
            guardian.given, guardian.family, guardian.role, guardian.email
        )
    pairs = {frozenset((pair.keep, pair.lose)) for pair in find_duplicates(directory(held), ())}
    assert pairs == {frozenset(pair) for pair in doubled(district)}
    assert len(pairs) == 5
    assert twins(district)
