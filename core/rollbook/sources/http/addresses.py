"""Addresses of a web service: where a link leads, and how an address is told."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, parse_qsl, urljoin, urlsplit

from rollbook.errors import SourceUnreachable

_PORTS = {"http": 80, "https": 443}
_TELLING = re.compile(r"token|secret|password|signature|key|oauth_|code", re.IGNORECASE)
"""Names of parameters whose values are nobody's business."""

_LONGEST = 200


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port. Raises ``ValueError`` for what is no address of the web."""
    parts = urlsplit(url)
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    if scheme not in _PORTS or not host or "\\" in url:
        raise ValueError("no address of the web")
    return scheme, host, parts.port or _PORTS[scheme]


def require_private(url: str, *, plain_allowed: bool) -> None:
    """Raise ``SourceUnreachable`` for an address to which nothing may be sent: one without
    encryption, unless it is this machine's own or the district's file allows it."""
    try:
        scheme, host, _ = origin(url)
    except ValueError:
        raise SourceUnreachable(
            "The address is none of the web.", remedy="Write it as https://host/path."
        ) from None
    if scheme == "http" and not plain_allowed and not _is_loopback(host):
        raise SourceUnreachable(
            f"http://{host} is not encrypted: the password and pupils' data would be open to all.",
            remedy='Use https, or put plain_http = "allowed" under [source.http].',
        )


def joined(base: str, path: str) -> str:
    """The address of a path below the base of the service."""
    return f"{base.rstrip('/')}/{path.lstrip('/')}"


def same_origin(base: str, url: str, link: str) -> str | None:
    """Where a link leads that was found at ``url``; ``None`` if it leads away from ``base``."""
    try:
        whole = urljoin(url, link)
        elsewhere = origin(whole) != origin(base) or "@" in urlsplit(whole).netloc
    except ValueError:
        return None
    return None if elsewhere else whole


def told_host(url: str, link: str) -> str:
    """The scheme and host that a link leads to, in words for an error."""
    try:
        scheme, host, port = origin(urljoin(url, link))
    except ValueError:
        return "an address that is none"
    return f"{scheme}://{host}" + ("" if port == _PORTS[scheme] else f":{port}")


def endpoint(method: str, base: str, url: str) -> str:
    """A request as it is told: ``GET /users?limit=100&offset=500``, its path below ``base``."""
    parts = urlsplit(url)
    root = urlsplit(base).path.rstrip("/")
    path = parts.path.removeprefix(root) if parts.path.startswith(f"{root}/") else parts.path
    text = f"{method} {path or '/'}{_told_query(parts)}"
    text = "".join(c if c.isprintable() else "�" for c in text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _told_query(parts: SplitResult) -> str:
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    told = [f"{name}={'…' if _TELLING.search(name) else value}" for name, value in pairs]
    return f"?{'&'.join(told)}" if told else ""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
