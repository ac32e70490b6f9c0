"""Files from an SFTP server: as they are, whole, or not at all."""

import asyncio
import os
import shutil
import stat
import threading
import zipfile
from pathlib import Path

import asyncssh
import pytest

from core.sources.sftp.conftest import Fetching, Sleeper
from rollbook.errors import InputRefused, SourceUnreachable
from rollbook.sources import folder
from rollbook.sources.sftp.fetching import MAX_TRIES
from servers.sftp_server import Behaviour

Channel = asyncssh.SSHServerChannel[bytes]


def files(place: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in place.iterdir()}


def pack(root: Path, name: str = "set.zip") -> Path:
    """Put the set into a zip in its place."""
    with zipfile.ZipFile(root / "drop" / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted((root / "drop").glob("*.csv")):
            archive.write(file, file.name)
            file.unlink()
    return root / "drop" / name


def refusal(fetch: Fetching, place: str = "/drop", **changes: object) -> SourceUnreachable:
    with pytest.raises(SourceUnreachable) as refused:
        fetch(place, **changes)
    assert refused.value.remedy
    return refused.value


def test_the_files_come_as_a_folder_would_have_them(
    fetch: Fetching, root: Path, tmp_path: Path
) -> None:
    (root / "drop" / "readme.txt").write_text("not a roster")
    digests = fetch()
    assert files(fetch.into) == {
        name: content for name, content in files(root / "drop").items() if name.endswith(".csv")
    }
    assert digests == folder.fetch(root / "drop", tmp_path / "local")
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in fetch.into.iterdir())


def test_a_zip_in_the_folder_is_unpacked(fetch: Fetching, root: Path) -> None:
    there = files(root / "drop")
    pack(root)
    digests = fetch()
    assert files(fetch.into) == there
    assert digests.keys() == there.keys()


def test_a_zip_by_its_name(fetch: Fetching, root: Path) -> None:
    there = files(root / "drop")
    pack(root, "monday.zip")
    (root / "drop" / "sunday.zip").write_bytes(b"old")
    fetch("/drop/monday.zip")
    assert files(fetch.into) == there


def test_of_two_zips_nobody_knows_which(fetch: Fetching, root: Path) -> None:
    pack(root, "monday.zip")
    (root / "drop" / "sunday.zip").write_bytes(b"old")
    with pytest.raises(InputRefused, match="holds 2 zips") as refused:
        fetch()
    assert refused.value.code == "several-archives"


def test_a_zip_has_to_pass_every_guard(fetch: Fetching, root: Path) -> None:
    shutil.rmtree(root / "drop")
    (root / "drop").mkdir()
    with zipfile.ZipFile(root / "drop" / "set.zip", "w") as archive:
        archive.writestr("../../evil.csv", "x")
    with pytest.raises(InputRefused) as refused:
        fetch()
    assert refused.value.code == "archive-path"


def test_a_large_file_comes_in_pieces(fetch: Fetching, root: Path) -> None:
    content = os.urandom(9 << 20)
    (root / "drop" / "users.csv").write_bytes(content)
    fetch()
    assert (fetch.into / "users.csv").read_bytes() == content


def test_a_link_on_the_server_is_what_it_leads_to(fetch: Fetching, root: Path) -> None:
    (root / "drop" / "users.csv").rename(root / "drop" / "users-2026.txt")
    (root / "drop" / "users.csv").symlink_to("users-2026.txt")
    (root / "drop" / "folder.csv").mkdir()
    fetch()
    assert (fetch.into / "users.csv").read_bytes()
    assert not (fetch.into / "folder.csv").exists()


def test_the_folder_below_the_home(fetch: Fetching) -> None:
    assert fetch("/~/drop")


def test_a_missing_folder(fetch: Fetching) -> None:
    assert "There is no /none on 127.0.0.1" in refusal(fetch, "/none").message


def test_a_folder_without_files(fetch: Fetching, root: Path) -> None:
    (root / "empty").mkdir()
    assert "neither CSV files nor a zip" in refusal(fetch, "/empty").message


def test_permission_denied(fetch: Fetching, server: Behaviour) -> None:
    server.denied = True
    assert "northfield may not read /drop" in refusal(fetch).message
    assert fetch.sleeper.slept == []


@pytest.mark.parametrize(
    "name", [b"../../evil.csv", b"/etc/evil.csv", b"a\\b.csv", b"a\0b.csv", b"a\x1b[2Jb.csv"]
)
def test_names_that_play_tricks(
    fetch: Fetching, server: Behaviour, tmp_path: Path, name: bytes
) -> None:
    server.extra_names = [name]
    with pytest.raises(InputRefused) as refused:
        fetch()
    assert refused.value.code == "odd-name"
    assert "evil" not in str(refused.value)
    assert not fetch.into.exists() or not list(fetch.into.iterdir())


