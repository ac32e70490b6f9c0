"""A district whose files are on an SFTP server, from being added to the audit trail."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.conftest import Call
from rollbook.demo.shape import District
from rollbook.demo.write import write_oneroster
from servers.sftp_server import PASSWORD, USER, Behaviour, running_sftp_server

OTHER = "SHA256:" + "A" * 43


@pytest.fixture
def drop(tmp_path: Path, northfield: District) -> Path:
    write_oneroster(northfield, tmp_path / "root" / "drop")
    return tmp_path / "root" / "drop"


@pytest.fixture
def server(tmp_path: Path, drop: Path) -> Iterator[Behaviour]:
    with running_sftp_server(tmp_path / "root") as behaviour:
        yield behaviour


@pytest.fixture
def password(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text(PASSWORD)
    file.chmod(0o600)
    return file


@pytest.fixture
def added(call: Call, server: Behaviour, password: Path) -> Call:
    """The district, whose server's key nobody has trusted yet."""
    done = call(
        *("district", "add", "northfield", "--name", "Northfield"),
        *("--path", f"sftp://{USER}@127.0.0.1:{server.port}/drop"),
        *("--set", f"sftp.password=file:{password}"),
        *("--set", "sftp.settle_seconds=0.01"),
        *("--set", "sftp.processed_folder=read"),
    )
    assert done.code == 0, done.err
    return call


def district_file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "districts" / "northfield.toml"


def test_an_unknown_server_is_enrolled_by_its_fingerprint_and_then_read(
    added: Call, server: Behaviour, tmp_path: Path, drop: Path
) -> None:
    shown, *_ = server.fingerprints
    refused = added("district", "check", "northfield", "--json")
    assert refused.code == 1
    assert f"its key is {shown}" in refused.out
    assert f"--trust-host-key {shown}" in refused.out
    assert added("sync", "northfield").code == 1
    assert server.logins == []

    file = district_file(tmp_path)
    file.write_text(f"# Ours since 2019.\n{file.read_text()}")
    trusted = added("district", "check", "northfield", "--trust-host-key", shown)
    assert trusted.code == 0, trusted.err
    assert f"{shown} of 127.0.0.1 is trusted" in " ".join(trusted.out.split())
    assert file.read_text().startswith("# Ours since 2019.\n")
    assert f'host_keys = ["{shown}"]' in file.read_text()
    [event] = [e for e in added("audit", "--json").document if "host_key" in e["event"]]
    assert event["body"]["fingerprint"] == shown

    assert added("sync", "northfield", "--json", "--preview").code in (0, 3)
    assert (drop / "users.csv").exists()
    assert added("sync", "northfield", "--json").code in (0, 3)
    assert [entry.name for entry in drop.iterdir()] == ["read"]


def test_a_night_without_news_is_closed_as_one_and_put_away_too(
    added: Call, server: Behaviour, tmp_path: Path, drop: Path
) -> None:
    added("district", "check", "northfield", "--trust-host-key", server.fingerprints[0])
    [run] = [added("sync", "northfield", "--json").document]
    for hold in run["holds"]:
        reason = ("--confirm", str(hold["count"]), "--reason", "first sync")
        assert added("hold", "approve", hold["id"], *reason).code == 0
    for file in (drop / "read").iterdir():
        name, _, ending = file.name.split(".")
        file.rename(drop / f"{name}.{ending}")
    again = added("sync", "northfield", "--json").document
    assert again["state"] == "NOOP"
    newest, *_ = added("runs", "northfield", "--json").document
    assert "same, byte by byte" in newest["message"]
    assert [entry.name for entry in drop.iterdir()] == ["read"]


@pytest.mark.parametrize("fingerprint", [OTHER, "SHA256:short", "MD5:00:11"])
def test_no_other_key_is_trusted(
    added: Call, server: Behaviour, tmp_path: Path, fingerprint: str
) -> None:
    before = district_file(tmp_path).read_bytes()
    refused = added("district", "check", "northfield", "--trust-host-key", fingerprint)
    assert refused.code == (1 if fingerprint == OTHER else 2)
    assert district_file(tmp_path).read_bytes() == before
    assert server.logins == []


