"""What a dialect asks with: pages of JSON by path, by id and by link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

from rollbook.config.connections import Authentication, Bearer, Http, OAuth1
from rollbook.config.secrets import resolve
from rollbook.errors import InputRefused
from rollbook.sources.http.addresses import (
    endpoint,
    joined,
    require_private,
    same_origin,
    told_host,
)
from rollbook.sources.http.exchange import Exchange, Missing, Reply, Request, Unauthorised
from rollbook.sources.http.signing import BearerSigner, OAuth1Signer, Signer
from rollbook.sources.http.waiting import Waiting


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: its JSON (an object or a list), its headers by names in any case, the endpoint as
    findings tell it, and the address it came from."""

    json: Any = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    endpoint: str
    url: str


class HttpClient:
    """Asks one service. For several threads at once: each has a connection that is kept alive."""

    def __init__(self, base_url: str, signer: Signer, exchange: Exchange) -> None:
        self.base_url = base_url
        self._signer = signer
        self._exchange = exchange

    def __enter__(self) -> HttpClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._exchange.close()

    def get_json(self, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
        """What is at a path below the base of the service.

        Raises ``SourceUnreachable`` for whatever is no answer, and ``InputRefused``
        (``http-not-json``, ``http-cut-short``, ``http-too-large``) for one that is none of data.
        """
        try:
            return self._get(self._url(path, params))
        except Missing as missing:
            raise missing.error from None

    def find_json(self, path: str, params: Mapping[str, str | int] | None = None) -> Answer | None:
        """As ``get_json``, but ``None`` where the server says that there is nothing (404)."""
        try:
            return self._get(self._url(path, params))
        except Missing:
            return None

    def follow(self, answer: Answer, href: str) -> Answer:
        """What a link of an answer leads to, whether it is whole or relative.

        Raises as ``get_json``, and ``InputRefused`` (``http-link-elsewhere``) for a link to another
        scheme, host or port: the credentials would go there too.
        """
        url = same_origin(self.base_url, answer.url, href)
        if url is None:
            raise InputRefused(
                f"The answer's link leads to {told_host(answer.url, href)}: not followed.",
                code="http-link-elsewhere",
                file=answer.endpoint,
                remedy="Ask who runs the server; its links should lead back to itself.",
            )
        try:
            return self._get(url)
        except Missing as missing:
            raise missing.error from None

    def _url(self, path: str, params: Mapping[str, str | int] | None) -> str:
        query = f"?{urlencode(params)}" if params else ""
        return joined(self.base_url, path) + query

    def _get(self, url: str) -> Answer:
        request = Request("GET", self.base_url, url, self._signer.sign, self._signer.secrets)
        reply = self._ask(request)
        return Answer(reply.json, reply.headers, endpoint("GET", self.base_url, url), reply.url)

    def _ask(self, request: Request) -> Reply:
        try:
            return self._exchange.ask(request)
        except Unauthorised as refused:
            if not self._signer.renew(refused.authorization):
                raise refused.error from None
        try:
            return self._exchange.ask(request)
        except Unauthorised as refused:
            raise refused.error from None


def open_client(
    base_url: str,
    auth: Authentication,
    http: Http,
    *,
    account: str = "",
    waiting: Waiting | None = None,
) -> HttpClient:
    """A client of the service at ``base_url``; its secrets are fetched, but nothing is sent yet.

    All clients of a host share its rate limit, or those of an ``account``, where the service counts
    the requests of each by itself.

    Raises ``SourceUnreachable`` for a secret that is not where it should be, and for an address
    without encryption.
    """
    plain_allowed = http.plain_http is not None
    require_private(base_url, plain_allowed=plain_allowed)
    waiting = waiting or Waiting()
    exchange = Exchange(http, waiting, account)
    signer: Signer
    if isinstance(auth, Bearer):
        signer = BearerSigner(lambda: resolve(auth.token, purpose="token"))
    elif isinstance(auth, OAuth1):
        key = resolve(auth.key, purpose="consumer key")
        signer = OAuth1Signer(key, resolve(auth.secret, purpose="secret"), auth.signature)
    else:
        # Only this way of signing asks questions of its own.
        from rollbook.sources.http.tokens import ClientCredentials

        require_private(auth.token_url, plain_allowed=plain_allowed)
        client = (
            resolve(auth.client_id, purpose="client id"),
            resolve(auth.client_secret, purpose="client secret"),
        )
        signer = ClientCredentials(exchange, waiting, auth.token_url, client, auth.scopes)
    return HttpClient(base_url, signer, exchange)
