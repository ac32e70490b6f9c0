"""Saying who asks: a bearer token, or a signature by OAuth 1.0a."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Lock
from typing import Protocol

import requests

from rollbook.config.secrets import Secret
from rollbook.errors import SourceUnreachable


class Signer(Protocol):
    """Signs requests, each anew. For several threads at once."""

    def sign(self, request: requests.PreparedRequest) -> None:
        """Put an ``Authorization`` header onto a request. Raises ``SourceUnreachable``."""

    def renew(self, refused: str) -> bool:
        """Whether there is another ``Authorization`` than the one that was refused."""

    def secrets(self) -> tuple[Secret, ...]:
        """What is not to be repeated."""


def is_token(text: str) -> bool:
    """Whether a text can stand in a header: visible ASCII and nothing else."""
    return text.isascii() and text.isprintable() and " " not in text and text != ""


class BearerSigner:
    """A token that is fetched when it is first needed, and again when it was refused."""

    def __init__(self, fetch: Callable[[], Secret]) -> None:
        self._fetch = fetch
        self._token: Secret | None = None
        self._lock = Lock()

    def sign(self, request: requests.PreparedRequest) -> None:
        """With the token that counts now."""
        with self._lock:
            if self._token is None:
                self._token = self._fetched()
            request.headers["Authorization"] = f"Bearer {self._token.reveal()}"

    def renew(self, refused: str) -> bool:
        """True where another thread has fetched a new token meanwhile, or one can be had."""
        with self._lock:
            if self._token is not None and refused == f"Bearer {self._token.reveal()}":
                self._token = self._fetched()
            return self._token is not None and refused != f"Bearer {self._token.reveal()}"

    def secrets(self) -> tuple[Secret, ...]:
        """The token."""
        return () if self._token is None else (self._token,)

    def _fetched(self) -> Secret:
        token = self._fetch()
        if not is_token(token.reveal()):
            raise SourceUnreachable(
                "The token holds a space, a line end or a letter that no token has.",
                remedy="Put it where it is kept once more, and nothing else beside it.",
            )
        return token


class OAuth1Signer:
    """A key and a secret, and a nonce of its own for each try (RFC 5849)."""

    def __init__(self, key: Secret, secret: Secret, method: str) -> None:
        from oauthlib.oauth1 import Client

        # It would write the key into the log.
        logging.getLogger("oauthlib").setLevel(logging.WARNING)
        self._secrets = (key, secret)
        self._client = Client(key.reveal(), secret.reveal(), signature_method=method)

    def sign(self, request: requests.PreparedRequest) -> None:
        """With all parameters of the query, as they are sent."""
        _, headers, _ = self._client.sign(request.url or "", "GET")
        request.headers["Authorization"] = headers["Authorization"]

    def renew(self, refused: str) -> bool:
        """Never: another signature would be refused as well."""
        return False

    def secrets(self) -> tuple[Secret, ...]:
        """Key and secret."""
        return self._secrets
