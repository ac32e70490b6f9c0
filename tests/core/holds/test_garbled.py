"""R5: a name that comes back in a wrong encoding is held, however few there are."""

import pytest

from core.small_sis import small_sis
from rollbook.holds.garbled import is_spoilt
from rollbook.roster.kinds import Kind

from .cases import Reader, compared, raised


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("Muñoz", "MuÃ±oz"),
        ("Zoë", "Zo\N{REPLACEMENT CHARACTER}"),
        ("Zoë", "Zo?"),
        ("José", "Jos"),
        ("Żak", "Å»ak"),
        ("Inà", "InÃ"),
        ("Нова", "????"),
    ],
)
def test_letters_that_an_encoding_spoilt(was: str, now: str) -> None:
    assert is_spoilt(was, now)
    assert not is_spoilt(now, was), "who mends a name is not held"


@pytest.mark.parametrize(
    ("was", "now"), [("Muñoz", "Munoz"), ("Muñoz", "Peña"), ("Cole", "Côle"), ("Muñoz", "")]
)
def test_another_name_is_nothing(was: str, now: str) -> None:
    assert not is_spoilt(was, now)


def test_one_garbled_name_is_held_and_the_rest_goes(reading: Reader) -> None:
    before, after = small_sis(), small_sis()
    one, two = before.students()[:2]
    before.users[one]["familyName"], after.users[one]["familyName"] = "Muñoz", "MuÃ±oz"
    after.users[two]["familyName"] = "Peña"
    [hold] = raised(compared(reading, before, after))
    assert (hold.rule, hold.kind, hold.count, hold.whole_run) == ("R5", Kind.USER, 1, False)
    assert one in hold.why
    assert "Mu" not in hold.why
