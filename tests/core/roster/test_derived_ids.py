"""Ids that a source does not give are made so that different parts never meet in one id."""

from hypothesis import example, given
from hypothesis import strategies as st

from rollbook.roster.records import derived_id, derived_parts, guardian_id, role_id

parts = st.lists(st.text(alphabet=st.sampled_from("ab:%3A25"), max_size=6), min_size=1, max_size=4)


@given(parts, parts)
@example(["a:b", "c"], ["a", "b:c"])
@example(["a%3Ab"], ["a:b"])
@example(["%"], ["%25"])
@example(["", ""], [""])
def test_different_parts_give_different_ids(one: list[str], two: list[str]) -> None:
    assert (derived_id(*one) == derived_id(*two)) == (one == two)


@given(st.lists(st.text(), min_size=1, max_size=3), st.lists(st.text(), min_size=1, max_size=3))
def test_any_text_may_be_a_part(one: list[str], two: list[str]) -> None:
    assert (derived_id(*one) == derived_id(*two)) == (one == two)


@given(st.lists(st.text(alphabet=st.sampled_from("ab:%3A25"), max_size=6), min_size=1))
def test_an_id_tells_its_parts(one: list[str]) -> None:
    assert derived_parts(derived_id(*one)) == one


def test_plain_parts_stay_readable() -> None:
    assert role_id("u1", "teacher", "s1") == "u1:teacher:s1"
    assert guardian_id("child", "parent") == "child:parent"
    assert guardian_id("child", "parent") != guardian_id("parent", "child")
