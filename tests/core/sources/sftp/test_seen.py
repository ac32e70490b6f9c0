"""Looking whether a drop has arrived, without fetching it."""

from __future__ import annotations

import os
from pathlib import Path

from rollbook.config.district import District
from rollbook.desk.arrivals import is_remote, look
from servers.sftp_server import PASSWORD, USER, Behaviour


def district(server: Behaviour, password: Path, **more: object) -> District:
    return District.model_validate(
        {
            "id": "north",
            "name": "North",
            "source": {
                "path": f"sftp://{USER}@127.0.0.1:{server.port}/drop",
                "sftp": {
                    "password": f"file:{password}",
                    "host_keys": server.fingerprints,
                    **more,
                },
            },
        }
    )


def test_a_drop_is_known_again_and_noticed_when_it_changes(
    server: Behaviour, root: Path, tmp_path: Path
) -> None:
    password = tmp_path / "password"
    password.write_text(PASSWORD)
    password.chmod(0o600)
    north = district(server, password)
    assert is_remote(north)
    first = look(north)
    assert first is not None
    assert look(north) == first
    users = root / "drop" / "users.csv"
    users.write_text(users.read_text() + " ")
    assert look(north) not in (None, first)
    assert server.reads == 0, "nothing was fetched"


def test_a_drop_without_its_marker_has_not_arrived(
    server: Behaviour, root: Path, tmp_path: Path
) -> None:
    password = tmp_path / "password"
    password.write_text(PASSWORD)
    password.chmod(0o600)
    north = district(server, password, marker="done")
    assert look(north) is None
    marker = root / "drop" / "done"
    marker.touch()
    os.utime(marker, (1, 1))
    assert look(north) is None, "it is older than the files"
    marker.touch()
    assert look(north) is not None


def test_what_cannot_be_looked_at_has_not_arrived_and_what_is_refused_has(
    server: Behaviour, root: Path, tmp_path: Path
) -> None:
    north = district(server, tmp_path / "nowhere")
    assert look(north) is None
    password = tmp_path / "password"
    password.write_text(PASSWORD)
    password.chmod(0o600)
    north = district(server, password)
    for name in ("users.csv", "Users.CSV"):
        (root / "drop" / name).write_text("x")
    assert look(north) is not None, "a sync has to say so"
