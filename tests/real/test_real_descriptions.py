"""What our servers answer is what the published descriptions of the services say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from jsonschema import Draft202012Validator

from core.small_sis import SmallSis, small_sis
from core.sources.small_set import SmallSet
from servers.clever_app import TOKEN, clever_app, clever_district
from servers.keys import bearer
from servers.oneroster_app import BASES, oneroster_app, served
from servers.oneroster_objects import COLLECTIONS, Version
from servers.roster_tables import Tables, tables_of
from servers.running import serving
from servers.served_sis import tables

ROSTERS = Path(__file__).parents[2].parent / "shared" / "rosters"

SETS_1P1 = {
    "academicSessions": "MultipleAcademicSessions.Type",
    "orgs": "Orgs.Type",
    "courses": "Courses.Type",
    "classes": "Classes.Type",
    "users": "Users.Type",
    "enrollments": "Enrollments.Type",
    "demographics": "Demographics.Type",
}
SETS_1P2 = {
    "academicSessions": "AcademicSessionSetDType",
    "orgs": "OrgSetDType",
    "courses": "CourseSetDType",
    "classes": "ClassSetDType",
    "users": "UserSetDType",
    "enrollments": "EnrollmentSetDType",
    "demographics": "DemographicsSetDType",
}


SINGLE = {"1.1": "Single{}.Type", "1.2": "Single{}DType"}
REFUSAL = {"1.1": "imsx_StatusInfo.Type", "1.2": "imsx_StatusInfoDType"}
ONEROSTER = {
    "1.1": "oneroster-openapi/oneroster-1p1-openapi-strongmind.json",
    "1.2": "oneroster-openapi/1edtech-oneroster-1p2-rostersservice.yaml",
}


@cache
def description(name: str) -> dict[str, Any]:
    path = ROSTERS / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    text = path.read_text("utf-8")
    found = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    plain: dict[str, Any] = _plain(found)
    return plain


def faults(document: dict[str, Any], place: str, answer: object) -> list[str]:
    schema = {"$ref": f"#/{place}"} | document
    return [
        f"{'/'.join(map(str, fault.path))}: {fault.message}"
        for fault in Draft202012Validator(schema).iter_errors(answer)
    ]


def _plain(node: Any) -> Any:
    """OpenAPI's own way of saying that a value may be null, as JSON Schema says it; and the words
    of an enumeration of ``true`` and ``false``, which YAML takes for flags, as texts."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    plain = {name: _plain(value) for name, value in node.items()}
    kind = plain.get("type")
    if kind == "string" and isinstance(plain.get("enum"), list):
        plain["enum"] = [str(w).lower() if isinstance(w, bool) else w for w in plain["enum"]]
    if plain.pop("x-nullable", False) and isinstance(kind, str):
        plain["type"] = [kind, "null"]
        if "enum" in plain:
            plain["enum"] = [*plain["enum"], None]
    if node.get("x-nullable") and "$ref" in plain:
        return {"anyOf": [{"$ref": plain["$ref"]}, {"type": "null"}]}
    return plain


def large(folder: Path) -> Tables:
    """A district with everything that a set may say: the small set has the rarer fields."""
    sis: SmallSis = small_sis(2, 12)
    found = tables(sis, folder / "sis")
    rare = tables_of(SmallSet("1.2").write(folder / "rare"))
    return {name: found.get(name, []) + rare.get(name, []) for name in found.keys() | rare.keys()}


