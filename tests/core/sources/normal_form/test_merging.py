"""What has changed is put into the set before, whatever the rows are like."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.sources.normal_form.test_normal_set import FAULT, begin, person
from rollbook.roster.kinds import Kind
from rollbook.sources.base import About, Base
from rollbook.sources.normal_form import NormalSet, merge, origins_of
from rollbook.sources.oneroster_csv import read
from rollbook.sources.oneroster_csv.quoting import CELL_LIMIT


def base_of(folder: Path, *users: str, **cells: str) -> Base:
    """A set that was kept, of some users with those cells."""
    with NormalSet(folder) as normal:
        begin(normal)
        for number, user in enumerate(users, 2):
            person(normal, user, number, **cells)
    return Base(folder, "snapshot-1", About("oneroster-rest"))


def test_a_row_that_cannot_be_read_keeps_its_fault(tmp_path: Path) -> None:
    base = base_of(tmp_path / "before", "u1", "u2", "u3")
    with NormalSet(tmp_path / "came") as came:
        came.open("users.csv", ["givenName", "metadata.shoe"])
        person_at = came.origin("GET /users, page 3")
        came.touch("users.csv", "u2")
        came.add_unreadable("users.csv", person_at, 7, FAULT, "u2")
    with NormalSet(tmp_path / "whole") as whole:
        assert merge(base, tmp_path / "came", came.touched, whole)
    roster = read(tmp_path / "whole")
    assert roster.protected[Kind.USER] == {"u2"}
    told = origins_of(tmp_path / "whole").told(roster.findings)
    [said] = [f for f in told if f.severity == "error"]
    assert (said.code, said.message, said.remedy) == (FAULT.code, FAULT.message, FAULT.remedy)
    assert (said.file, said.line, said.record_id) == ("GET /users, page 3", 7, "u2")


@pytest.mark.parametrize("name", ['The "one"', '"' + "x" * CELL_LIMIT, 'a,"",b', '""', ","])
def test_a_cell_may_be_like_anything(tmp_path: Path, name: str) -> None:
    base = base_of(tmp_path / "before", "u1", 'u"2', "u,3", givenName=name)
    with NormalSet(tmp_path / "came") as came:
        came.open("users.csv", ["givenName", "metadata.shoe"])
        came.open("roles.csv", [])
        for user in ('u"2', "u,3"):
            came.touch("users.csv", user)
            came.touch("roles.csv", user, "userSourcedId")
        person(came, 'u"2', 7, givenName="Other")
    with NormalSet(tmp_path / "whole") as whole:
        assert merge(base, tmp_path / "came", came.touched, whole)
    with NormalSet(tmp_path / "expected") as expected:
        begin(expected)
        person(expected, "u1", 2, givenName=name)
        person(expected, 'u"2', 7, givenName="Other")
    for file in ("users.csv", "roles.csv"):
        assert (tmp_path / "whole" / file).read_bytes() == (
            tmp_path / "expected" / file
        ).read_bytes()
