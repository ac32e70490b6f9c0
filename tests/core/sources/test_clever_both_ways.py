"""A district that uploads files to Clever is, by Clever's API, the one that these files say."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.small_sis import small_sis
from core.sources.clever_api.pulled import asked, pulled
from core.sources.dialects.exports import EXPORTS, write
from core.sources.dialects.translated import translated
from core.sources.oneroster_rest.pulled import Everything, everything
from rollbook.roster.kinds import SHAPES, Kind
from rollbook.roster.records import Values
from servers.clever_app import TOKEN, clever_district
from servers.served_sis import tables

DIFFERS: dict[Kind, frozenset[str]] = {
    # Files name no district.
    Kind.ORG: frozenset({"parent_id"}),
    # In files courses and terms are known by what sections say of them, and belong to schools.
    Kind.CLASS: frozenset({"course_id", "term_ids"}),
    # The ids of the SIS are the files' own ids. A contact has no school in the API.
    Kind.USER: frozenset({"user_ids", "primary_org_id"}),
    Kind.ROLE: frozenset({"org_id"}),
    Kind.ENROLLMENT: frozenset(),
    Kind.GUARDIAN: frozenset(),
    Kind.DEMOGRAPHICS: frozenset(),
}
"""Of each kind whose ids are the same both ways, the fields that are not, and why."""


def alike(records: Everything, kind: Kind) -> dict[str, Values]:
    """The records of a kind by what they have in common both ways."""
    found: dict[str, Values] = {}
    for record_id, values in records[kind].items():
        if values.get("type") == "district":
            continue
        key = str(values["user_id"]) if kind is Kind.ROLE else record_id
        found[key] = {name: v for name, v in values.items() if name not in DIFFERS[kind]}
    return found


def test_the_same_people_and_classes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLBOOK_TEST_TOKEN", TOKEN)
    sis = small_sis(2, 6, classes=2)
    drop = write(EXPORTS["clever-csv"](sis), tmp_path / "drop")
    by_files = everything(translated("clever-csv", drop, tmp_path).roster)
    with asked(clever_district(tables(sis, tmp_path / "set"))) as source:
        by_api = pulled(source, tmp_path / "pulled").records
    for kind, fields in DIFFERS.items():
        assert fields <= SHAPES[kind].fields.keys()
        assert alike(by_api, kind) == alike(by_files, kind)
        assert by_files[kind]
    students = [i for i, user in by_files[Kind.USER].items() if user["primary_role"] == "student"]
    for student in students:
        places = [by[Kind.USER][student]["primary_org_id"] for by in (by_files, by_api)]
        assert places[0] == places[1]
