"""Why a file is not the UTF-8 that OneRoster wants, and where."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from rollbook.errors import InputRefused

_BLOCK = 1 << 20
_UTF8 = "Export the file as UTF-8."


@dataclass(frozen=True, slots=True)
class _Fault:
    """Offset of the byte that does not decode (from 0), its line (from 1), the byte, and whether
    the file ends within the letter."""

    offset: int
    line: int
    byte: int
    cut: bool


def check_width(path: Path) -> None:
    """Raise ``InputRefused`` (``utf-16``) for a file whose letters are two or four bytes wide."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in start:
        raise InputRefused(
            "The file is UTF-16 or UTF-32, not UTF-8.",
            code="utf-16",
            file=path.name,
            line=1,
            remedy=f"{_UTF8} In Excel that is 'CSV UTF-8', not 'Unicode Text'.",
        )


def not_utf8(path: Path) -> InputRefused:
    """The refusal of a file that does not decode: byte offset, line, and the likely encoding.

    ``truncated`` when the file ends within a letter, else ``not-utf8``.
    """
    fault = _first_fault(path)
    if fault is None:
        return InputRefused(
            "The file changed while it was being read.",
            code="moved",
            file=path.name,
            remedy="Wait until the export has finished writing, then sync again.",
        )
    if fault.cut:
        return InputRefused(
            f"The file ends within a letter, at byte {fault.offset:,}: it was cut off.",
            code="truncated",
            file=path.name,
            line=fault.line,
            remedy="Transfer the file again, or have the export write it anew.",
        )
    return InputRefused(
        f"The file is not UTF-8: byte {fault.offset:,} (counted from 0) is 0x{fault.byte:02X}.",
        code="not-utf8",
        file=path.name,
        line=fault.line,
        remedy=f"{_UTF8} This one looks like Windows-1252 (cp1252, 'ANSI').",
    )


def _first_fault(path: Path) -> _Fault | None:
    held = b""
    offset = feeds = returns = 0
    with path.open("rb") as file:
        while True:
            block = file.read(_BLOCK)
            held += block
            try:
                text, used = codecs.utf_8_decode(held, "strict", not block)
            except UnicodeDecodeError as error:
                feeds += held.count(b"\n", 0, error.start)
                returns += held.count(b"\r", 0, error.start)
                return _Fault(
                    offset=offset + error.start,
                    line=max(feeds, returns) + 1,
                    byte=held[error.start],
                    cut=error.reason == "unexpected end of data",
                )
            if not block:
                return None
            feeds += text.count("\n")
            returns += text.count("\r")
            offset += used
            held = held[used:]
