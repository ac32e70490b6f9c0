"""Two digests of a file's bytes: one that proves what it was, one that is quick to make again."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

import xxhash

_BLOCK = 1 << 20


class Digests(NamedTuple):
    """SHA-256, which nobody can counterfeit, and XXH3 with 128 bits, in a fifteenth of its time.

    By the second one a file of the same size is told to be the same: chance does not err there, and
    who writes the source's files gains nothing by having one overlooked.
    """

    sha256: str
    quick: str


class Hashing:
    """Both digests of bytes that come in blocks."""

    def __init__(self) -> None:
        self._sha256, self._quick = hashlib.sha256(), xxhash.xxh3_128()

    def update(self, block: bytes | memoryview) -> None:
        """Take in more bytes."""
        self._sha256.update(block)
        self._quick.update(block)

    def digests(self) -> Digests:
        """The digests of all that came in."""
        return Digests(self._sha256.hexdigest(), self._quick.hexdigest())


def digests_of(file: Path) -> Digests:
    """Both digests of a file. Raises ``OSError``."""
    hashing = Hashing()
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            hashing.update(block)
    return hashing.digests()


def quick_digest(file: Path) -> str:
    """The quick digest of a file as it is now. Raises ``OSError``."""
    quick, buffer = xxhash.xxh3_128(), memoryview(bytearray(_BLOCK))
    with file.open("rb", buffering=0) as stream:
        while read := stream.readinto(buffer):
            quick.update(buffer[:read])
    return quick.hexdigest()
