"""A district behind every service that it may be read from, and how the command line names each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from rollbook.demo.shape import District
from rollbook.demo.write import Version, write_oneroster
from servers.breaks import Breaks
from servers.classlink_app import PARTNER, classlink_proxy
from servers.clever_app import TOKEN, clever_app, clever_district
from servers.keys import CORE, DEMOGRAPHICS, KEY, SECRET, Tokens, oauth1
from servers.oneroster_app import BASES, oneroster_app, served
from servers.roster_tables import tables_of
from servers.running import serving

Service = Literal["rest 1.1", "rest 1.2", "classlink", "clever-api"]
SERVICES: tuple[Service, ...] = ("rest 1.1", "rest 1.2", "classlink", "clever-api")

SECRETS = {
    "ROLLBOOK_TEST_KEY": KEY,
    "ROLLBOOK_TEST_SECRET": SECRET,
    "ROLLBOOK_TEST_PARTNER": PARTNER,
    "ROLLBOOK_TEST_TOKEN": TOKEN,
}
"""To be set in the environment; none of these may be found anywhere afterwards."""

CANARIES = (KEY, SECRET, PARTNER, TOKEN, "canary-bearer")

_WAIT = ("--set", "http.max_wait_minutes=0.02", "--set", "http.requests_per_minute=60000")


@dataclass(frozen=True)
class Behind:
    """The options of ``district add`` for a service that runs, what is to go wrong with it, and the
    tokens that it has given out."""

    options: tuple[str, ...]
    breaks: Breaks
    tokens: Tokens = field(default_factory=Tokens)


@contextmanager
def behind(
    service: Service, district: District, folder: Path, version: Version = "1.2"
) -> Iterator[Behind]:
    """A district served as it stands in its files; these are written into ``folder``."""
    tables = tables_of(write_oneroster(district, folder / "served", version))
    if service == "clever-api":
        clever = clever_district(tables)
        with serving(clever_app(clever)) as address:
            url: tuple[str, ...] = ("--source", service, "--set", f"url={address}/v3.1")
            token = ("--set", 'auth={type="bearer",token="env:ROLLBOOK_TEST_TOKEN"}')
            yield Behind((*url, *token, *_WAIT), clever.breaks)
    elif service == "classlink":
        north = served(tables, "1.1", classlink=True)
        with serving(classlink_proxy({"17": north})) as address:
            url = ("--source", service, "--set", f"url={address}", "--set", 'tenant="17"')
            token = ("--set", 'auth={type="bearer",token="env:ROLLBOOK_TEST_PARTNER"}')
            yield Behind((*url, *token, *_WAIT), north.breaks)
    elif service == "rest 1.1":
        north = served(tables, "1.1")
        with serving(oneroster_app(north, oauth1())) as address:
            url = ("--source", "oneroster-rest", "--set", f"url={address}{BASES['1.1']}")
            keys = 'key="env:ROLLBOOK_TEST_KEY",secret="env:ROLLBOOK_TEST_SECRET"'
            signed = ("--set", f'auth={{type="oauth1",{keys}}}', "--set", "page_size=100")
            yield Behind((*url, *signed, *_WAIT), north.breaks)
    else:
        north, tokens = served(tables, "1.2"), Tokens()
        with serving(oneroster_app(north, tokens.gate, tokens)) as address:
            url = ("--source", "oneroster-rest", "--set", f"url={address}{BASES['1.2']}")
            keys = 'client_id="env:ROLLBOOK_TEST_KEY",client_secret="env:ROLLBOOK_TEST_SECRET"'
            scopes = f'token_url="{address}/token",scopes=["{CORE}","{DEMOGRAPHICS}"]'
            given = ("--set", f'auth={{type="oauth2",{keys},{scopes}}}')
            yield Behind((*url, *given, *_WAIT), north.breaks, tokens)
