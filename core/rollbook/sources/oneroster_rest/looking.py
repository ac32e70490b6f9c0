"""One page of each list of a service, for whoever sets it up."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from rollbook.config.sources import ClassLink, OneRosterRest
from rollbook.sources.http.client import HttpClient
from rollbook.sources.looks import Look, each, in_words
from rollbook.sources.oneroster_rest.classlink import open_service
from rollbook.sources.oneroster_rest.endpoints import ENDPOINTS, INDISPENSABLE, empty_list
from rollbook.sources.oneroster_rest.listing import ask_page


def look(source: OneRosterRest | ClassLink) -> Iterator[Look]:
    """What each list of the source says, asked as a sync does. Raises as ``open_service`` does."""
    with open_service(source) as client:
        names = [endpoint.name for endpoint in ENDPOINTS if endpoint.name in source.lists]
        yield from each((name, partial(_said, client, name, source.page_size)) for name in names)


def _said(client: HttpClient, name: str, page_size: int) -> str:
    page = ask_page(client, f"/{name}", name, 0, page_size, {})
    if not page.rows and name in INDISPENSABLE:
        raise empty_list(name, page.answer.endpoint)
    return in_words(len(page.rows), page.total)
