"""Waiting until a drop is complete, and putting it away when it was read."""

import os
from pathlib import Path

import pytest

from core.sources.sftp.conftest import Fetching, Sleeper
from rollbook.errors import SourceUnreachable
from rollbook.sources import sftp


def test_a_drop_that_stays_the_same_is_complete(fetch: Fetching, sleeper: Sleeper) -> None:
    fetch(settle_seconds=7)
    assert sleeper.slept == [7.0]


def test_one_that_grows_is_waited_for(fetch: Fetching, sleeper: Sleeper, root: Path) -> None:
    users = root / "drop" / "users.csv"
    whole = users.read_bytes()
    users.write_bytes(whole[:10])

    def upload(number: int) -> None:
        users.write_bytes(whole[: 10 + number * len(whole) // 4])

    sleeper.then = upload
    fetch()
    assert sleeper.slept == [5.0] * 5
    assert (fetch.into / "users.csv").read_bytes() == whole


def test_one_of_the_same_size_that_is_written_anew_is_waited_for(
    fetch: Fetching, sleeper: Sleeper, root: Path
) -> None:
    def upload(number: int) -> None:
        if number == 1:
            os.utime(root / "drop" / "users.csv", (1, 1))

    sleeper.then = upload
    fetch()
    assert sleeper.slept == [5.0] * 2


def test_one_that_never_stops_growing(fetch: Fetching, sleeper: Sleeper, root: Path) -> None:
    def upload(number: int) -> None:
        with (root / "drop" / "users.csv").open("ab") as file:
            file.write(b"x")

    sleeper.then = upload
    with pytest.raises(SourceUnreachable, match="still being written to after 1 minutes"):
        fetch(max_wait_minutes=1)
    assert sum(sleeper.slept) == 60
    assert not list(fetch.into.iterdir())


def marked(root: Path, seconds: int) -> None:
    """The marker, so many seconds younger than the youngest file."""
    youngest = max(file.stat().st_mtime for file in (root / "drop").glob("*.csv"))
    (root / "drop" / "done").touch()
    os.utime(root / "drop" / "done", (youngest + seconds,) * 2)


@pytest.mark.parametrize("seconds", [0, 60])
def test_a_marker_ends_the_waiting(
    fetch: Fetching, sleeper: Sleeper, root: Path, seconds: int
) -> None:
    marked(root, seconds)
    assert "done" not in fetch(marker="done")
    assert sleeper.slept == []


def test_a_marker_that_is_still_to_come(fetch: Fetching, sleeper: Sleeper, root: Path) -> None:
    there = root / "drop" / "users.csv"
    there.rename(root / "users.csv")

    def upload(number: int) -> None:
        if number == 2:
            (root / "users.csv").rename(there)
        if number == 3:
            marked(root, 1)

    sleeper.then = upload
    assert "users.csv" in fetch(marker="done")
    assert len(sleeper.slept) == 3


@pytest.mark.parametrize("there", [True, False])
def test_the_marker_of_another_night_is_none(fetch: Fetching, root: Path, there: bool) -> None:
    if there:
        marked(root, -60)
    words = "is older than the files" if there else "is not there"
    with pytest.raises(SourceUnreachable, match=f"The marker done {words} after 10 minutes"):
        fetch(marker="done")


def test_a_marker_without_files_is_waited_on(fetch: Fetching, root: Path) -> None:
    marked(root, 1)
    for file in (root / "drop").glob("*.csv"):
        file.unlink()
    with pytest.raises(SourceUnreachable, match="after 10 minutes"):
        fetch(marker="done")


def names(place: Path) -> set[str]:
    return {entry.name for entry in place.iterdir()}


def test_a_fetched_drop_stays_where_it_is(fetch: Fetching, root: Path) -> None:
    before = names(root / "drop")
    fetch()
    assert names(root / "drop") == before


def test_what_was_read_is_moved_with_its_time(fetch: Fetching, root: Path) -> None:
    before = names(root / "drop")
    for file in (root / "drop").iterdir():
        os.utime(file, (1_800_000_000,) * 2)
    _, drop = fetch.fetched()
    sftp.move_processed(fetch.address(), fetch.settings(processed_folder="read"), drop)
    assert names(root / "drop") == {"read"}
    assert names(root / "drop" / "read") == {
        name.replace(".csv", ".20270115-080000.csv") for name in before
    }


def test_nothing_is_written_over(fetch: Fetching, root: Path) -> None:
    settings = fetch.settings(processed_folder="/kept")
    for number in range(3):
        for name in ("users.csv", "orgs.csv"):
            (root / "drop" / name).write_text(str(number))
            os.utime(root / "drop" / name, (1_800_000_000,) * 2)
        _, drop = fetch.fetched()
        sftp.move_processed(fetch.address(), settings, drop)
    found = {file.name: file.read_text() for file in (root / "kept").glob("users*")}
    assert found == {
        "users.20270115-080000.csv": "0",
        "users.20270115-080000-2.csv": "1",
        "users.20270115-080000-3.csv": "2",
    }


def test_what_came_since_stays(fetch: Fetching, root: Path) -> None:
    _, drop = fetch.fetched()
    (root / "drop" / "users.csv").write_text("of another night")
    (root / "drop" / "new.csv").write_text("")
    sftp.move_processed(fetch.address(), fetch.settings(processed_folder="read"), drop)
    assert names(root / "drop") == {"read", "users.csv", "new.csv"}


def test_a_folder_that_cannot_be_made(fetch: Fetching, root: Path) -> None:
    (root / "file").write_text("")
    _, drop = fetch.fetched()
    with pytest.raises(SourceUnreachable):
        sftp.move_processed(fetch.address(), fetch.settings(processed_folder="/file"), drop)
    assert "users.csv" in names(root / "drop")
