"""Passwords are never read, and no finding or refusal tells a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from rollbook.errors import InputRefused
from rollbook.roster.kinds import Kind

from .small_set import SmallSet

CANARY = "canary-Q7"


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_a_password_is_nowhere(version: str, tmp_path: Path) -> None:
    small = SmallSet(version)
    for user in ("student-1", "student-2", "teacher-1"):
        small.set("users", user, "password", CANARY)
    small.add_column("users", "metadata.initialPassword", CANARY, CANARY)
    small.add_column("users", "ext_studentPwd", CANARY)
    small.set("users", "student-2", "enabledUser", "perhaps")
    roster = small.read(tmp_path)
    assert CANARY not in repr(roster)
    told = {f.field: f.code for f in roster.findings if f.code == "password-column"}
    assert told.keys() == {"metadata.initialPassword", "ext_studentPwd"}
    assert "metadata" not in roster.records[Kind.USER]["student-1"].values


@pytest.mark.parametrize(
    "header", ["enabledUser", "role", "orgSourcedIds", "status", "userIds", "agentSourcedIds"]
)
def test_what_slipped_into_a_cell_is_not_told(header: str, tmp_path: Path) -> None:
    small = SmallSet()
    small.set("users", "student-1", header, f"{CANARY}\u200b")
    findings = small.read(tmp_path).findings
    assert all(
        CANARY not in f.message + f.remedy for f in findings if f.code != "dangling-reference"
    )


def test_a_row_in_place_of_the_header_is_not_told(tmp_path: Path) -> None:
    small = SmallSet()
    small.overwrite("users", small.text("users").partition("\n")[2])
    with pytest.raises(InputRefused) as refused:
        small.read(tmp_path)
    for name in ("Ada", "Lind", "ada@example.org", "secret-1"):
        assert name not in str(refused.value)


def test_a_broken_encoding_takes_no_bytes_along(tmp_path: Path) -> None:
    small = SmallSet()
    small.raw["users"] = small.text("users").encode().replace(b"Ada", b"Ad\xe9")
    with pytest.raises(InputRefused) as refused:
        small.read(tmp_path)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
