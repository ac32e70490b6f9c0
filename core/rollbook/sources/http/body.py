"""The body of an answer: bounded, whole, and JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, NoReturn

import requests

from rollbook.errors import InputRefused

MAX_BYTES = 128 << 20
"""After unpacking; a page of 10,000 people takes a tenth of it."""

_BLOCK = 1 << 16
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class CutShort(Exception):
    """The body ended before its end."""


class TooLarge(Exception):
    """The body is larger than anything a page can be."""


class TooSlow(Exception):
    """The body trickled in until nobody waited any longer."""


def read_body(
    response: requests.Response, *, in_time: Callable[[], bool], limit: int = MAX_BYTES
) -> bytes:
    """The bytes of an answer, unpacked.

    Raises ``CutShort`` where the connection ended first or the packing is damaged, ``TooLarge`` and
    ``TooSlow``.
    """
    blocks: list[bytes] = []
    size = 0
    try:
        for block in response.iter_content(_BLOCK):
            size += len(block)
            if size > limit:
                raise TooLarge
            if not in_time():
                raise TooSlow
            blocks.append(block)
    except (
        requests.exceptions.ChunkedEncodingError,
        requests.exceptions.ContentDecodingError,
        requests.exceptions.SSLError,
    ):
        raise CutShort from None
    except requests.exceptions.ConnectionError:
        raise TooSlow from None
    return b"".join(blocks)


def parse(body: bytes, content_type: str, endpoint: str) -> Any:
    """The object or list that a body says.

    Raises ``CutShort`` for JSON that breaks off, and ``InputRefused`` (``http-not-json``) for what
    is none.
    """
    start = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if "html" in content_type.lower() or start.startswith(b"<"):
        _refuse(
            endpoint,
            "The server answered with a web page instead of data: a page to log in, perhaps.",
            "Check the address, and that the credentials are those for the API.",
        )
    try:
        document = json.loads(body, parse_constant=_no_number)
        if _SURROGATE.search(body):
            _require_text(document)
    except json.JSONDecodeError as error:
        if _breaks_off(error):
            raise CutShort from None
        # Without its message: that has a piece of the body in it.
        _refuse(endpoint, "The answer is no JSON.", _ASK)
    except RecursionError:
        _refuse(endpoint, "The answer is nested too deeply for a roster.", _ASK)
    except ValueError:
        _refuse(endpoint, "The answer is no JSON.", _ASK)
    if not isinstance(document, dict | list):
        _refuse(endpoint, "The answer is a single value instead of a list or an object.", _ASK)
    return document


def _breaks_off(error: json.JSONDecodeError) -> bool:
    """Whether it is the end that is wrong: there, or in a word or a text that goes up to it."""
    left = len(error.doc.rstrip()) - error.pos
    open_text = error.msg.startswith("Unterminated string")
    return left <= 0 or open_text or (error.pos > 0 and left < len("\\u00e9"))


_ASK = "Check the address; if it is right, ask who runs the server."


def _no_number(text: str) -> NoReturn:
    raise ValueError("no number")


def _require_text(document: Any) -> None:
    """Half a character, which JSON can write and nothing can store, is a ``ValueError``."""
    json.dumps(document, ensure_ascii=False).encode()


def _refuse(endpoint: str, message: str, remedy: str) -> NoReturn:
    raise InputRefused(message, code="http-not-json", file=endpoint, remedy=remedy) from None