def test_odd_names_of_other_files_do_not_matter(fetch: Fetching, server: Behaviour) -> None:
    server.extra_names = [b"..", b"caf\xe9.txt"]
    assert fetch()


def test_a_name_that_is_no_utf8(fetch: Fetching, root: Path) -> None:
    (root / "drop" / os.fsdecode(b"caf\xe9.csv")).write_bytes(b"a\r\n")
    assert "caf\\xe9.csv" in fetch()
    assert (fetch.into / "caf\\xe9.csv").read_bytes() == b"a\r\n"


def test_names_that_differ_in_case_only(fetch: Fetching, root: Path) -> None:
    (root / "drop" / "USERS.csv").write_bytes(b"a\r\n")
    with pytest.raises(InputRefused, match="differ in case only"):
        fetch()


def test_more_than_a_drop_has(
    fetch: Fetching, server: Behaviour, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(101):
        (root / "drop" / f"{number}.csv").write_bytes(b"")
    with pytest.raises(InputRefused, match="more than 100 CSV files"):
        fetch()
    server.extra_names = [b"%d.txt" % number for number in range(10_000)]
    with pytest.raises(InputRefused, match="more than 10,000 names"):
        fetch()


def test_more_bytes_than_a_drop_has(
    fetch: Fetching, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (root / "drop" / "huge.csv").open("wb") as file:
        file.truncate((8 << 30) + 1)
    with pytest.raises(InputRefused, match="more than 8,589,934,592 bytes"):
        fetch()
    assert fetch.server.reads == 0


def breaking(times: int) -> tuple[list[int], object]:
    """Hang up in the middle of a file, for so many times."""
    broken: list[int] = []

    async def on_read(number: int, channel: Channel) -> None:
        if number % 3 == 0 and len(broken) < times:
            broken.append(number)
            channel.get_connection().abort()

    return broken, on_read


def test_a_line_that_breaks_is_tried_again(fetch: Fetching, server: Behaviour, root: Path) -> None:
    broken, server.on_read = breaking(2)  # type: ignore[assignment]
    fetch()
    assert len(broken) == 2
    assert files(fetch.into) == files(root / "drop")
    assert [s for s in fetch.sleeper.slept if s > 5] == [10.0]


def test_a_line_that_always_breaks(fetch: Fetching, server: Behaviour) -> None:
    broken, server.on_read = breaking(99)  # type: ignore[assignment]
    assert "broke off" in refusal(fetch).message
    assert len(broken) == MAX_TRIES


def test_a_server_that_stalls(fetch: Fetching, server: Behaviour) -> None:
    over = threading.Event()

    async def on_read(number: int, channel: Channel) -> None:
        while not over.is_set():
            await asyncio.sleep(0.01)

    server.on_read = on_read
    assert "did not answer in time" in refusal(fetch, timeout_seconds=0.3).message
    over.set()


def test_a_slow_server_is_waited_for(fetch: Fetching, server: Behaviour, root: Path) -> None:
    async def on_read(number: int, channel: Channel) -> None:
        await asyncio.sleep(0.02)

    server.on_read = on_read
    fetch(timeout_seconds=5)
    assert files(fetch.into) == files(root / "drop")


@pytest.mark.parametrize("change", ["grows", "shrinks", "is written anew", "goes", "comes"])
def test_what_changes_while_it_is_fetched(
    fetch: Fetching, server: Behaviour, root: Path, change: str
) -> None:
    users = root / "drop" / "users.csv"

    async def on_read(number: int, channel: Channel) -> None:
        if number > 1:
            return
        if change == "grows":
            users.write_bytes(users.read_bytes() + b"more\r\n")
        elif change == "shrinks":
            users.write_bytes(users.read_bytes()[:-5])
        elif change == "is written anew":
            os.utime(users, (1, 1))
        elif change == "goes":
            (root / "drop" / "academicSessions.csv").unlink()
        else:
            (root / "drop" / "more.csv").write_bytes(b"")

    server.on_read = on_read
    with pytest.raises(InputRefused, match="changed while it was being fetched") as refused:
        fetch()
    assert refused.value.code == "moved"


def test_a_full_disk_here_is_no_fault_of_the_servers(fetch: Fetching, sleeper: Sleeper) -> None:
    fetch.into.mkdir()
    (fetch.into / "users.csv").mkdir()
    with pytest.raises(IsADirectoryError):
        fetch()
    assert all(seconds <= 5 for seconds in sleeper.slept)
    assert fetch.server.lists == 2
