"""What a mapping may say does what it says; what makes no sense is told by file and key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.small_sis import Row
from core.sources.dialects.exports import write
from core.sources.dialects.translated import Translated, translated
from rollbook.errors import ConfigInvalid, InputRefused, SourceUnreachable
from rollbook.roster.kinds import Kind
from rollbook.sources.mapped_csv import load_mapping, lookups
from rollbook.sources.mapped_csv.cell_spec import Cell
from rollbook.sources.mapped_csv.formats import dates, numbers, school_years

SCHOOL = {"School": "s1", "Name": "North"}
ORGS = """
name = "Ours"
[[records]]
to = "orgs.csv"
file = "schools.csv"
[records.columns]
sourcedId = "School"
name = "Name"
type = { value = "school" }
"""
FACTS = """
name = "Ours"
[[records]]
to = "attendance.csv"
file = "absences.csv"
[records.columns]
studentSourcedId = "ID"
schoolYear = { value = "2026" }
%s
"""
PEOPLE = """
[[people]]
file = "people.csv"
%s
role = { value = "student" }
orgs = %s
[people.columns]
sourcedId = "ID"
enabledUser = { value = "true" }
username = "ID"
givenName = %s
familyName = "ID"
"""


def read(tmp_path: Path, mapping: str, **files: list[Row]) -> Translated:
    path = tmp_path / "mapping.toml"
    path.write_text(mapping, encoding="utf-8")
    tables = {f"{name}.csv": rows for name, rows in {"schools": [SCHOOL], **files}.items()}
    drop = write(tables, tmp_path / "drop")
    return translated("mapped-csv", drop, tmp_path, mapping=path)


def person(**cells: str) -> Row:
    return {"ID": "u1", "A": "", "B": "", "School": "s1"} | cells


def made(tmp_path: Path, cell: str, *, also: str = "", **cells: str) -> object:
    """What becomes of a given name that is made like this."""
    mapping = ORGS + PEOPLE % (also, '"School"', cell)
    found = read(tmp_path, mapping, people=[person(**cells), person(ID="u2")])
    return found.roster.records[Kind.USER]["u1"].values.get("given_name")


@pytest.mark.parametrize(
    ("cell", "cells", "wanted"),
    [
        ('"A"', {"A": " x "}, "x"),
        ('{ value = "v" }', {}, "v"),
        ('{ text = "{A}, {B}" }', {"A": "x", "B": "y"}, "x, y"),
        ('{ text = "{A} {B}" }', {"A": "x"}, "x"),
        ('{ derived = ["A", "B"] }', {"A": "x:1", "B": "y"}, "x%3A1:y"),
        ('{ derived = ["A", "B"] }', {}, None),
        ('{ first_of = ["A", "B"] }', {"B": "y"}, "y"),
        ('{ first_of = [{ column = "No", optional = true }, "B"] }', {"B": "y"}, "y"),
        ('{ column = "A", needs = ["B"] }', {"A": "x"}, None),
        ('{ column = "A", when = { B = ["yes"] } }', {"A": "x", "B": "YES"}, "x"),
        ('{ column = "A", when = { B = ["yes"] } }', {"A": "x", "B": "no"}, None),
        ('{ column = "A", unless = { B = ["no"] } }', {"A": "x", "B": "No"}, None),
        ('{ column = "A", unless = { No = ["no"] }, optional = true }', {"A": "x"}, "x"),
        ('{ column = "A", map = { Q = "z" } }', {"A": "q"}, "z"),
        ('{ column = "A", map = { Q = "z" } }', {"A": "r"}, "r"),
        ('{ column = "A", map = { Q = "z" }, otherwise = "o" }', {"A": "r"}, "o"),
        ('{ column = "A", map = { Q = "z" }, otherwise = "o" }', {}, None),
        ('{ column = "A", map = "m" }', {"A": "q"}, "by name"),
        ('{ same_as = "c" }', {"A": "x"}, "c-x"),
        ('{ column = "A", prefix = "p-" }', {}, None),
        ('{ column = "A", date = ["D.M.YY"] }', {"A": "1.9.26"}, "2026-09-01"),
        ('{ column = "A", split = ";", map = { q = "z" } }', {"A": "q; r;;q"}, "z,r"),
        ('{ column = "A", contains = "r" }', {"A": "q, R"}, "true"),
        ('{ column = "A", contains = "s", split = ";" }', {"A": "q;r"}, "false"),
        ('{ column = "A", contains = "s" }', {}, None),
        (
            '{ column = "A", lookup = { file = "schools.csv", by = "School", column = "Name" } }',
            {"A": "s1"},
            "North",
        ),
        (
            '{ column = "A", lookup = { file = "schools.csv", by = "School", column = "Name" } }',
            {"A": "s9"},
            None,
        ),
    ],
)
def test_a_cell(tmp_path: Path, cell: str, cells: Row, wanted: str | None) -> None:
    named = '[maps.m]\nq = "by name"\n[cells.c]\ncolumn = "A"\nprefix = "c-"\n'
    mapping = ORGS + named + PEOPLE % ("", '"School"', cell)
    found = read(tmp_path, mapping, people=[person(**cells), person(ID="u2")])
    assert found.roster.records[Kind.USER]["u1"].values.get("given_name") == wanted


def test_a_disk_that_is_full_while_values_are_looked_up_is_told_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = (*lookups._TABLES, "PRAGMA max_page_count = 3")
    monkeypatch.setattr(lookups, "_TABLES", full)
    cell = '{ column = "A", lookup = { file = "schools.csv", by = "School", column = "Name" } }'
    mapping = ORGS + PEOPLE % ("", '"School"', cell)
    schools = [SCHOOL, *({"School": f"n{one}", "Name": "x" * 100} for one in range(200))]
    with pytest.raises(SourceUnreachable, match="disk is full"):
        read(tmp_path, mapping, people=[person(A="s1")], schools=schools)


def test_a_hashed_id_tells_nothing_and_is_the_same_for_the_same(tmp_path: Path) -> None:
    cell = '{ hashed = ["A", "B"], prefix = "h-" }'
    first = made(tmp_path, cell, A="Ana  Lima", B="x")
    assert first == made(tmp_path, cell, A="ana lima", B="X")
    assert first != made(tmp_path, cell, A="ana lima x", B="")
    assert str(first).startswith("h-")
    assert len(str(first)) == 34


@pytest.mark.parametrize(
    ("also", "kept"),
    [
        ("", {"u1", "u2", "u3"}),
        ('needs = ["A"]', {"u1", "u2"}),
        ('when = { A = ["x"] }', {"u1"}),
        ('unless = { A = ["X"] }', {"u2", "u3"}),
    ],
)
def test_rows_that_are_taken(tmp_path: Path, also: str, kept: set[str]) -> None:
    rows = [person(ID="u1", A="x"), person(ID="u2", A="y"), person(ID="u3")]
    found = read(tmp_path, ORGS + PEOPLE % (also, '"School"', '"A"'), people=rows)
    assert found.roster.records[Kind.USER].keys() == kept


def test_a_person_at_several_orgs_has_a_role_at_each(tmp_path: Path) -> None:
    orgs = '{ column = "School", split = ";" }'
    schools = [SCHOOL, {"School": "s2", "Name": "South"}]
    found = read(
        tmp_path,
        ORGS + PEOPLE % ("", orgs, '"A"'),
        schools=schools,
        people=[person(School="s2;s1")],
    )
    roles = {
        r.values["org_id"]: r.values["role_type"] for r in found.roster.records[Kind.ROLE].values()
    }
    assert roles == {"s2": "primary", "s1": "secondary"}


def test_a_row_for_each_part(tmp_path: Path) -> None:
    more = """
