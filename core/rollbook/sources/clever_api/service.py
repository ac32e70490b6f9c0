"""Asking Clever as a district."""

from __future__ import annotations

from rollbook.config.sources import CleverApi
from rollbook.sources.http.client import HttpClient, open_client


def open_service(source: CleverApi) -> HttpClient:
    """A client with the district's token, whose requests Clever counts by themselves.

    Raises as ``open_client``.
    """
    return open_client(source.url, source.auth, source.http, account=repr(source.auth))
