"""Items 68-73: archives that are damaged, or made to harm."""

from __future__ import annotations

import io
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bad_inputs.corpus import BadInput, Outcome, Spoil

ARCHIVE = "set.zip"
EVIL = "evil.csv"

_REFUSED, _TAKEN = Outcome.REFUSED, Outcome.TAKEN

Entry = tuple[str | zipfile.ZipInfo, bytes]


def zipped(entries: Sequence[Entry]) -> bytes:
    """An archive of entries, in their order, names twice if need be."""
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # Python warns of a name that is there twice.
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in entries:
                archive.writestr(name, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def files_of(folder: Path) -> list[Entry]:
    """The set's files as entries."""
    return [(path.name, path.read_bytes()) for path in sorted(folder.glob("*.csv"))]


def packed(
    entries: Callable[[list[Entry]], list[Entry]] = lambda files: files,
    damage: Callable[[bytes], bytes] = lambda content: content,
) -> Spoil:
    """Pack the files, with other entries, and then damage the archive."""

    def spoil(folder: Path) -> None:
        (folder / ARCHIVE).write_bytes(damage(zipped(entries(files_of(folder)))))

    return spoil


def _and(*more: Entry) -> Callable[[list[Entry]], list[Entry]]:
    return lambda files: [*files, *more]


def _link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("results.csv")
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def _users_again(files: list[Entry]) -> list[Entry]:
    """A second ``users.csv`` of three bytes: what Python's ``read`` would give is the last one."""
    return [*files, ("users.csv", b"a,b")]


def _lying_size(content: bytes) -> bytes:
    """Every size in the archive's directory says a million bytes less, or nothing."""
    out = bytearray(content)
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        (size,) = struct.unpack_from("<L", out, at + 24)
        struct.pack_into("<L", out, at + 24, size // 2)
        at = content.find(b"PK\x01\x02", at + 4)
    return bytes(out)


def _encrypted(content: bytes) -> bytes:
    out = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        out[content.index(mark) + offset] |= 1
    return bytes(out)


def _bad_crc(content: bytes) -> bytes:
    out = bytearray(content)
    out[content.index(b"PK\x01\x02") + 16] ^= 0xFF
    return bytes(out)


def _flipped(content: bytes) -> bytes:
    """One bit of what is packed is another."""
    out = bytearray(content)
    out[len(out) // 3] ^= 0x10
    return bytes(out)


def _refused(name: str, code: str, spoil: Spoil, *, file: str | None = None) -> BadInput:
    return BadInput(name, _REFUSED, (code,), spoil=spoil, file=file)


_BOMB = bytes(20 << 20)

CASES: list[BadInput] = [
    BadInput(
        "39-every-file-twice",
        _REFUSED,
        ("archive-duplicate",),
        spoil=packed(lambda files: files * 2),
        file="academicSessions.csv",
    ),
    _refused(
        "39-twice-but-for-case",
        "archive-duplicate",
        packed(_and(("USERS.CSV", b"a,b"))),
        file="USERS.CSV",
    ),
    _refused(
        "68-a-bomb-beside-the-set",
        "archive-bomb",
        packed(_and(("results.csv", _BOMB))),
        file="results.csv",
    ),
    _refused(
        "68-too-many-entries",
        "archive-too-large",
        packed(_and(*((f"{n}.txt", b"") for n in range(101)))),
    ),
    _refused("69-sizes-that-lie", "bad-archive", packed(damage=_lying_size)),
    _refused("70-parent", "archive-path", packed(_and((f"../../{EVIL}", b"x"))), file=EVIL),
    _refused("70-absolute", "archive-path", packed(_and((f"/{EVIL}", b"x"))), file=EVIL),
    _refused("70-drive", "archive-path", packed(_and((f"C:\\{EVIL}", b"x"))), file=EVIL),
    _refused("70-backslash-parent", "archive-path", packed(_and((f"..\\{EVIL}", b"x"))), file=EVIL),
    _refused(
        "70-symlink",
        "archive-link",
        packed(lambda files: [*files, (_link(), b"/etc/passwd")]),
        file="results.csv",
    ),
    _refused("71-users-twice", "archive-duplicate", packed(_users_again), file="users.csv"),
    _refused(
        "71-in-two-folders",
        "archive-layout",
        packed(lambda files: [*files, ("old/orders.csv", b"a,b")]),
    ),
    _refused(
        "72-encrypted",
        "archive-encrypted",
        packed(damage=_encrypted),
        file="academicSessions.csv",
    ),
    _refused("72-cut-in-half", "bad-archive", packed(damage=lambda b: b[: len(b) // 2])),
    _refused("72-cut-at-the-end", "bad-archive", packed(damage=lambda b: b[:-7])),
    _refused("72-empty", "bad-archive", packed(damage=lambda b: b"")),
    _refused("72-checksum", "bad-archive", packed(damage=_bad_crc)),
    _refused("72-a-bit-flipped", "bad-archive", packed(damage=_flipped)),
    _refused(
        "73-an-archive-within",
        "archive-nested",
        packed(lambda files: [("inner.zip", zipped(files))]),
        file="inner.zip",
    ),
    _refused(
        "73-an-archive-beside-the-set",
        "archive-nested",
        packed(_and(("users.csv.gz", b"x"))),
        file="users.csv.gz",
    ),
    BadInput("68-a-sound-archive", _TAKEN, spoil=packed()),
]