def test_a_new_key_takes_the_place_of_the_old_one(
    added: Call, server: Behaviour, tmp_path: Path
) -> None:
    for fingerprint in server.fingerprints:
        done = added("district", "check", "northfield", "--trust-host-key", fingerprint)
        assert done.code == 0, done.err
        assert f'host_keys = ["{fingerprint}"]' in district_file(tmp_path).read_text()


def test_a_district_in_a_folder_has_no_key(call: Call, tmp_path: Path, drop: Path) -> None:
    assert call("district", "add", "east", "--name", "East", "--path", drop).code == 0
    refused = call("district", "check", "east", "--trust-host-key", OTHER)
    assert refused.code == 2
    assert "not fetched from an SFTP server" in refused.err


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--path", "sftp://me:canary@host/drop"), "no password may stand in a path"),
        (("--path", "sftp://host/drop"), "write it as sftp://user@host:port/folder"),
        (("--path", "sftp://me@host/../etc"), "leads upwards"),
        (("--path", "sftp://me@host/drop"), "needs a table [source.sftp]"),
        (
            ("--path", "sftp://me@host/drop", "--set", "sftp.password=canary"),
            "no secret may stand in this file",
        ),
        (("--path", "/srv", "--set", "sftp.password=env:X"), "for a path that begins with sftp"),
    ],
)
def test_what_makes_no_sense_is_refused(call: Call, more: tuple[str, ...], said: str) -> None:
    refused = call("district", "add", "north", "--name", "North", *more)
    assert refused.code == 2
    assert said in " ".join(refused.err.split())
    assert "canary" not in refused.err + refused.out


def test_the_path_is_kept_as_it_was_given(added: Call, server: Behaviour, tmp_path: Path) -> None:
    path = f"sftp://{USER}@127.0.0.1:{server.port}/drop"
    assert f'path = "{path}"' in district_file(tmp_path).read_text()
    assert (
        added("district", "show", "northfield", "--json").document["summary"]["source_path"] == path
    )
    assert added("doctor").code in (0, 1)


def test_a_wrong_password_is_a_run_that_failed(
    added: Call, server: Behaviour, password: Path
) -> None:
    added("district", "check", "northfield", "--trust-host-key", server.fingerprints[0])
    password.write_text("canary-wrong")
    done = added("sync", "northfield", "--json")
    assert done.code == 1
    assert done.document["state"] == "FETCH_FAILED"
    assert "canary" not in done.out + done.err


def test_files_that_cannot_be_put_away_are_a_warning(
    added: Call, server: Behaviour, tmp_path: Path, drop: Path
) -> None:
    (drop / "read").write_text("a file where the folder should be")
    added("district", "check", "northfield", "--trust-host-key", server.fingerprints[0])
    done = added("sync", "northfield", "--json")
    assert done.code in (0, 3)
    assert done.document["findings"]["warning"] >= 1
    assert (drop / "users.csv").exists()


def test_no_artefact_of_a_home_holds_the_password(
    added: Call, server: Behaviour, tmp_path: Path, password: Path
) -> None:
    """After failures and successes alike: files, store, audit, logs, and what was printed."""
    added("district", "check", "northfield", "--trust-host-key", server.fingerprints[0])
    printed = [added("sync", "northfield", *more) for more in ((), ("--json",), ("--preview",))]
    password.write_text("canary-wrong")
    printed += [
        added("sync", "northfield"),
        added("district", "check", "northfield"),
        added("district", "show", "northfield", "--json"),
        added("audit", "--json"),
        added("config", "validate"),
        added("doctor"),
        added("runs", "--json"),
    ]
    canaries = (PASSWORD, "canary-wrong")
    assert not any(c in answer.out + answer.err for c in canaries for answer in printed)
    home = tmp_path / "home"
    with sqlite3.connect(home / "store.db") as store:
        store.execute("pragma wal_checkpoint(truncate)")
    store.close()
    seen = 0
    for folder, _, files in os.walk(home):
        for name in files:
            content = (Path(folder) / name).read_bytes()
            assert not any(canary.encode() in content for canary in canaries), name
            seen += 1
    assert seen > 5
