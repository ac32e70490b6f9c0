"""Templates: what they may say, and what becomes of people's names in them."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from core.accounts.policies import POLICY, Book, rules, student
from rollbook.accounts.folding import folded
from rollbook.accounts.naming import addresses_for, fits, usernames_for, with_number
from rollbook.accounts.person import Person
from rollbook.accounts.rendering import words_of
from rollbook.accounts.wanted import Unnamed, wanted
from rollbook.config.accounts import Accounts
from rollbook.config.problems import problems
from rollbook.roster.kinds import RoleGroup


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{gvien}", "character 2: there is no part 'gvien' here; use family, given"),
        ("{given", "character 1: this '{' has no '}'"),
        ("a}b", "character 2: a '}' without its '{'"),
        ("{given}{random}", "character 9: say how many digits"),
        ("{grad.3}", "character 6: after 'grad' comes 2 or 4"),
        ("{given.0}", "after 'given' comes a number from 1 to 20"),
        ("{given.x}", "after 'given' comes a number from 1 to 20"),
        ("{sis_username.2}", "after 'sis_username' comes nothing"),
        ("pupil", "'pupil' is the same for everybody"),
        ("{given} {family}", "use letters, digits, '.', '-' and '_' between the parts"),
        ("{username}", "there is no part 'username' here"),
    ],
)
def test_a_template_that_cannot_be_says_where_and_what_to_do(template: str, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Accounts.model_validate({"student": {"username": template}})
    told = problems(refused.value)
    assert told.startswith("student.username: ")
    assert said in told


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"email": "{username}"}, "has to end with '@' and a domain"),
        ({"email": "all@north.example.org"}, "is the same for everybody"),
        ({"left": {"suspend_after": "31-12"}}, "left.suspend_after"),
        ({"left": {"delete_after": "02-29"}}, "left.delete_after"),
        ({"ou": "/{given}"}, "there is no part 'given' here"),
        ({"length": 3}, "student.length"),
    ],
)
def test_other_settings_are_refused_by_key(setting: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Accounts.model_validate({"student": {"username": "{given}", **setting}})
    assert said in problems(refused.value)


@pytest.mark.parametrize(
    ("name", "hyphens", "spaces", "particles", "plain"),
    [
        ("José", "drop", "drop", "keep", "jose"),
        ("Jose\u0301", "drop", "drop", "keep", "jose"),
        ("Łukasz", "drop", "drop", "keep", "lukasz"),
        ("O’Brien", "drop", "drop", "keep", "obrien"),
        ("O'Brien", "keep", "hyphen", "keep", "obrien"),
        ("王小明", "drop", "drop", "keep", "wangxiaoming"),
        ("Ольга", "drop", "drop", "keep", "olga"),
        ("Ann-Marie", "drop", "drop", "keep", "annmarie"),
        ("Ann-Marie", "keep", "drop", "keep", "ann-marie"),
        ("Ann-Marie Lee", "first", "drop", "keep", "annlee"),
        ("Ann-Marie Lee", "drop", "hyphen", "keep", "annmarie-lee"),
        ("van der Berg", "drop", "drop", "keep", "vanderberg"),
        ("van der Berg", "drop", "drop", "drop", "berg"),
        ("De La Cruz", "drop", "first", "drop", "cruz"),
        ("Van", "drop", "drop", "drop", "van"),
        ("  -  ", "keep", "hyphen", "keep", ""),
        ("🙂", "drop", "drop", "keep", "slightsmile"),
    ],
)
def test_names_are_folded(name: str, hyphens: str, spaces: str, particles: str, plain: str) -> None:
    assert folded(name, hyphens, spaces, particles) == plain


def usernames(person: Person, **setting: Any) -> list[str]:
    found = rules({"student": {"username": "{given.1}{family}{grad.2}", **setting}})
    role = found.roles[RoleGroup.STUDENT]
    return usernames_for(person, role, words_of(person, role, found), found)


def test_a_username_is_cut_and_keeps_no_separator_at_its_end() -> None:
    ann = student("1", "Ann", "Featherstonehaugh-Smythe")
    assert usernames(ann) == ["afeatherstonehaughsm"]
    assert usernames(ann, username="{family}.{given}", length=17) == ["featherstonehaugh"]


def test_a_blank_name_falls_out_and_an_unknown_year_does_not() -> None:
    ann = student("1", "Ann", "")
    assert usernames(ann, username="{given}.{family}") == ["ann"]
    assert usernames(student("1", "", ""), username="{given}.{family}{grad}") == []
    assert usernames(student("1", "Ann", "Lee", grades=["UG"])) == []
    assert usernames(
        student("1", "Ann", "Lee", grades=[]), username=["{given}{grad}", "{given}{family}"]
    ) == ["annlee"]


def test_names_that_people_go_by_or_those_that_they_have() -> None:
    ann = student("1", "Ann", "Lee", preferred_given_name="Andy")
    assert usernames(ann, username="{given}") == ["andy"]
    assert usernames(ann, username="{given}", names="legal") == ["ann"]


def test_random_digits_are_a_persons_own_and_stay_the_same() -> None:
    ann, bo = student("1", "Ann", "Lee"), student("2", "Ann", "Lee")
    first = usernames(ann, username="{given.1}{random.6}")
    assert len(first) == len(set(first)) == 10
    assert all(name[0] == "a" and len(name) == 7 and name[1:].isdigit() for name in first)
    assert first == usernames(ann, username="{given.1}{random.6}")
    assert not set(first) & set(usernames(bo, username="{given.1}{random.6}"))


@pytest.mark.parametrize(
    ("current", "bases", "length", "kept"),
    [
        ("alee35", ["alee35"], 20, True),
        ("ALee35", ["alee35"], 20, True),
        ("alee352", ["alee35"], 20, True),
        ("alee3512", ["alee35"], 20, True),
        ("alee350", ["alee35"], 20, False),
        ("alee36", ["alee35"], 20, False),
        ("alee", ["alee35"], 20, False),
        ("alicelee", ["alee35", "alicelee"], 20, True),
        ("alicelee2", ["alee35", "alicelee"], 20, False),
        ("alee2@x.org", ["alee@x.org"], 64, True),
        ("alee@y.org", ["alee@x.org"], 64, False),
        ("abcdefg10", ["abcdefghi"], 9, True),
        ("alee", [], 20, False),
    ],
)
def test_what_fits_is_what_could_be_given(
    current: str, bases: list[str], length: int, kept: bool
) -> None:
    assert fits(current, bases, length, bases[0] if bases else None) is kept


def test_a_number_shortens_what_would_be_too_long() -> None:
    assert with_number("abcdefghi", 10, 9) == "abcdefg10"
    assert with_number("abc@x.org", 2, 64) == "abc2@x.org"


def test_an_address_goes_by_the_username_or_is_the_one_of_the_sis() -> None:
    found = rules()
    role = found.roles[RoleGroup.STUDENT]
    ann = student("1", "Ann", "Lee", email="Ann@Home.example.org")
    words = words_of(ann, role, found) | {"username": "alee35"}
    assert addresses_for(ann, role, words, found) == ["alee35@students.north.example.org"]
    found = rules({"student": {"username": "{given}", "email": "{sis_email}"}})
    role = found.roles[RoleGroup.STUDENT]
    assert addresses_for(ann, role, words, found) == ["Ann@Home.example.org"]


def test_places_leave_out_what_a_directory_takes_for_its_own() -> None:
    found = rules(POLICY)
    found.schools["s1"] = type(found.schools["s1"])("Lee/Park, East", "01")  # type: ignore[index]
    made = wanted(student("1", "Ann", "Lee"), None, "1", found, Book())
    assert made.ou == "/Students/Lee Park East/2035"
    assert made.groups == ("class-of-2035",)


def test_without_a_grade_a_new_account_is_put_as_far_as_is_known() -> None:
    policy = {"student": {**POLICY["student"], "username": "{given}"}}
    made = wanted(student("1", "Ann", "Lee", grades=[]), None, "1", rules(policy), Book())
    assert (made.username, made.ou, made.groups) == ("ann", "/Students/School 1", ())


def test_nobody_is_called_nothing() -> None:
    with pytest.raises(Unnamed, match="no-username"):
        wanted(student("1", "", ""), None, "1", rules(), Book())
