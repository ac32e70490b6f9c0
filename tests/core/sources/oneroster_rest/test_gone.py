"""What a list no longer has is asked for by its id."""

from __future__ import annotations

from pathlib import Path

import pytest

from rollbook.errors import SourceUnreachable
from rollbook.roster.kinds import Kind
from rollbook.sources.http.client import open_client
from rollbook.sources.oneroster_rest import confirm_gone
from servers.breaks import Mode
from servers.oneroster_app import Served

from .pulled import HASTY, asked


def test_who_is_gone_and_who_is_not(north: Served) -> None:
    north.objects["users"][1]["status"] = "tobedeleted"
    ids = [one["sourcedId"] for one in north.objects["users"][:3]]
    strange = "a/b c?d"
    north.objects["users"][2]["sourcedId"] = strange
    with asked(north) as source, open_client(source.url, source.auth, source.http) as client:
        found = confirm_gone(client, Kind.USER, [*ids, strange])
        assert found == {ids[0]: False, ids[1]: True, ids[2]: True, strange: False}
        classes = confirm_gone(client, Kind.CLASS, ["c-s1-1", "c-s1-9"])
        assert classes == {"c-s1-1": False, "c-s1-9": True}


@pytest.mark.parametrize("mode", [Mode.FORBIDDEN, Mode.FAILS])
def test_no_answer_is_no_confirmation(north: Served, mode: Mode, tmp_path: Path) -> None:
    north.breaks.plan(mode, "users")
    with (
        asked(north, http=HASTY) as source,
        open_client(source.url, source.auth, source.http) as client,
        pytest.raises(SourceUnreachable),
    ):
        confirm_gone(client, Kind.USER, ["s1-01"])


def test_a_role_has_no_list(north: Served) -> None:
    with (
        asked(north) as source,
        open_client(source.url, source.auth, source.http) as client,
        pytest.raises(KeyError),
    ):
        confirm_gone(client, Kind.ROLE, ["x"])
