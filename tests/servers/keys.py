"""Who may ask: OAuth 1.0a with a check of nonces, OAuth 2 client credentials, a plain bearer."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from oauthlib.oauth1 import RequestValidator, SignatureOnlyEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .broken_answers import failure

KEY, SECRET = "the-key-of-north", "canary-secret-of-north"

Gate = Callable[[Request, str], Response | None]
"""Lets a request for a collection through (``None``), or answers it."""

CORE = "https://purl.imsglobal.org/spec/or/v1p2/scope/roster-core.readonly"
DEMOGRAPHICS = "https://purl.imsglobal.org/spec/or/v1p2/scope/roster-demographics.readonly"


class _Consumers(RequestValidator):
    """One consumer; every nonce is good once."""

    def __init__(self, methods: tuple[str, ...]) -> None:
        super().__init__()
        self._methods = methods
        self._nonces: set[str] = set()

    enforce_ssl = False
    client_key_length = 3, 100
    dummy_client = "nobody"

    @property
    def allowed_signature_methods(self) -> tuple[str, ...]:
        return self._methods

    def check_client_key(self, client_key: str) -> bool:
        return bool(client_key)

    def validate_client_key(self, client_key: str, request: object) -> bool:
        return client_key == KEY

    def get_client_secret(self, client_key: str, request: object) -> str:
        return SECRET

    def validate_timestamp_and_nonce(
        self,
        client_key: str,
        timestamp: str,
        nonce: str,
        request: object,
        request_token: str | None = None,
        access_token: str | None = None,
    ) -> bool:
        fresh = nonce not in self._nonces
        self._nonces.add(nonce)
        return fresh


def oauth1(*methods: str) -> Gate:
    """Requests signed with ``HMAC-SHA1`` or ``HMAC-SHA256``."""
    endpoint = SignatureOnlyEndpoint(_Consumers(methods or ("HMAC-SHA1", "HMAC-SHA256")))

    def gate(request: Request, collection: str) -> Response | None:
        valid, _ = endpoint.validate_request(
            str(request.url), request.method, "", dict(request.headers)
        )
        return None if valid else failure(401, "unauthorisedrequest")

    return gate


@dataclass(slots=True)
class Tokens:
    """Tokens that were given out, each with its scopes; ``uses`` is how often each is good for."""

    uses: int | None = None
    given: dict[str, list[object]] = field(default_factory=dict)

    async def issue(self, request: Request) -> Response:
        """The token endpoint: client credentials in a Basic header."""
        sent = request.headers.get("Authorization", "")
        wanted = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
        form = parse_qs((await request.body()).decode())
        if sent != f"Basic {wanted}" or form.get("grant_type") != ["client_credentials"]:
            return JSONResponse({"error": "invalid_client"}, 401)
        token = secrets.token_urlsafe(16)
        scopes = frozenset(form.get("scope", [""])[0].split())
        self.given[token] = [scopes, self.uses]
        body = {"access_token": token, "token_type": "bearer", "expires_in": 3600}
        return JSONResponse(body | {"scope": " ".join(sorted(scopes))})

    def gate(self, request: Request, collection: str) -> Response | None:
        """Lets tokens through that have been given out for the collection."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        known = self.given.get(token)
        if scheme.lower() != "bearer" or known is None or known[1] == 0:
            return failure(401, "unauthorisedrequest")
        scopes, left = known
        assert isinstance(scopes, frozenset)
        if isinstance(left, int):
            known[1] = left - 1
        wanted = DEMOGRAPHICS if collection == "demographics" else CORE
        return None if wanted in scopes or not scopes else failure(403, "forbidden")


def bearer(token: str) -> Gate:
    """One token that is good for everything."""

    def gate(request: Request, collection: str) -> Response | None:
        right = request.headers.get("Authorization") == f"Bearer {token}"
        return None if right else failure(401, "unauthorisedrequest")

    return gate
