"""What Clever's lists no longer have is asked for by its id."""

from __future__ import annotations

import pytest

from rollbook.errors import SourceUnreachable
from rollbook.roster.kinds import Kind
from rollbook.sources.clever_api import confirm_gone, gone_by_id
from rollbook.sources.http.client import open_client
from servers.breaks import Mode
from servers.clever_app import CleverDistrict

from .pulled import asked

EVERYBODY = ("student", "teacher", "staff", "district_admin", "contact")


def test_who_is_gone_and_who_is_not(north: CleverDistrict) -> None:
    with asked(north) as source:
        found = gone_by_id(
            source, {Kind.USER: ["s1-01", "nobody"], Kind.CLASS: ["c-s1-1"], Kind.ROLE: ["x"]}
        )
        assert found == {
            Kind.USER: {"s1-01": False, "nobody": True},
            Kind.CLASS: {"c-s1-1": False},
        }
        asked_for = len(north.breaks.seen)
        assert gone_by_id(source, {Kind.ENROLLMENT: ["x"]}) == {}
        assert len(north.breaks.seen) == asked_for


def test_whose_roles_are_no_longer_read_counts_as_gone(north: CleverDistrict) -> None:
    with asked(north, roles=("student", "teacher")) as source:
        found = gone_by_id(source, {Kind.USER: ["g-s1-01", "s1-01"]})
    assert found == {Kind.USER: {"g-s1-01": True, "s1-01": False}}


def test_no_answer_is_no_confirmation(north: CleverDistrict) -> None:
    north.breaks.plan(Mode.FORBIDDEN, "users")
    with (
        asked(north) as source,
        open_client(source.url, source.auth, source.http) as client,
        pytest.raises(SourceUnreachable),
    ):
        confirm_gone(client, Kind.USER, ["s1-01"], EVERYBODY)


def test_an_answer_that_says_no_role_confirms_nothing(north: CleverDistrict) -> None:
    del north.lists["users"][0]["roles"]
    own = north.lists["users"][0]["id"]
    with asked(north) as source, open_client(source.url, source.auth, source.http) as client:
        assert confirm_gone(client, Kind.USER, [own], EVERYBODY) == {own: False}
