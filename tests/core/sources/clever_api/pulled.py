"""Pulling from a Clever of ours, and reading what was pulled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.sources.oneroster_rest.pulled import PATIENT, Pulled, taken
from rollbook.config.connections import Bearer
from rollbook.config.sources import CleverApi
from rollbook.sources.clever_api import pull
from rollbook.sources.normal_form import NormalSet
from servers.clever_app import CleverDistrict, clever_app
from servers.running import serving


@contextmanager
def asked(district: CleverDistrict, **settings: Any) -> Iterator[CleverApi]:
    """A source that is a server of this district; the token is in ``ROLLBOOK_TEST_TOKEN``."""
    with serving(clever_app(district)) as address:
        yield CleverApi(
            type="clever-api",
            url=f"{address}/v3.1",
            auth=Bearer(type="bearer", token="env:ROLLBOOK_TEST_TOKEN"),
            http=PATIENT,
            **settings,
        )


def pulled(source: CleverApi, folder: Path) -> Pulled:
    """Pull into a folder and read the set there."""
    with NormalSet(folder) as normal:
        pull(source, normal)
    return taken(normal)
