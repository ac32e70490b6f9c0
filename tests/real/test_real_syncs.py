"""The OneRoster sets that others made, synced: first run held, approved, and quiet afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rollbook.desk import auditing, decisions, districts, history, syncing
from rollbook.desk.desk import Desk, open_desk
from rollbook.desk.views import Kind, RunState

ROSTERS = Path(__file__).parents[2].parent / "shared" / "rosters"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    found = open_desk(tmp_path / "home", operator="lee")
    yield found
    found.close()


def add(desk: Desk, name: str) -> None:
    path = ROSTERS / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    districts.add_district(desk, "real", name="Real", path=path)


@pytest.mark.parametrize(
    ("name", "people", "enrollments"),
    [
        ("gospelnerd-oneroster-1p1-school-small", 79, 546),
        ("lepo-oneroster-1p1-csv-en", 20, 30),
        ("lepo-oneroster-1p1-csv-en/oneroster.zip", 20, 30),
        ("moodle-oneroster-csv-minimal/Test_minimal_data_set.zip", 6, 6),
    ],
)
def test_a_clean_set_goes_in_after_one_approval(
    desk: Desk, name: str, people: int, enrollments: int
) -> None:
    add(desk, name)
    first = syncing.sync(desk, "real")
    assert first.summary.state is RunState.HELD
    (hold,) = first.holds
    assert hold.rule == "R9"
    assert districts.district(desk, "real").counts[Kind.USER] == 0

    applied = decisions.approve(desk, hold.id, confirm=hold.count, reason="counts agreed")
    assert applied.summary.state is RunState.APPLIED
    counts = districts.district(desk, "real").counts
    assert (counts[Kind.USER], counts[Kind.ENROLLMENT]) == (people, enrollments)
    assert counts[Kind.ROLE] >= people

    again = syncing.sync(desk, "real")
    assert again.summary.state is RunState.NOOP
    assert again.summary.message.startswith("Nothing to do: ")


@pytest.mark.parametrize(
    ("name", "code", "file"),
    [
        ("nicelion-oneroster-1p1-csv", "header-only", "orgs.csv"),
        ("oat-oneroster-1p1-csv", "header-only", "academicSessions.csv"),
        ("o365-sds-v2", "no-manifest", "manifest.csv"),
        ("o365-sds-v2.1", "no-manifest", "manifest.csv"),
    ],
)
def test_a_broken_set_is_refused_and_its_defect_named(
    desk: Desk, name: str, code: str, file: str
) -> None:
    add(desk, name)
    refused = syncing.sync(desk, "real")
    assert refused.summary.state is RunState.INPUT_REFUSED
    (finding,) = [f for f in refused.findings if f.severity == "error"]
    assert (finding.code, finding.file) == (code, file)
    assert finding.remedy
    assert refused.summary.message.startswith(file)
    assert not any(districts.district(desk, "real").counts.values())
    assert auditing.verify(desk).ok


def test_another_districts_set_changes_nothing(desk: Desk) -> None:
    add(desk, "lepo-oneroster-1p1-csv-en")
    held = syncing.sync(desk, "real").holds[0]
    decisions.approve(desk, held.id, confirm=held.count, reason="counts agreed")
    before = districts.district(desk, "real").counts

    file = desk.home.district_file("real")
    moodle = ROSTERS / "moodle-oneroster-csv-minimal/Test_minimal_data_set.zip"
    lepo = str(ROSTERS / "lepo-oneroster-1p1-csv-en")
    file.write_text(file.read_text().replace(lepo, str(moodle)))
    other = syncing.sync(desk, "real")
    assert other.summary.state in (RunState.HELD, RunState.INPUT_REFUSED)
    assert districts.district(desk, "real").counts == before
    assert history.run(desk, other.summary.id).applied == {}
