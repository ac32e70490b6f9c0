"""What a server said about an error, as far as it may be told."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import quote

from rollbook.config.secrets import Secret

_LONGEST = 200
_WORDS = (
    "imsx_description",
    "error_description",
    "error_message",
    "message",
    "detail",
    "title",
    "error",
)
"""The fields in which OneRoster, OAuth 2, Clever and RFC 9457 say what is wrong."""

_QUOTED = re.compile(
    r"'[^']{0,200}'|\"[^\"]{0,200}\"|\u2018[^\u2019]{0,200}\u2019|\u201c[^\u201d]{0,200}\u201d"
)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_SHORTEST = 4
"""A shorter secret would take single letters out of every sentence."""


def said(body: bytes, secrets: Iterable[Secret]) -> str:
    """One short line of a JSON error body, or nothing.

    Secrets are taken out, and so is what is quoted or an e-mail address: it may be a person. A page
    for people (HTML) and whatever else has no field for a message is not repeated at all.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    text = _message(document)
    for secret in secrets:
        text = _without(text, secret.reveal())
    text = _EMAIL.sub("…", _QUOTED.sub("…", text))
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _message(document: object) -> str:
    for _ in range(3):
        if isinstance(document, list) and document:
            document = document[0]
        if not isinstance(document, dict):
            break
        for name in _WORDS:
            value = document.get(name)
            if isinstance(value, str) and value.strip():
                return value
        document = document.get("error") or document.get("errors")
    return ""


def _without(text: str, secret: str) -> str:
    if len(secret) < _SHORTEST:
        return text
    encoded = base64.b64encode(secret.encode()).decode()
    for form in (secret, quote(secret, safe=""), encoded):
        text = text.replace(form, "…")
    return text
