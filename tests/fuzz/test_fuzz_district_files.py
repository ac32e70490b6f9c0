"""District files as people write them: understood, or told what is wrong."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import tomli_w
from hypothesis import example, given
from hypothesis import strategies as st

from fuzz.budget import fuzzed, is_told
from fuzz.damage import Damaged, Edit, edits
from fuzz.scraps import some_text
from rollbook.config.district import District
from rollbook.config.home import Home, load_district, load_districts
from rollbook.errors import ConfigInvalid

_GOOD = {
    "id": "north",
    "name": "North",
    "timezone": "America/Chicago",
    "source": {"type": "oneroster-csv", "path": "/srv/drop", "version": "1.1"},
    "thresholds": {"removal_floor": 5, "removal_percent": 10.0},
    "approvals": {"approval_hours": 24},
    "expected": {"students": 300, "schools": {"s1": 100}},
}


def _loaded(content: bytes) -> District | None:
    """The district, or nothing where the file is said to be wrong."""
    with TemporaryDirectory() as place:
        home = Home(Path(place))
        home.create()
        path = home.district_file("north")
        path.write_bytes(content)
        found, errors = load_districts(home)
        try:
            district = load_district(path)
        except ConfigInvalid as error:
            is_told(error)
            told = str(error)
        else:
            assert found == [district]
            assert not errors
            return district
    assert str(path) in told
    assert not found
    assert [str(one) for one in errors] == [told]
    return None


@fuzzed(200)
@given(st.lists(edits, min_size=1, max_size=4))
def test_a_damaged_file_is_told(wounds: list[Edit]) -> None:
    damaged = Damaged(tomli_w.dumps(_GOOD).encode())
    for edit in wounds:
        damaged.do(edit)
    district = _loaded(bytes(damaged.content))
    assert district is None or district.id == "north"


_keys = st.sampled_from(
    [*_GOOD, "path", "version", "removal_percent", "students", "tobedeleted"]
) | st.text(max_size=6)
_values = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(-(1 << 70), 1 << 70),
        st.floats(),
        some_text,
        st.dates(),
        st.datetimes(),
        st.times(),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=4),
    max_leaves=8,
)


@fuzzed(200)
@given(st.dictionaries(_keys, _values, max_size=5), st.booleans())
def test_any_document_is_told(document: dict[str, object], beside: bool) -> None:
    whole = {**_GOOD, **document} if beside else document
    text = tomli_w.dumps(whole).encode("utf-8", "surrogatepass")
    district = _loaded(text)
    assert district is None or district.id == "north"


@fuzzed(50)
@given(st.sampled_from(["[", "{a=", "a.", "[[", '"""', "'''"]), st.integers(1, 6))
@example("[", 5)
@example("9", 5)
def test_a_file_that_goes_deep_is_told(scrap: str, size: int) -> None:
    assert _loaded(b"x = " + scrap.encode() * 10**size) is None
