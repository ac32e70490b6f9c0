"""Text that comes from a roster, made safe to draw.

Textual's ``Content(text)`` parses no markup; what is left to do is to take out what a terminal
would act on: control characters, and the marks that turn the reading direction around.
"""

from __future__ import annotations

import unicodedata

_TURNING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def drawable(text: str) -> str:
    """``text`` in one line and without control characters; what separated words stays a space."""
    if text.isprintable():
        return text
    return "".join(_drawable(character) for character in text)


def _drawable(character: str) -> str:
    if character in "\t\n\r\u2028\u2029\x0b\x0c\x85":
        return " "
    if character in _TURNING or unicodedata.category(character) in {"Cc", "Cs"}:
        return ""
    return character
