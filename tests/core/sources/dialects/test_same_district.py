"""One district in every dialect is the same directory, up to what a format cannot carry."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.small_sis import SmallSis, small_sis
from core.sources.dialects.exports import EXPORTS, write
from core.sources.dialects.translated import Translated, translated
from rollbook.roster.kinds import SHAPES, Kind, role_group
from rollbook.roster.records import Values
from rollbook.sources.oneroster_csv import read
from rollbook.sources.roster import Roster

Held = dict[object, Values]

NOT_CARRIED: dict[str, dict[Kind, set[str]]] = {
    # No district, no parents; one term a section, courses and terms without ids of their own;
    # a contact's name is one field, and nobody but students and teachers has a user name.
    "clever-csv": {
        Kind.ORG: {"parent_id"},
        Kind.COURSE: set(),
        Kind.CLASS: {"course_id", "term_ids"},
        Kind.USER: {"given_name", "family_name", "username"},
        Kind.ROLE: set(),
        Kind.ENROLLMENT: set(),
        Kind.GUARDIAN: set(),
        Kind.DEMOGRAPHICS: set(),
    },
    # No district; one term a section; guardians have files of their own. A teacher is the
    # primary one of no class.
    "sds-csv 1": {
        Kind.ORG: {"parent_id"},
        Kind.COURSE: set(),
        Kind.CLASS: {"term_ids"},
        Kind.USER: set(),
        Kind.ROLE: set(),
        Kind.ENROLLMENT: {"primary"},
        Kind.DEMOGRAPHICS: {"sex"},
    },
    # People, their orgs and their classes.
    "sds-csv 2": {
        Kind.ORG: {"identifier"},
        Kind.CLASS: {"course_id", "term_ids"},
        Kind.USER: {"identifier"},
        Kind.ROLE: set(),
        Kind.ENROLLMENT: {"primary"},
    },
    "sds-csv 2.1": {
        Kind.ORG: {"identifier"},
        Kind.ACADEMIC_SESSION: {"parent_id"},
        Kind.COURSE: set(),
        Kind.CLASS: set(),
        Kind.USER: {"identifier"},
        Kind.ROLE: set(),
        Kind.ENROLLMENT: {"primary"},
        Kind.GUARDIAN: set(),
        Kind.DEMOGRAPHICS: set(),
    },
    # Remind knows schools, people and classes.
    "remind-csv 1.0": {
        Kind.ORG: {"identifier", "parent_id"},
        Kind.CLASS: {"course_id", "term_ids"},
        Kind.USER: {"identifier", "username", "primary_role"},
        Kind.ROLE: {"role"},
        Kind.ENROLLMENT: set(),
        Kind.GUARDIAN: set(),
    },
    "remind-csv 2.0": {
        Kind.ORG: {"identifier", "parent_id"},
        Kind.CLASS: {"course_id", "term_ids"},
        Kind.USER: {"identifier", "username"},
        Kind.ROLE: set(),
        Kind.ENROLLMENT: {"primary"},
        Kind.GUARDIAN: set(),
    },
    "schoolstatus-csv": {
        Kind.ORG: {"name", "identifier", "parent_id"},
        Kind.CLASS: {"course_id", "term_ids"},
        Kind.USER: {"identifier", "username"},
        Kind.ROLE: set(),
        Kind.ENROLLMENT: {"primary"},
        Kind.GUARDIAN: set(),
    },
}
"""Kinds that a dialect carries, and the fields of theirs that it does not."""

DISTRICTS = {"sds-csv 2", "sds-csv 2.1"}
GUARDIANS = {dialect for dialect, kinds in NOT_CARRIED.items() if Kind.GUARDIAN in kinds}


def held(roster: Roster, kind: Kind, without: set[str], dialect: str) -> Held:
    """The records of a kind; those whose ids a dialect makes are known by what they refer to."""
    found: Held = {}
    for record_id, record in roster.records[kind].items():
        values: Values = {k: v for k, v in record.values.items() if k not in without}
        if kind is Kind.ORG and dialect not in DISTRICTS and values["type"] == "district":
            continue
        group = _group(roster, kind, record_id)
        if group == "guardian" and dialect not in GUARDIANS:
            continue
        key: object = record_id
        if kind is Kind.ENROLLMENT:
            key = tuple(values[name] for name in ("class_id", "user_id", "role"))
        elif kind is Kind.ROLE:
            key = (values["user_id"], values["org_id"])
        elif kind is Kind.COURSE and dialect == "clever-csv":
            key = (values["org_id"], values["title"])
        assert key not in found
        found[key] = values
    return found


def _group(roster: Roster, kind: Kind, record_id: str) -> str:
    user = record_id
    if kind is Kind.ROLE:
        user = str(roster.records[kind][record_id].values["user_id"])
    elif kind is not Kind.USER:
        return ""
    return role_group(str(roster.records[Kind.USER][user].values["primary_role"]))


@pytest.fixture(scope="module", params=NOT_CARRIED)
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def sis() -> SmallSis:
    return small_sis(2, 6, classes=2)


@pytest.fixture(scope="module")
def found(dialect: str, sis: SmallSis, tmp_path_factory: pytest.TempPathFactory) -> Translated:
    place = tmp_path_factory.mktemp("dialect")
    return translated(dialect, write(EXPORTS[dialect](sis), place / "drop"), place)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_field_by_field(
    dialect: str, sis: SmallSis, found: Translated, kind: Kind, tmp_path: Path
) -> None:
    carried = NOT_CARRIED[dialect]
    if kind not in carried:
        assert kind not in found.roster.complete or kind is Kind.ACADEMIC_SESSION
        return
    truth = read(sis.write(tmp_path / "truth", "1.2"))
    without = carried[kind] - {"type"}
    expected = held(truth, kind, without, dialect)
    assert held(found.roster, kind, without, dialect) == expected
    assert expected
    assert kind in found.roster.complete
    assert without <= set(SHAPES[kind].fields)


def test_nothing_is_set_aside(found: Translated) -> None:
    assert [f for f in found.findings if f.severity == "error"] == []
    assert {file.rejected for file in found.roster.files} == {0}


def test_no_password_comes_in(found: Translated) -> None:
    for file in [*found.staged.folder.iterdir(), *found.staged.folder.parent.rglob("*origins/*")]:
        assert b"hunter2" not in file.read_bytes()


def test_the_order_of_the_rows_does_not_matter(
    dialect: str, sis: SmallSis, found: Translated, tmp_path: Path
) -> None:
    backwards = {name: rows[::-1] for name, rows in EXPORTS[dialect](sis).items()}
    again = translated(dialect, write(backwards, tmp_path / "drop"), tmp_path)
    assert again.roster.records == found.roster.records


def test_names_are_not_in_ids(found: Translated) -> None:
    for kind in Kind:
        assert not [i for i in found.roster.records[kind] if "Given" in i or "Family" in i]


@pytest.mark.parametrize("end", ["\n", "\r"])
def test_other_line_ends_say_the_same(
    dialect: str, sis: SmallSis, found: Translated, end: str, tmp_path: Path
) -> None:
    drop = write(EXPORTS[dialect](sis), tmp_path / "drop", end=end)
    assert translated(dialect, drop, tmp_path).roster.records == found.roster.records


def test_a_zip_says_the_same(
    dialect: str, sis: SmallSis, found: Translated, tmp_path: Path
) -> None:
    drop = write(EXPORTS[dialect](sis), tmp_path / "drop")
    archive = Path(shutil.make_archive(str(tmp_path / "drop"), "zip", drop))
    assert translated(dialect, archive, tmp_path).roster.records == found.roster.records
