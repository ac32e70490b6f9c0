"""What stands at a path decides how it is fetched."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rollbook.errors import InputRefused, SourceUnreachable
from rollbook.sources import location

from .small_set import SmallSet


@pytest.mark.parametrize("name", ["set.zip", "SET.ZIP", "latest"])
def test_folder_and_zip_give_the_same_files(name: str, tmp_path: Path) -> None:
    source = SmallSet().write(tmp_path / "source")
    archive = Path(shutil.make_archive(str(tmp_path / "made"), "zip", source))
    path = archive.rename(tmp_path / name)
    location.fetch(source, tmp_path / "from-folder")
    location.fetch(path, tmp_path / "from-zip")
    both = [
        {entry.name: entry.read_bytes() for entry in (tmp_path / into).iterdir()}
        for into in ("from-folder", "from-zip")
    ]
    assert both[0] == both[1]
    assert len(both[0]) == len(SmallSet().rows)


def test_a_broken_zip_is_refused_and_not_taken_for_no_zip(tmp_path: Path) -> None:
    (tmp_path / "set.zip").write_bytes(b"")
    with pytest.raises(InputRefused) as refused:
        location.fetch(tmp_path / "set.zip", tmp_path / "into")
    assert refused.value.code == "bad-archive"


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreachable, match="nothing at") as unreachable:
        location.fetch(tmp_path / "none", tmp_path / "into")
    assert unreachable.value.remedy


def test_a_file_that_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_text("sourcedId\n")
    with pytest.raises(SourceUnreachable, match="neither a folder nor a zip") as unreachable:
        location.fetch(tmp_path / "users.csv", tmp_path / "into")
    assert unreachable.value.remedy


def test_a_path_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_dir", denied)
    with pytest.raises(SourceUnreachable, match="may not be read") as unreachable:
        location.fetch(tmp_path, tmp_path / "into")
    assert unreachable.value.remedy
