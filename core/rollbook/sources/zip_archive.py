"""Fetch the CSV files of a zip archive, with every guard that an untrusted archive needs."""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO, NoReturn

from rollbook.errors import InputRefused, SourceUnreachable
from rollbook.owner_only import owner_only
from rollbook.sources.hashing import Digests, Hashing

MAX_FILES = 100
"""Entries in an archive; OneRoster 1.2 knows 22 files."""

MAX_BYTES = 8 << 30
"""Bytes that an archive may unpack to: three times the set of a million students."""

MAX_RATIO = 100
"""Unpacked bytes to packed ones; rosters reach about 20, a bomb 1,000."""

RATIO_FROM = 1 << 20
"""Unpacked bytes from which on the ratio is judged: little files may be very regular."""

_BLOCK = 1 << 18
_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_ARCHIVES = (".zip", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar")
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    ValueError,
)
"""What ``zipfile`` raises on an archive that is damaged or made to harm."""
_DRIVE = re.compile(r"[A-Za-z]:")


def looks_like_zip(path: Path) -> bool:
    """Whether a file begins as a zip archive does."""
    with path.open("rb") as file:
        return file.read(4) in _MAGIC


def fetch(source: Path, into: Path) -> dict[str, Digests]:
    """Unpack the CSV files of the archive into the folder ``into`` (made if need be).

    Returns the digests of each file by its name: what is unpacked is hashed on its way.

    They sit at the archive's root or, all of them, in one folder: that is what zipping a folder
    gives, it leaves no doubt about which file is meant, and so it is no reason to send an
    operator away. What a Mac adds (``__MACOSX``) is passed over.

    Raises ``InputRefused`` for an archive that is damaged, encrypted or nested, for entries that
    point outside, links, two entries of one name, and for more than ``MAX_FILES``, ``MAX_BYTES``
    or ``MAX_RATIO``, judged on the bytes that come out and not on what the header says.
    """
    try:
        before = source.stat()
        with zipfile.ZipFile(source) as archive:
            entries = _wanted(archive.infolist())
            into.mkdir(mode=0o700, parents=True, exist_ok=True)
            unpacked = 0
            hashings = {name: Hashing() for name in entries}
            for name, info in entries.items():
                unpacked += _unpack(
                    archive, info, into / name, unpacked, before.st_size, hashings[name]
                )
        after = source.stat()
    except _DAMAGED:
        _refuse(
            "bad-archive",
            "The archive is damaged or was cut off.",
            "Transfer it again, in binary mode, or have the export write it anew.",
        )
    except OSError as error:
        raise SourceUnreachable(
            f"{error.filename or source} could not be unpacked: {error.strerror}.",
            remedy="Check that the archive can be read and that there is room for its files.",
        ) from None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        _refuse(
            "moved",
            "The archive changed while it was being read.",
            "Wait until the export has finished writing, then sync again.",
        )
    return {name: hashing.digests() for name, hashing in hashings.items()}


def _wanted(infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The entries to unpack by file name, after every entry has passed the guards."""
    if len(infos) > MAX_FILES:
        _refuse(
            "archive-too-large",
            f"The archive holds {len(infos):,} entries; {MAX_FILES} are the limit.",
            "Zip the roster's CSV files and nothing else.",
        )
    entries: dict[str, zipfile.ZipInfo] = {}
    folders: set[str] = set()
    for info in infos:
        # Some programs for Windows part folders by a backslash, against the format.
        path = info.orig_filename.replace("\\", "/")
        _check_entry(info, path)
        folder, _, name = path.rpartition("/")
        if not name.lower().endswith(".csv") or path.startswith("__MACOSX/"):
            continue
        folders.add(folder)
        if name.lower() in (known.lower() for known in entries):
            _refuse(
                "archive-duplicate",
                "The archive holds two files of that name.",
                "Keep the one that is meant and take the other out.",
                name,
            )
        entries[name] = info
    if not entries:
        _refuse(
            "archive-layout",
            "The archive holds no CSV file.",
            "Zip the roster's CSV files.",
        )
    if len(folders) > 1:
        _refuse(
            "archive-layout",
            "The archive's CSV files lie in several folders.",
            "Put all of them at the root of the archive.",
        )
    return entries


def _check_entry(info: zipfile.ZipInfo, path: str) -> None:
    """Refuse an entry that points outside, is no plain file, is encrypted or is an archive."""
    parts = path.split("/")
    if "\0" in path or ".." in parts or parts[0] == "" or _DRIVE.match(path):
        _refuse(
            "archive-path",
            "An entry of the archive has a path that leads out of it.",
            "Do not use this archive; find out who made it.",
            parts[-1].split("\0")[0] or None,
        )
    name = parts[-1] or None
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        _refuse(
            "archive-link",
            "An entry of the archive is a link or a device, not a file.",
            "Zip the files themselves.",
            name,
        )
    if info.flag_bits & 0x1:
        _refuse(
            "archive-encrypted",
            "The archive is encrypted.",
            "Send it without a password, over an encrypted connection.",
            name,
        )
    if path.lower().endswith(_ARCHIVES):
        _refuse(
            "archive-nested",
            "There is an archive inside the archive.",
            "Put the CSV files themselves at the root of the archive.",
            name,
        )


def _unpack(
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    target: Path,
    before: int,
    packed: int,
    hashing: Hashing,
) -> int:
    """Inflate one entry into ``target``, count what comes out and hash it; returns the bytes.

    ``before`` are the bytes that came out of earlier entries, ``packed`` those of the archive.
    """
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        _refuse(
            "bad-archive",
            "The archive uses a compression other than deflate.",
            "Zip it again with the usual settings.",
            target.name,
        )
    with owner_only(target) as writer, archive.open(info) as reader:
        written = _inflate(reader, writer, info, before, packed, hashing)
    if written != info.file_size:
        _refuse(
            "bad-archive",
            "The archive names another size than came out of it.",
            "Transfer it again, in binary mode, or have the export write it anew.",
            target.name,
        )
    return written


def _inflate(
    reader: IO[bytes],
    writer: IO[bytes],
    info: zipfile.ZipInfo,
    before: int,
    packed: int,
    hashing: Hashing,
) -> int:
    written = 0
    entry_limit = MAX_RATIO * max(1, min(info.compress_size, packed))
    while block := reader.read(_BLOCK):
        written += len(block)
        total = before + written
        if total > MAX_BYTES:
            _refuse(
                "archive-too-large",
                f"The archive unpacks to more than {MAX_BYTES:,} bytes.",
                "Zip the roster's CSV files and nothing else.",
                info.filename,
            )
        bomb = written > RATIO_FROM and written > entry_limit
        if bomb or (total > RATIO_FROM and total > MAX_RATIO * packed):
            _refuse(
                "archive-bomb",
                f"The archive unpacks to more than {MAX_RATIO} times its size: no roster does.",
                "Do not use this archive; find out who made it.",
                info.filename,
            )
        hashing.update(block)
        writer.write(block)
    return written


def _refuse(code: str, message: str, remedy: str, file: str | None = None) -> NoReturn:
    raise InputRefused(message, code=code, file=file, remedy=remedy) from None