@pytest.mark.parametrize(("version", "sets"), [("1.1", SETS_1P1), ("1.2", SETS_1P2)])
def test_oneroster(version: Version, sets: dict[str, str], tmp_path: Path) -> None:
    document = description(ONEROSTER[version])
    district = served(large(tmp_path), version)
    with serving(oneroster_app(district, bearer("open"))) as address:
        for name in COLLECTIONS:
            answer = requests.get(
                f"{address}{BASES[version]}/{name}",
                headers={"Authorization": "Bearer open"},
                timeout=10,
            )
            body = answer.json()
            assert body[name]
            assert faults(document, f"components/schemas/{sets[name]}", body) == []


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_single_records_of_oneroster_and_refusals(version: Version, tmp_path: Path) -> None:
    document = description(ONEROSTER[version])
    district = served(large(tmp_path), version)
    with serving(oneroster_app(district, bearer("open"))) as address:

        def get(path: str, token: str = "open") -> requests.Response:
            headers = {"Authorization": f"Bearer {token}"}
            return requests.get(f"{address}{BASES[version]}/{path}", headers=headers, timeout=10)

        for name, single in COLLECTIONS.items():
            record = district.objects[name][0]["sourcedId"]
            place = SINGLE[version].format(single[:1].upper() + single[1:])
            body = get(f"{name}/{record}").json()
            assert body[single]["sourcedId"] == record
            assert faults(document, f"components/schemas/{place}", body) == []
        for refused, status in ((get("users/nobody"), 404), (get("users", "other"), 401)):
            assert refused.status_code == status
            place = f"components/schemas/{REFUSAL[version]}"
            assert faults(document, place, refused.json()) == []


def test_the_check_sees_what_is_wrong(tmp_path: Path) -> None:
    document = description(ONEROSTER["1.2"])
    users = served(large(tmp_path), "1.2").objects["users"]
    for damage in ({"role": "student"}, {"enabledUser": True}, {"givenName": None}):
        body = {"users": [users[0] | damage]}
        assert faults(document, "components/schemas/UserSetDType", body)


def test_clever(tmp_path: Path) -> None:
    document = description("clever-swagger/v3.1.yml")
    district = clever_district(large_of_one(tmp_path))
    lists = {"districts": "Districts", "schools": "Schools", "terms": "Terms"}
    lists |= {"courses": "Courses", "sections": "Sections", "users": "Users"}
    with serving(clever_app(district)) as address:
        for name, title in lists.items():
            answer = requests.get(
                f"{address}/v3.1/{name}", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10
            )
            body = answer.json()
            assert body["data"]
            assert faults(document, f"definitions/{title}Response", body) == []
            unknown = strangers(document, title.removesuffix("s"), body["data"])
            assert unknown == set()


def test_clevers_events_and_single_records(tmp_path: Path) -> None:
    document = description("clever-swagger/v3.1-events.yml")
    district = clever_district(large_of_one(tmp_path))
    kinds = [
        (name, action, rows[0])
        for name, rows in district.lists.items()
        for action in ("created", "updated", "deleted")
    ]
    for number, (name, action, record) in enumerate(kinds):
        data = {"object": record} | ({"previous_attributes": {}} if action == "updated" else {})
        moment = "2026-11-22T06:00:00.000Z"
        event = {"id": f"{number:024x}", "type": f"{name}.{action}", "created": moment}
        district.events.append(event | {"data": data})
    with serving(clever_app(district)) as address:

        def get(path: str) -> Any:
            headers = {"Authorization": f"Bearer {TOKEN}"}
            return requests.get(f"{address}/v3.1/{path}", headers=headers, timeout=10).json()

        body = get("events")
        assert len(body["data"]) == len(kinds)
        assert faults(document, "definitions/EventsResponse", body) == []
        for one in body["data"]:
            event = one["data"]
            assert faults(document, f"definitions/{event['type']}", event) == []
        for name, rows in district.lists.items():
            single = f"{name.removesuffix('s').title()}Response"
            assert faults(document, f"definitions/{single}", get(f"{name}/{rows[0]['id']}")) == []


def large_of_one(folder: Path) -> Tables:
    return tables(small_sis(2, 12), folder / "sis")


def strangers(document: dict[str, Any], title: str, rows: list[dict[str, Any]]) -> set[str]:
    """Fields that the description does not know, which it does not forbid either."""
    known: Callable[[str], set[str]] = lambda name: set(  # noqa: E731
        document["definitions"][name]["properties"]
    )
    found = {field for row in rows for field in row["data"]} - known(title)
    for row in rows:
        for role, values in row["data"].get("roles", {}).items():
            name = re.sub(r"(?:^|_)(\w)", lambda m: m[1].upper(), role)
            found |= {f"{role}.{field}" for field in values.keys() - known(name)}
    return found
