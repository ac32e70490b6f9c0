"""What went wrong between here and the server, in words."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import requests

from rollbook.errors import SourceUnreachable

_CLOCKS_APART = 300.0
"""Seconds; signatures and tokens are commonly refused from there on."""

_SMALLER = "Check the version in the address; if it is right, set a smaller page_size."

_REASONS = {
    400: ("did not understand the request", _SMALLER),
    401: ("does not accept the credentials", "Check key, secret and token."),
    403: ("does not let these credentials read this", "Ask for leave to read it (scopes)."),
    404: ("has nothing there", "Check the address in the district's file."),
    405: ("takes no such request there", "Check the address in the district's file."),
    408: ("gave up waiting", "Sync again later."),
    413: ("does not give so much at once", _SMALLER),
    422: ("did not understand the request", _SMALLER),
    429: ("wants fewer requests", "Sync again later, or lower requests_per_minute."),
}

_CERTIFICATE = {
    9: "is not valid yet",
    10: "has expired",
    18: "is signed by itself",
    19: "comes from an authority that is not trusted here",
    20: "comes from an authority that is not trusted here",
    21: "comes from an authority that is not trusted here",
    62: "belongs to another host",
    64: "belongs to another host",
}
"""By the codes of OpenSSL's verification (X509_V_ERR_…)."""


def of_status(status: int, endpoint: str, words: str, skew: float | None) -> SourceUnreachable:
    """The error for an answer that is none. ``words`` is what the server said, if anything."""
    message, remedy = _REASONS.get(
        status,
        ("has trouble of its own", "Sync again later; if it stays, ask who runs the server.")
        if status >= 500
        else ("answered what nobody expected", "Check the address in the district's file."),
    )
    if status == 401 and skew is not None and abs(skew) >= _CLOCKS_APART:
        remedy = f"The clocks are {abs(skew) / 60:.0f} minutes apart: set this machine's right."
    heard = f': "{words}"' if words else ""
    return SourceUnreachable(
        f"{endpoint}: the server {message} (status {status}){heard}.", remedy=remedy
    )


def of_redirect(status: int, endpoint: str, where: str) -> SourceUnreachable:
    """The error for being sent elsewhere."""
    return SourceUnreachable(
        f"{endpoint}: the server sends on to {where} (status {status}), which is not followed.",
        remedy="If that is the right place, name it in the district's file.",
    )


def of_connection(
    error: requests.exceptions.RequestException, endpoint: str
) -> tuple[SourceUnreachable, bool]:
    """The error for no answer at all, and whether trying again may help."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = _CERTIFICATE.get(cause.verify_code, "cannot be verified")
            return SourceUnreachable(
                f"{endpoint}: the server's certificate {why}.",
                remedy="Have it renewed, name the host it was made for, or give the file of a "
                "private authority as ca_bundle under [source.http].",
            ), False
        if isinstance(cause, ssl.SSLError):
            return SourceUnreachable(
                f"{endpoint}: no encrypted connection came about.",
                remedy="Check host and port; the server needs TLS 1.2 or newer.",
            ), False
    if isinstance(error, requests.exceptions.Timeout):
        return SourceUnreachable(
            f"{endpoint}: the server did not answer in time.",
            remedy="Sync again later, or raise timeout_seconds.",
        ), True
    if isinstance(error, requests.exceptions.ProxyError):
        return SourceUnreachable(
            f"{endpoint}: the proxy could not be reached.",
            remedy="Check HTTPS_PROXY and NO_PROXY in the environment.",
        ), True
    if isinstance(error, requests.exceptions.ConnectionError):
        return SourceUnreachable(
            f"{endpoint}: no connection to the server.",
            remedy="Check the host and the network, then sync again.",
        ), True
    return SourceUnreachable(
        f"{endpoint}: the request could not be made.",
        remedy="Check the address in the district's file.",
    ), False


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and whatever it wraps, each once."""
    seen: set[int] = set()
    left: list[BaseException] = [error]
    while left:
        one = left.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        inner = (one.__cause__, one.__context__, getattr(one, "reason", None), *one.args)
        left.extend(cause for cause in inner if isinstance(cause, BaseException))
