"""OneRoster services and ClassLink in a district's file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from rollbook.config.sources import ClassLink, CleverApi, OneRosterRest, Source, SourceTable

SOURCES: TypeAdapter[Any] = TypeAdapter(Source)
BEARER = {"type": "bearer", "token": "env:TOKEN"}
REST = {"type": "oneroster-rest", "url": "https://sis.example.org/ims/v1p1", "auth": BEARER}
LINK = {"type": "classlink", "url": "https://proxy.example.org/", "auth": BEARER}


def refused(**settings: Any) -> str:
    with pytest.raises(ValidationError) as fault:
        SOURCES.validate_python(settings)
    return str(fault.value)


def test_a_service() -> None:
    source = SOURCES.validate_python(REST)
    assert isinstance(source, OneRosterRest)
    assert source.where == source.service == "https://sis.example.org/ims/v1p1"
    assert source.set_tobedeleted == "remove"


@pytest.mark.parametrize(
    "url", ["sis.example.org", "ftp://x.org", "https://x.org/a?b=1", "https://"]
)
def test_an_address_is_one_of_the_web(url: str) -> None:
    assert "url" in refused(**REST | {"url": url})


def test_there_is_no_roster_without_people_and_places() -> None:
    assert "users" in refused(**REST | {"lists": ["orgs", "classes"]})


def test_the_tenants_service_is_behind_the_proxy() -> None:
    direct = SOURCES.validate_python(LINK)
    assert isinstance(direct, ClassLink)
    assert direct.service == "https://proxy.example.org/"
    behind = SOURCES.validate_python(LINK | {"tenant": "17"})
    assert behind.service == "https://proxy.example.org/{application}/ims/oneroster/v1p1"


def test_the_proxy_is_asked_with_a_token() -> None:
    signing = {"type": "oauth1", "key": "env:KEY", "secret": "env:SECRET"}
    assert SOURCES.validate_python(LINK | {"auth": signing})
    assert "bearer" in refused(**LINK | {"auth": signing, "tenant": "17"})


@pytest.mark.parametrize(
    ("change", "decides"),
    [
        ({"url": "https://other.example.org"}, True),
        ({"lists": ["orgs", "users"]}, True),
        ({"metadata": ["boarding"]}, True),
        ({"auth": BEARER | {"token": "env:OTHER"}}, False),
        ({"http": {"timeout_seconds": 5}}, False),
        ({"page_size": 50, "parallel": 1, "sort": True}, False),
    ],
)
def test_how_a_connection_is_made_does_not_call_for_a_review(
    change: dict[str, Any], decides: bool
) -> None:
    before, after = SOURCES.validate_python(REST), SOURCES.validate_python(REST | change)
    assert (before.decides() != after.decides()) is decides


@pytest.mark.parametrize("model", [OneRosterRest, ClassLink, CleverApi])
def test_every_key_is_on_its_page_with_its_default(model: type[SourceTable]) -> None:
    page = (Path(__file__).parents[3] / "docs" / "sources.md").read_text(encoding="utf-8")
    for key, field in model.model_fields.items():
        rows = [line for line in page.splitlines() if line.startswith(f"| `source.{key}` |")]
        assert rows or key == "type"
        if isinstance(field.default, int):
            assert any(f"| {str(field.default).lower()} |" in row for row in rows)


def test_clever_is_asked_as_often_as_it_allows_and_no_more() -> None:
    """1,200 requests a minute for each token (``formats.md`` §4)."""
    source = SOURCES.validate_python({"type": "clever-api", "auth": BEARER})
    assert source.http.requests_per_minute == 1200
