"""One request and its answer, tried again where that may help, signed anew each time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import requests

from rollbook.config.connections import Http
from rollbook.config.secrets import Secret
from rollbook.errors import InputRefused, RollbookError, SourceUnreachable
from rollbook.sources.http import failures
from rollbook.sources.http.addresses import endpoint, require_private, same_origin, told_host
from rollbook.sources.http.body import (
    MAX_BYTES,
    CutShort,
    TooLarge,
    TooSlow,
    parse,
    read_body,
)
from rollbook.sources.http.rate import rate_limit
from rollbook.sources.http.said import said
from rollbook.sources.http.session import Sessions
from rollbook.sources.http.waiting import MAX_TRIES, Waiting

_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_REDIRECTS = 5
_MAX_ERROR = 64 << 10

Sign = Callable[[requests.PreparedRequest], None]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of status 200 to 299: its JSON, and where it came from in the end."""

    json: Any
    headers: Mapping[str, str]
    url: str


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. ``base`` is the service: redirects lead nowhere else, and ``endpoint`` is told
    relative to it. ``secrets`` are not to be repeated from what the server says."""

    method: str
    base: str
    url: str
    sign: Sign
    secrets: Callable[[], tuple[Secret, ...]]
    form: Mapping[str, str] | None = None

    @property
    def endpoint(self) -> str:
        """The request as it is told."""
        return endpoint(self.method, self.base, self.url)


class Unauthorised(Exception):
    """Status 401; ``authorization`` is the header that was refused."""

    def __init__(self, error: SourceUnreachable, authorization: str) -> None:
        super().__init__()
        self.error = error
        self.authorization = authorization


class Missing(Exception):
    """Status 404."""

    def __init__(self, error: SourceUnreachable) -> None:
        super().__init__()
        self.error = error


class _TryAgain(Exception):
    """This try failed; ``wait`` are the seconds that the server asked for."""

    def __init__(self, error: RollbookError, wait: float | None = None) -> None:
        super().__init__()
        self.error = error
        self.wait = wait


class Exchange:
    """Makes requests. For several threads at once."""

    def __init__(self, http: Http, waiting: Waiting, account: str = "") -> None:
        """``account`` is whose requests the server counts, blank for those of this machine."""
        self._sessions = Sessions(http)
        self._per_minute = http.requests_per_minute
        self._account = account
        self._waiting = waiting
        self._patience = http.max_wait_minutes * 60
        self._plain_allowed = http.plain_http is not None

    def close(self) -> None:
        """Close all connections."""
        self._sessions.close()

    def ask(self, request: Request) -> Reply:
        """The answer to a request.

        Raises ``Unauthorised``, ``Missing``, ``SourceUnreachable`` and ``InputRefused``.
        """
        require_private(request.url, plain_allowed=self._plain_allowed)
        deadline = self._waiting.clock() + self._patience
        tries = 0
        while True:
            tries += 1
            try:
                return self._try(request, deadline)
            except _TryAgain as failed:
                pause = self._waiting.backoff(tries) if failed.wait is None else failed.wait
                if tries >= MAX_TRIES or self._waiting.clock() + pause > deadline:
                    raise failed.error from None
                self._waiting.sleep(pause)

    def _try(self, request: Request, deadline: float) -> Reply:
        url = request.url
        for _ in range(_MAX_REDIRECTS):
            rate_limit(url, self._per_minute, self._waiting, self._account).wait()
            prepared = self._prepare(request, url)
            try:
                response = self._sessions.send(prepared)
            except requests.exceptions.RequestException as error:
                told, again = failures.of_connection(error, request.endpoint)
                if again:
                    raise _TryAgain(told) from None
                raise told from None
            with response:
                if response.status_code not in _REDIRECTS:
                    return self._judge(request, response, url, deadline)
                url = self._redirected(request, response, url)
        raise SourceUnreachable(
            f"{request.endpoint}: the server sends on and on.",
            remedy="Check the address in the district's file.",
        )

    def _prepare(self, request: Request, url: str) -> requests.PreparedRequest:
        try:
            prepared = self._sessions.prepare(request.method, url, request.form)
        except (requests.exceptions.RequestException, UnicodeError):
            raise SourceUnreachable(
                f"{request.endpoint}: that is no address.",
                remedy="Check the address in the district's file.",
            ) from None
        request.sign(prepared)
        return prepared

    def _redirected(self, request: Request, response: requests.Response, url: str) -> str:
        link = response.headers.get("Location", "")
        where = same_origin(request.base, url, link)
        if where is None or request.method != "GET":
            raise failures.of_redirect(response.status_code, request.endpoint, told_host(url, link))
        return where

    def _judge(
        self, request: Request, response: requests.Response, url: str, deadline: float
    ) -> Reply:
        status = response.status_code
        if not 200 <= status < 300:
            self._refuse_status(request, response, deadline)
        in_time = self._in_time(deadline)
        try:
            body = read_body(response, in_time=in_time)
            document = parse(body, response.headers.get("Content-Type", ""), request.endpoint)
        except CutShort:
            raise _TryAgain(
                _refused(
                    request,
                    "http-cut-short",
                    "The answer broke off before its end, each time it was asked for.",
                    "Sync again later, or ask for smaller pages.",
                )
            ) from None
        except TooSlow:
            raise _TryAgain(
                SourceUnreachable(
                    f"{request.endpoint}: the answer came too slowly to wait for its end.",
                    remedy="Sync again later, or ask for smaller pages.",
                )
            ) from None
        except TooLarge:
            raise _refused(
                request,
                "http-too-large",
                f"The answer is larger than {MAX_BYTES >> 20} MB.",
                "Ask for smaller pages.",
            ) from None
        return Reply(document, response.headers, url)

    def _in_time(self, deadline: float) -> Callable[[], bool]:
        return lambda: self._waiting.clock() <= deadline

    def _until_reset(self, headers: Mapping[str, str], deadline: float) -> float | None:
        """The seconds until the limit counts anew, where that is before the deadline.

        A later time may be in another unit: each service writes this header as it likes.
        """
        wait = self._waiting.until_reset(headers.get("X-RateLimit-Reset"))
        late = wait is not None and self._waiting.clock() + wait > deadline
        return None if late else wait

    def _refuse_status(
        self, request: Request, response: requests.Response, deadline: float
    ) -> NoReturn:
        try:
            body = read_body(response, in_time=self._in_time(deadline), limit=_MAX_ERROR)
        except (CutShort, TooSlow, TooLarge):
            body = b""
        status, headers = response.status_code, response.headers
        error = failures.of_status(
            status,
            request.endpoint,
            said(body, request.secrets()),
            self._waiting.skew(headers.get("Date")),
        )
        if status == 401:
            raise Unauthorised(error, str(response.request.headers.get("Authorization", "")))
        if status == 404:
            raise Missing(error)
        if status in _AGAIN:
            wait = self._waiting.retry_after(headers.get("Retry-After"))
            if wait is None and status == 429:
                wait = self._until_reset(headers, deadline)
            raise _TryAgain(error, wait)
        raise error


def _refused(request: Request, code: str, message: str, remedy: str) -> InputRefused:
    return InputRefused(message, code=code, file=request.endpoint, remedy=remedy)
