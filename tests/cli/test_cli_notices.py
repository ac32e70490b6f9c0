"""Schedules and notices on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Call
from servers.mail_server import PASSWORD, USER, running_mail_server


@pytest.fixture
def home(settled: Call, tmp_path: Path) -> Path:
    return tmp_path / "home"


def add_to_district(home: Path, text: str) -> None:
    with (home / "districts" / "northfield.toml").open("a", encoding="utf-8") as file:
        file.write(text)


def test_a_schedule_is_shown_with_its_next_times(settled: Call, home: Path) -> None:
    assert "No district has a [schedule]" in settled("schedule").err
    add_to_district(home, '\n[schedule]\ntimes = ["02:30"]\non_arrival = true\n')
    shown = settled("schedule", "northfield", "--count", "2")
    assert shown.code == 0
    assert shown.out.count("02:30") == 2
    assert "when files arrive" in shown.out
    assert "No service works on them just now" in shown.err
    [district] = settled("schedule", "--json").document["districts"]
    assert (district["times"], district["newest"]) == (["02:30"], [])
    assert "next read" in settled("district", "show", "northfield").out
    [summary] = settled("districts", "--json").document
    assert summary["source"]["next_at"] == district["next"][0]


def test_a_test_of_notices_says_how_it_went(settled: Call, home: Path, tmp_path: Path) -> None:
    assert "Nobody was told anything" in settled("notices").err
    refused = settled("notices", "test")
    assert refused.code == 2
    assert "there is no notices.toml" in refused.err
    password = tmp_path / "password"
    password.write_text(PASSWORD, encoding="utf-8")
    password.chmod(0o600)
    with running_mail_server(tmp_path) as mailbox:
        (home / "notices.toml").write_text(
            f'from = "r@x.org"\n[smtp]\nhost = "127.0.0.1"\nport = {mailbox.port}\n'
            f'user = "{USER}"\npassword = "file:{password}"\nca_bundle = "{mailbox.ca_bundle}"\n',
            encoding="utf-8",
        )
        sent = settled("notices", "test", "--to", "you@example.org")
        assert sent.code == 0
        assert "sent to you@example.org" in sent.out
        mailbox.on_data = "554 no"
        assert settled("notices", "test", "--to", "you@example.org").code == 1
    assert len(mailbox.mails) == 1
    assert settled("notices", "list", "--json").document == []


@pytest.mark.parametrize("where", ["nowhere", "127.0.0.1:99999", ":1"])
def test_a_place_to_listen_at_that_is_none_is_refused(settled: Call, where: str) -> None:
    refused = settled("serve", "--listen", where)
    assert refused.code == 2
    assert "is not HOST:PORT or off" in refused.err
