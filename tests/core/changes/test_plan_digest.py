"""The digest stands for what changes: the same everywhere, another for anything else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.small_sis import SmallSis, small_sis
from rollbook.changes.changeset import Changeset, digest_of
from rollbook.changes.plan import plan
from rollbook.directory.records import Directory
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind
from rollbook.sources.oneroster_csv import read

from .made_rosters import directory

ROOT = Path(__file__).parents[3]


def held_of(folder: Path) -> Directory:
    return directory({k: {i: r.values for i, r in read(folder).records[k].items()} for k in Kind})


def edited(sis: SmallSis) -> SmallSis:
    later = sis.copy()
    later.drop_students("s1", 3)
    later.add_student("s2", "new", classes=("c-s2-1",), agents="g-s2-01")
    later.move_student("s1-10", "s2", ("c-s2-1",))
    later.users["s2-01"]["email"] = "ünïcode@north.example.org"
    later.drop_class("c-s1-2")
    return later


@pytest.fixture
def sets(tmp_path: Path) -> tuple[Path, Path]:
    """Yesterday's and today's set."""
    sis = small_sis()
    return sis.write(tmp_path / "before"), edited(sis).write(tmp_path / "after")


def planned(sets: tuple[Path, Path]) -> Changeset:
    return plan(read(sets[1]), held_of(sets[0]))


def test_another_hash_seed_gives_the_same_digest(sets: tuple[Path, Path]) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from core.changes.test_plan_digest import planned\n"
        "print(planned((Path(sys.argv[1]), Path(sys.argv[2]))).digest)"
    )
    found = set()
    for seed in ("1", "2"):
        path = os.pathsep.join(str(ROOT / folder) for folder in ("tests", "core"))
        done = subprocess.run(
            [sys.executable, "-c", program, *map(str, sets)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        found.add(done.stdout.strip())
    assert found == {planned(sets).digest}


def test_the_order_of_rows_in_the_files_does_not_matter(
    sets: tuple[Path, Path], tmp_path: Path
) -> None:
    turned = edited(small_sis())
    turned.tables = {
        name: dict(reversed(rows.items())) for name, rows in reversed(turned.tables.items())
    }
    other = plan(read(turned.write(tmp_path / "turned")), held_of(sets[0]))
    assert other.digest == planned(sets).digest
    assert other.changes == planned(sets).changes


def test_both_versions_of_oneroster_give_the_same_changes(
    sets: tuple[Path, Path], tmp_path: Path
) -> None:
    newer = plan(read(edited(small_sis()).write(tmp_path / "newer", "1.2")), held_of(sets[0]))
    assert newer.changes == planned(sets).changes
    assert newer.digest == planned(sets).digest
    assert {change.verb for change in newer.changes} == set(Verb)


CHANGE = Change(Kind.USER, Verb.UPDATE, "ann", {"email": "a"}, {"email": "b"}, "s1", label="Ann")


@pytest.mark.parametrize(
    "other",
    [
        CHANGE._replace(id="bob"),
        CHANGE._replace(kind=Kind.ORG),
        CHANGE._replace(verb=Verb.ADD),
        CHANGE._replace(before={"email": "c"}),
        CHANGE._replace(before={}),
        CHANGE._replace(after={"email": "b", "phone": "1"}),
        CHANGE._replace(after={"email": ["b"]}),
        CHANGE._replace(merged_into="bob"),
    ],
)
def test_whatever_is_written_is_in_the_digest(other: Change) -> None:
    assert digest_of([other]) != digest_of([CHANGE])
    assert digest_of([CHANGE, other]) != digest_of([other, CHANGE])


@pytest.mark.parametrize(
    "other",
    [
        CHANGE._replace(label="Somebody"),
        CHANGE._replace(before_version=7),
        CHANGE._replace(school="s2"),
    ],
)
def test_what_is_only_shown_or_counted_is_not(other: Change) -> None:
    assert digest_of([other]) == digest_of([CHANGE])