[[records]]
to = "classes.csv"
file = "people.csv"
each = ["A"]
split = ";"
distinct = true
[records.columns]
sourcedId = "@each"
title = "@each"
classType = { value = "scheduled" }
schoolSourcedId = "School"
"""
    rows = [person(A="c1;c2"), person(ID="u2", A="c2; c3;")]
    found = read(tmp_path, ORGS + PEOPLE % ("", '"School"', '"A"') + more, people=rows)
    assert found.roster.records[Kind.CLASS].keys() == {"c1", "c2", "c3"}
    assert not [f for f in found.findings if "duplicate" in f.code]


def test_blanks_of_one_row_are_filled_from_another(tmp_path: Path) -> None:
    rows = [person(A=""), person(A="x"), person(A="x", School="s1")]
    found = read(tmp_path, ORGS + PEOPLE % ("", '"School"', '"A"'), people=rows)
    assert found.roster.records[Kind.USER]["u1"].values["given_name"] == "x"
    assert len(found.roster.records[Kind.ROLE]) == 1


def test_an_id_that_stands_on_every_row_is_nobodys(tmp_path: Path) -> None:
    rows = [person(ID="0", A=f"x{number}") for number in range(3_000)]
    found = read(tmp_path, ORGS + PEOPLE % ("", '"School"', '"A"'), people=rows)
    assert not found.roster.records[Kind.USER]
    assert found.roster.protected[Kind.USER] == {"0"}


def test_a_person_without_an_org_is_set_aside(tmp_path: Path) -> None:
    rows = [person(School=""), person(ID="u2")]
    found = read(tmp_path, ORGS + PEOPLE % ("", '"School"', '"A"'), people=rows)
    assert found.places("blank-required") == [("people.csv", 2, "orgSourcedId")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = 1", "name: "),
        ("nam", "not TOML"),
        (ORGS + '[[people]]\nfile = "x"\n', "people.0.columns"),
        (ORGS.replace("orgs.csv", "grades.csv"), "grades.csv is neither a file of a roster"),
        (FACTS % "", "attendance.csv needs type"),
        (FACTS % 'Type = "T"', "attendance.csv has no column Type"),
        (ORGS.replace('name = "Name"', 'password = "Name"'), "no column password"),
        (ORGS + "[maps]\n" + PEOPLE % ("", '"S"', '{ column = "A", map = "m" }'), "maps.m"),
        (ORGS + PEOPLE % ("", '"S"', '{ column = "A", value = "b" }'), "say one of column"),
        (ORGS + PEOPLE % ("", '"S"', '{ column = "A", date = ["YYYY"] }'), "form of a date"),
        (ORGS + PEOPLE % ("", '"S"', '{ same_as = "c" }'), "same_as"),
        (ORGS + PEOPLE % ("", '"S"', '{ text = "{User password}" }'), "may hold passwords"),
    ],
)
def test_what_makes_no_sense_is_told(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigInvalid, match=said) as told:
        load_mapping(path)
    assert str(path) in told.value.message
    assert told.value.remedy


def test_a_mapping_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid, match=r"none\.toml"):
        load_mapping(tmp_path / "none.toml")


def test_a_column_of_the_mapping_that_the_file_lacks_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as refused:
        read(tmp_path, ORGS.replace('"Name"', '"Title"'))
    assert (refused.value.file, refused.value.field) == ("schools.csv", "Title")


@pytest.mark.parametrize(
    ("form", "text", "wanted"),
    [
        ("YYYY-MM-DD", "2016-05-04", "2016-05-04"),
        ("M/D/YYYY", "5/4/2016", "2016-05-04"),
        ("M/D/YYYY", "05/04/2016 0:00", "2016-05-04"),
        ("MM/DD/YYYY", "5/4/2016", "5/4/2016"),
        ("DD.MM.YY", "04.05.16", "2016-05-04"),
        ("YYYYMMDD", "20160504", "2016-05-04"),
        ("M/D/YYYY", "5/4/2016 x", "5/4/2016 x"),
        ("M/D/YYYY", "\u0665/4/2016", "\u0665/4/2016"),
    ],
)
def test_dates(form: str, text: str, wanted: str) -> None:
    assert dates([form])(text) == wanted


@pytest.mark.parametrize(
    ("sign", "text", "wanted"),
    [
        (".", "1001.0", "1001"),
        (".", "1,234.50", "1234.5"),
        (",", "1.234,50", "1234.5"),
        (".", "1,23", "1,23"),
        (".", "007", "007"),
        (".", "-3.0", "-3"),
        (".", "x", "x"),
    ],
)
def test_numbers(sign: str, text: str, wanted: str) -> None:
    assert numbers(sign)(text) == wanted


def test_the_school_year_of_a_date() -> None:
    year: Any = school_years(8)
    assert [year(d) for d in ("2025-08-01", "2026-07-31", "x")] == ["2026", "2026", "x"]


def test_a_cell_is_made_of_one_thing() -> None:
    with pytest.raises(ValueError, match="say one"):
        Cell()
