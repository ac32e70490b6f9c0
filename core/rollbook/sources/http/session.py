"""A connection that is kept alive, and that nothing in the environment can loosen."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from threading import Lock, local

import requests
from requests.utils import get_environ_proxies

from rollbook import __version__
from rollbook.config.connections import Http
from rollbook.errors import SourceUnreachable

_HEADERS = {"Accept": "application/json", "User-Agent": f"rollbook/{__version__}"}


class Sessions:
    """One session for each thread that asks."""

    def __init__(self, http: Http) -> None:
        self._timeout = http.timeout_seconds
        self._verify = _authorities(http.ca_bundle)
        self._own = local()
        self._all: list[requests.Session] = []
        self._lock = Lock()

    def prepare(
        self, method: str, url: str, form: Mapping[str, str] | None
    ) -> requests.PreparedRequest:
        """A request that is not signed yet."""
        return self._session().prepare_request(
            requests.Request(method, url, data=form, headers=_HEADERS)
        )

    def send(self, request: requests.PreparedRequest) -> requests.Response:
        """Make a request, once, with its body still to be read; a redirect is not followed.

        Raises what ``requests`` raises.
        """
        return self._session().send(
            request,
            timeout=self._timeout,
            verify=self._verify,
            proxies=get_environ_proxies(request.url or ""),
            allow_redirects=False,
            stream=True,
        )

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            for session in self._all:
                session.close()
            self._all.clear()

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._own, "session", None)
        if session is None:
            session = requests.Session()
            # Else ~/.netrc would sign requests, and REQUESTS_CA_BUNDLE stand above a private CA.
            session.trust_env = False
            self._own.session = session
            with self._lock:
                self._all.append(session)
        return session


def _authorities(bundle: Path | None) -> str | bool:
    """The certificates that count: the district's, else the machine's, else those of ``certifi``.

    Raises ``SourceUnreachable`` for a file that is none of certificates.
    """
    if bundle is None:
        return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
    import ssl

    try:
        ssl.create_default_context(cafile=str(bundle))
    except (OSError, ValueError):
        raise SourceUnreachable(
            f"{bundle} holds no certificates that can be read.",
            remedy="Name the file with the authority's certificates in PEM as ca_bundle.",
        ) from None
    return str(bundle)
