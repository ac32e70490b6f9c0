"""Every way to prove who asks: signatures, tokens that run out, ClassLink's proxy."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest

from core.small_sis import small_sis
from rollbook.config.connections import Bearer, Http, OAuth1, OAuth2
from rollbook.config.sources import ClassLink, OneRosterRest
from rollbook.errors import InputRefused, SourceUnreachable
from rollbook.roster.kinds import Kind
from rollbook.sources.normal_form import NormalSet
from rollbook.sources.oneroster_csv import read
from rollbook.sources.oneroster_rest import pull
from servers import classlink_app
from servers.breaks import Mode
from servers.classlink_app import PARTNER, bearer_of, classlink_proxy
from servers.keys import CORE, DEMOGRAPHICS, KEY, SECRET, Tokens, oauth1
from servers.oneroster_app import BASES, Served, oneroster_app, served
from servers.running import serving
from servers.served_sis import tables

from .pulled import Pulled, everything, taken

HTTP = Http(requests_per_minute=60_000, max_wait_minutes=0.5)


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLBOOK_TEST_KEY", KEY)
    monkeypatch.setenv("ROLLBOOK_TEST_SECRET", SECRET)
    monkeypatch.setenv("ROLLBOOK_TEST_PARTNER", PARTNER)


def pulled_from(source: OneRosterRest | ClassLink, folder: Path) -> Pulled:
    with NormalSet(folder) as normal:
        pull(source, normal)
    return taken(normal)


@pytest.mark.parametrize("method", ["HMAC-SHA1", "HMAC-SHA256"])
def test_signed_requests(
    north: Served, method: Literal["HMAC-SHA1", "HMAC-SHA256"], tmp_path: Path
) -> None:
    auth = OAuth1(
        type="oauth1",
        key="env:ROLLBOOK_TEST_KEY",
        secret="env:ROLLBOOK_TEST_SECRET",
        signature=method,
    )
    north.breaks.plan(Mode.FAILS, "users", page=2, times=1)
    with serving(oneroster_app(north, oauth1(method))) as address:
        url = f"{address}{BASES['1.1']}"
        source = OneRosterRest(
            type="oneroster-rest", url=url, auth=auth, http=HTTP, page_size=5, sort=True
        )
        found = pulled_from(source, tmp_path / "pulled")
    assert found.records == everything(read(tmp_path / "set"))


@pytest.mark.parametrize("uses", [None, 4])
def test_tokens_that_run_out_in_the_middle(uses: int | None, tmp_path: Path) -> None:
    district = served(tables(small_sis(1, 10), tmp_path / "set"), "1.2")
    tokens = Tokens(uses=uses)
    with serving(oneroster_app(district, tokens.gate, tokens)) as address:
        auth = OAuth2(
            type="oauth2",
            token_url=f"{address}/token",
            client_id="env:ROLLBOOK_TEST_KEY",
            client_secret="env:ROLLBOOK_TEST_SECRET",
            scopes=(CORE, DEMOGRAPHICS),
        )
        source = OneRosterRest(
            type="oneroster-rest",
            url=f"{address}{BASES['1.2']}",
            auth=auth,
            http=HTTP,
            page_size=3,
            parallel=1,
        )
        found = pulled_from(source, tmp_path / "pulled")
    assert found.records == everything(read(tmp_path / "set"))
    assert (len(tokens.given) > 5) == (uses is not None)


def test_a_scope_that_is_missing_ends_the_pull(tmp_path: Path) -> None:
    district = served(tables(small_sis(1, 3), tmp_path / "set"), "1.2")
    tokens = Tokens()
    with serving(oneroster_app(district, tokens.gate, tokens)) as address:
        auth = OAuth2(
            type="oauth2",
            token_url=f"{address}/token",
            client_id="env:ROLLBOOK_TEST_KEY",
            client_secret="env:ROLLBOOK_TEST_SECRET",
            scopes=(CORE,),
        )
        url = f"{address}{BASES['1.2']}"
        source = OneRosterRest(type="oneroster-rest", url=url, auth=auth, http=HTTP)
        with pytest.raises(SourceUnreachable, match="demographics"):
            pulled_from(source, tmp_path / "pulled")
        without = source.model_copy(
            update={"lists": tuple(name for name in source.lists if name != "demographics")}
        )
        found = pulled_from(without, tmp_path / "again")
    assert Kind.DEMOGRAPHICS not in found.roster.complete


def proxied(address: str, tenant: str) -> ClassLink:
    return ClassLink(
        type="classlink",
        url=address,
        auth=Bearer(type="bearer", token="env:ROLLBOOK_TEST_PARTNER"),
        http=HTTP,
        tenant=tenant,
    )


def test_the_proxy_leads_to_the_tenants_own_service(north: Served, tmp_path: Path) -> None:
    north.classlink = True
    other = served(tables(small_sis(2, 4), tmp_path / "other"), "1.1")
    with serving(classlink_proxy({"17": north, "18": other})) as address:
        found = pulled_from(proxied(address, "17"), tmp_path / "pulled")
        assert found.records == everything(read(tmp_path / "set"))
        with pytest.raises(SourceUnreachable, match="tenant 19"):
            pulled_from(proxied(address, "19"), tmp_path / "nobody")


def test_a_tenants_token_may_change_on_the_way(
    north: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The first token that the proxy names is old: it is asked once more."""
    asked: list[str] = []

    def old_at_first(tenant: str) -> str:
        asked.append(tenant)
        return "old" if len(asked) == 2 else bearer_of(tenant)

    monkeypatch.setattr(classlink_app, "bearer_of", old_at_first)
    with serving(classlink_proxy({"17": north})) as address:
        found = pulled_from(proxied(address, "17"), tmp_path / "pulled")
    assert found.records == everything(read(tmp_path / "set"))
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("applications", "error", "words"),
    [
        ({"applications": "none"}, InputRefused, "no list of applications"),
        ([{"TenantId": 17, "enabled": False}], SourceUnreachable, "switched off"),
        ([{"TenantId": 17, "enabled": True}], InputRefused, "no id or no token"),
        ([], SourceUnreachable, "no application for tenant 17"),
    ],
)
def test_applications_that_are_none(
    applications: Any, error: type[Exception], words: str, tmp_path: Path
) -> None:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    async def listed(request: Request) -> JSONResponse:
        return JSONResponse(applications)

    with (
        serving(Starlette(routes=[Route("/applications", listed)])) as address,
        pytest.raises(error, match=words),
    ):
        pulled_from(proxied(address, "17"), tmp_path / "pulled")
