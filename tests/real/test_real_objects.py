"""JSON that other people's servers answer, as rows of the normal set."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.sources.oneroster_rest.pulled import TOKEN, Pulled, asked, everything, pulled, taken
from rollbook.roster.kinds import Kind
from rollbook.sources import location
from rollbook.sources.clever_api.events import Action, event_of
from rollbook.sources.http.client import Answer
from rollbook.sources.normal_form import NormalSet
from rollbook.sources.oneroster_csv import read
from rollbook.sources.oneroster_rest.endpoints import ENDPOINTS
from rollbook.sources.oneroster_rest.writing import Writing
from servers.oneroster_app import served
from servers.oneroster_objects import Version
from servers.roster_tables import tables_of

ROSTERS = Path(__file__).parents[2].parent / "shared" / "rosters"


def document(name: str) -> Any:
    path = ROSTERS / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    return json.loads(path.read_text("utf-8"))


def written(name: str, folder: Path, *, file: dict[str, str] | None = None) -> Pulled:
    with NormalSet(folder) as normal:
        for endpoint in ENDPOINTS:
            path = f"{name}/{(file or {}).get(endpoint.name, endpoint.name)}.json"
            if (ROSTERS / name).exists() and not (ROSTERS / path).exists():
                continue
            writing = Writing(normal, endpoint, ())
            for number, one in enumerate(document(path)[endpoint.name], start=1):
                writing.add(one, normal.origin(f"GET /{endpoint.name}"), number)
    return taken(normal)


def test_libre(tmp_path: Path) -> None:
    """``enabledUser`` is 1 and 0, addresses are relative, and there is a password."""
    found = written("libre-oneroster-1p1-json", tmp_path / "set")
    users = found.records[Kind.USER]
    assert (users["001"]["enabled"], users["002"]["enabled"]) == (True, False)
    assert users["002"]["user_ids"] == ["facebook:test02@facebook.com", "google:test02@gmail.com"]
    assert list(found.records[Kind.GUARDIAN].values()) == [
        {"student_id": "001", "guardian_id": "002"}
    ]
    assert b"notReal" not in (tmp_path / "set" / "users.csv").read_bytes()


def test_fint(tmp_path: Path) -> None:
    """A provider that calls itself 1.2 and gives users one role and orgs."""
    names = {
        **{"orgs": "org", "academicSessions": "academicSession", "courses": "course"},
        **{"classes": "class", "users": "user", "enrollments": "enrollment"},
    }
    found = written("fint-oneroster-json", tmp_path / "set", file=names)
    users = found.records[Kind.USER]
    assert sorted(str(user["primary_role"]) for user in users.values()) == ["student", "teacher"]
    assert {user["primary_org_id"] for user in users.values()} == {"11004"}
    assert len(found.records[Kind.ENROLLMENT]) == 2
    assert len(found.records[Kind.CLASS]) == 3


def test_clevers_own_events() -> None:
    page = document("clever-events-v2/events.json")
    answer = Answer(page, {}, "GET /events", "https://api.clever.com/v3.1/events")
    events = [event_of(item["data"], answer) for item in page["data"]]
    assert {event.record_type for event in events} <= {
        "students",
        "teachers",
        "sections",
        "schools",
    }
    assert {event.action for event in events} == set(Action)
    updated = next(event for event in events if event.action is Action.UPDATED)
    assert updated.record_id == "58c81dcea3627927150003ed"
    assert updated.previous["grade"] == "Kindergarten"


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize(
    ("name", "metadata"),
    [
        ("gospelnerd-oneroster-1p1-school-small", ()),
        ("lepo-oneroster-1p1-csv-en", ("phoneticGivenName", "phoneticFamilyName")),
    ],
)
def test_sets_of_others_are_the_same_by_a_service(
    name: str,
    metadata: tuple[str, ...],
    version: Version,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not (ROSTERS / name).exists():
        pytest.skip(f"{ROSTERS / name} is not here")
    monkeypatch.setenv("ROLLBOOK_TEST_TOKEN", TOKEN)
    location.fetch(ROSTERS / name, tmp_path / "files")
    district = served(tables_of(tmp_path / "files"), version)
    with asked(district, metadata=metadata) as source:
        found = pulled(source, tmp_path / "pulled")
    assert found.records == everything(read(tmp_path / "files"))
