"""Names of people in plain small letters, as usernames are made of them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

PARTICLES = frozenset(
    {
        *("af", "al", "ap", "av", "bin", "bint", "da", "dal", "das"),
        *("de", "degli", "dei", "del", "della", "der", "des", "di", "do"),
        *("dos", "du", "el", "ibn", "la", "las", "le", "los", "mac"),
        *("ter", "van", "vande", "vanden", "vander", "vom", "von", "zu", "zum"),
        *("zur", "y"),
    }
)
"""Words before a family name that some districts leave out."""

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_BREAKS = re.compile(r"[\s.,/_]+")


@lru_cache(maxsize=1 << 17)
def folded(name: str, hyphens: str, spaces: str, particles: str) -> str:
    """A name as small letters, digits and hyphens; blank where nothing of it can be written so.

    ``hyphens`` and ``spaces`` say what becomes of ``Ann-Marie`` and ``Ann Marie``, ``particles``
    whether words such as ``van der`` before a name stay (see ``config.accounts``).
    """
    plain = anyascii(unicodedata.normalize("NFC", name)).lower()
    words = [_one_word(word, hyphens) for word in _BREAKS.split(plain)]
    words = [word for word in words if word]
    if particles == "drop":
        while len(words) > 1 and words[0] in PARTICLES:
            del words[0]
    if spaces == "first":
        del words[1:]
    return ("-" if spaces == "hyphen" else "").join(words)


def _one_word(word: str, hyphens: str) -> str:
    pieces = [piece for piece in map(_plain, word.split("-")) if piece]
    if hyphens == "first":
        del pieces[1:]
    return ("-" if hyphens == "keep" else "").join(pieces)


def _plain(text: str) -> str:
    return _NOT_PLAIN.sub("", text)
