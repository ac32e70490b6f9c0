"""Schedules and notices on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Call
from servers.mail_server import PASSWORD, USER, running_mail_server


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a district that was never read."""
    file = tmp_path / "home" / "districts" / "northfield.toml"
    file.parent.mkdir(parents=True)
    file.write_text('name = "North"\n[source]\npath = "/nowhere"\n', encoding="utf-8")
    return tmp_path / "home"


def add_to_district(home: Path, text: str) -> None:
    with (home / "districts" / "northfield.toml").open("a", encoding="utf-8") as file:
        file.write(text)


def test_a_schedule_is_shown_with_its_next_times(call: Call, home: Path) -> None:
    assert "No district has a [schedule]" in call("schedule").err
    add_to_district(home, '\n[schedule]\ntimes = ["02:30"]\non_arrival = true\n')
    shown = call("schedule", "northfield", "--count", "2")
    assert shown.code == 0
    assert shown.out.count("02:30") == 2
    assert "when files arrive" in shown.out
    assert "No service works on them just now" in shown.err
    [district] = call("schedule", "--json").document["districts"]
    assert (district["times"], district["newest"]) == (["02:30"], [])
    assert "next read" in call("district", "show", "northfield").out
    [summary] = call("districts", "--json").document
    assert summary["source"]["next_at"] == district["next"][0]


def test_a_test_of_notices_says_how_it_went(call: Call, home: Path, tmp_path: Path) -> None:
    assert "Nobody was told anything" in call("notices").err
    refused = call("notices", "test")
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
        sent = call("notices", "test", "--to", "you@example.org")
        assert sent.code == 0
        assert "sent to you@example.org" in sent.out
        mailbox.on_data = "554 no"
        assert call("notices", "test", "--to", "you@example.org").code == 1
    assert len(mailbox.mails) == 1
    assert call("notices", "list", "--json").document == []


def test_a_place_to_listen_at_that_is_none_is_refused(call: Call) -> None:
    for where in ("nowhere", "127.0.0.1:99999", ":1"):
        refused = call("serve", "--listen", where)
        assert refused.code == 2
        assert "is not HOST:PORT or off" in refused.err
