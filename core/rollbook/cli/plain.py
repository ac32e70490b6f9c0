"""Text for a terminal: names and messages without anything that a terminal would obey."""

from __future__ import annotations

import re

# C0 and C1 controls, line and paragraph separators, and the marks that turn the direction of text.
_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_BLANK = re.compile("[\t\n\r\x0b\x0c\x85\u2028\u2029]+")


def visible(text: str) -> str:
    """The text as it is seen: breaks become a blank, other control characters go."""
    return _OBEYED.sub("", _BLANK.sub(" ", text))
