"""The digests by which a file is proved, and known again."""

import hashlib
from pathlib import Path

import pytest
import xxhash

from rollbook.sources import folder, zip_archive
from rollbook.sources.hashing import Digests, Hashing, quick_digest

from .small_set import SmallSet
from .test_zip_archive import pack

BLOCK = 1 << 20


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 7])
def test_a_file_is_known_again_by_what_was_noted_of_its_blocks(tmp_path: Path, size: int) -> None:
    content = bytes(position % 251 for position in range(size))
    file = tmp_path / "file"
    file.write_bytes(content)
    hashing = Hashing()
    for start in range(0, size, 1000):
        hashing.update(content[start : start + 1000])
    assert hashing.digests() == Digests(
        hashlib.sha256(content).hexdigest(), xxhash.xxh3_128_hexdigest(content)
    )
    assert quick_digest(file) == hashing.digests().quick


def test_an_archive_gives_the_digests_of_its_files(tmp_path: Path) -> None:
    source = SmallSet().write(tmp_path / "source")
    entries = [(file.name, file.read_bytes()) for file in source.iterdir()]
    packed = zip_archive.fetch(pack(entries, tmp_path / "set.zip"), tmp_path / "unpacked")
    assert packed == folder.fetch(source, tmp_path / "copied")
