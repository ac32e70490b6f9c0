"""Tokens by OAuth 2 client credentials (RFC 6749, 4.4), renewed before they expire."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from threading import Lock

import requests

from rollbook.config.secrets import Secret
from rollbook.errors import SourceUnreachable
from rollbook.sources.http.exchange import Exchange, Missing, Request, Unauthorised
from rollbook.sources.http.signing import is_token
from rollbook.sources.http.waiting import Waiting

_MARGIN = 30.0
"""Seconds before its end from which on a token is no longer used."""


@dataclass(frozen=True, slots=True)
class _Token:
    value: Secret
    ends: float

    @property
    def header(self) -> str:
        return f"Bearer {self.value.reveal()}"


class ClientCredentials:
    """Asks for a token with a client's id and secret. For several threads at once."""

    def __init__(
        self,
        exchange: Exchange,
        waiting: Waiting,
        url: str,
        client: tuple[Secret, Secret],
        scopes: tuple[str, ...],
    ) -> None:
        self._exchange = exchange
        self._waiting = waiting
        self._url = url
        self._client = client
        self._scopes = scopes
        self._token: _Token | None = None
        self._lock = Lock()

    def sign(self, request: requests.PreparedRequest) -> None:
        """With a token that still counts."""
        with self._lock:
            if self._token is None or self._waiting.clock() >= self._token.ends:
                self._token = self._fetch()
            request.headers["Authorization"] = self._token.header

    def renew(self, refused: str) -> bool:
        """True where another thread has asked for a token meanwhile, or a new one is given."""
        with self._lock:
            if self._token is None or self._token.header == refused:
                self._token = self._fetch()
            return self._token.header != refused

    def secrets(self) -> tuple[Secret, ...]:
        """Id, secret and token."""
        return self._client if self._token is None else (*self._client, self._token.value)

    def _fetch(self) -> _Token:
        form = {"grant_type": "client_credentials"}
        if self._scopes:
            form["scope"] = " ".join(self._scopes)
        request = Request("POST", self._url, self._url, self._present, lambda: self._client, form)
        asked = self._waiting.clock()
        try:
            document = self._exchange.ask(request).json
        except (Unauthorised, Missing) as refused:
            raise refused.error from None
        if not isinstance(document, dict):
            document = {}
        value = document.get("access_token")
        if not isinstance(value, str) or not is_token(value):
            raise _no_token(request)
        if str(document.get("token_type", "bearer")).lower() != "bearer":
            raise _no_token(request)
        return _Token(Secret(value), asked + _seconds(document.get("expires_in")) - _MARGIN)

    def _present(self, request: requests.PreparedRequest) -> None:
        pair = ":".join(secret.reveal() for secret in self._client)
        encoded = base64.b64encode(pair.encode()).decode()
        request.headers["Authorization"] = f"Basic {encoded}"


def _seconds(value: object) -> float:
    """How long a token counts; a server that does not say refuses it when the time has come."""
    try:
        seconds = float(str(value))
    except ValueError:
        return float("inf")
    # One that counts for less than the margin is used once all the same.
    return max(seconds, _MARGIN) if seconds == seconds else float("inf")


def _no_token(request: Request) -> SourceUnreachable:
    return SourceUnreachable(
        f"{request.endpoint}: the server gave no bearer token.",
        remedy="Check token_url and scopes in the district's file.",
    )
