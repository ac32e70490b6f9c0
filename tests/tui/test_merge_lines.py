"""Two people as lines, and what merging them would do as sentences."""

from __future__ import annotations

from dataclasses import replace

from rollbook.desk.views import MergeFieldView, MergePreview, PersonView, Values
from rollbook_tui.widgets.merge_lines import first_choice, merge_lines, survivors
from rollbook_tui.widgets.merge_outcome import and_words, outcome_lines, sentences


def person(record: str, values: Values) -> PersonView:
    return PersonView(
        district="oak",
        id=record,
        values=values,
        label="Lovelace, Ada",
        roles=({"role": "student"}, {"role": "student"}),
        enrollments=(),
        guardians=(("g1", "Byron, Anne", "guardian"),),
        demographics={"birth_date": "2015-12-10"},
        merged=(),
        removed=False,
        version=1,
        school_name="Oak Elementary",
    )


PREVIEW = MergePreview(
    district="oak",
    keep=person("s1", {"email": "ada@x.org", "given_name": "Ada", "primary_org_id": "o1"}),
    lose=person("s2", {"username": "ada2", "given_name": "Ada", "primary_org_id": "o2"}),
    fields=(
        MergeFieldView("primary_org_id", "o1", "o2", "o1", "keep"),
        MergeFieldView("username", "", "ada2", "ada2", "lose"),
        MergeFieldView("email", "ada@x.org", "", "ada@x.org", "keep"),
    ),
    enrollments_moved=3,
    enrollments_dropped=1,
    guardians_moved=1,
    roles_moved=0,
    warnings=("They are in different grades.",),
    token="t",
)


def test_who_they_are_then_the_choices_then_what_is_the_same() -> None:
    lines = merge_lines(PREVIEW, {})
    assert [line.name for line in lines] == [
        "name",
        "id",
        "school",
        "role",
        "birth date",
        "classes",
        "family",
        "username",
        "email",
        "given name",
    ]
    assert first_choice(lines) == 7
    assert [(x.keep, x.lose, x.source) for x in lines[7:9]] == [
        ("nothing", "ada2", "lose"),
        ("ada@x.org", "nothing", "keep"),
    ]
    assert (lines[3].keep, lines[5].lose, lines[6].keep) == ("student", "0 classes", "Byron, Anne")


def test_what_follows_the_survivor_is_no_choice() -> None:
    assert "primary org id" not in [line.name for line in merge_lines(PREVIEW, {})]


def test_a_choice_wins_over_what_is_suggested() -> None:
    line = next(x for x in merge_lines(PREVIEW, {"email": "lose"}) if x.name == "email")
    assert line.source == "lose"
    assert survivors(PREVIEW, {"email": "lose"})["email"] == "lose"
    assert survivors(PREVIEW, {})["username"] == "lose"


def test_it_is_said_what_moves_and_what_is_dropped() -> None:
    assert list(sentences(PREVIEW)) == [
        "3 enrollments and 1 family link move to the survivor.",
        "1 enrollment is dropped: the survivor is in the same class already.",
        "s2 stays known as another id of s1.",
    ]
    one = replace(PREVIEW, enrollments_moved=1, enrollments_dropped=0, guardians_moved=0)
    assert next(iter(sentences(one))) == "1 enrollment moves to the survivor."
    assert len(list(sentences(one))) == 2
    none = replace(one, enrollments_moved=0)
    assert next(iter(sentences(none))).startswith("Nothing moves")


def test_the_outcome_begins_with_the_value_in_question_and_the_warnings() -> None:
    line = merge_lines(PREVIEW, {})[7]
    said = [text.plain.rstrip() for text in outcome_lines(PREVIEW, line, 70)]
    assert said[0].split() == ["username", "●", "ada2"]
    assert said[2] == "! They are in different grades."
    said = [text.plain.rstrip() for text in outcome_lines(PREVIEW, None, 70)]
    assert said[0] == "! They are in different grades."


def test_words_are_joined_as_people_do() -> None:
    assert and_words(["a"]) == "a"
    assert and_words(["a", "b"]) == "a and b"
    assert and_words(["a", "b", "c"]) == "a, b and c"
