from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from core.scene import Scene
from core.service.served import Served, served
from rollbook.desk.notice_views import NoticeView
from rollbook.desk.noticing import notices
from servers.mail_server import PASSWORD, USER, Mailbox, running_mail_server

TO = "ops@north.example.org"

on_sqlite = pytest.mark.parametrize("server", ["sqlite"], indirect=True)
"""What is about words and mail servers, whatever the store is."""


@dataclass
class Told:
    """A service that tells people about a scene, and the mailbox that it fills."""

    it: Served
    mailbox: Mailbox

    @property
    def scene(self) -> Scene:
        """The scene that people are told about."""
        return self.it.scene

    def at(self, moment: datetime) -> list[EmailMessage]:
        """Look at a moment; the mails that came of that."""
        before = len(self.mailbox.mails)
        self.it.at(moment)
        return self.mailbox.mails[before:]

    def soon(self) -> list[EmailMessage]:
        """Look now."""
        return self.at(self.scene.clock.now)

    def rows(self) -> list[NoticeView]:
        """Every notice, oldest first."""
        return list(reversed(notices(self.scene.desk)))


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailbox]:
    """A mail server for the tests of a file."""
    with running_mail_server(tmp_path_factory.mktemp("mail")) as mailbox:
        yield mailbox


@pytest.fixture
def mailbox(post: Mailbox) -> Mailbox:
    """The mail server, empty and well."""
    post.mails.clear()
    post.envelopes.clear()
    post.logins.clear()
    post.on_data = ""
    post.on_recipient = {}
    post.connections = 0
    return post


def write_settings(home: Path, mailbox: Mailbox, more: str = "") -> None:
    """``notices.toml`` for a mailbox, with its password in a private file."""
    password = home / "mail-password"
    password.write_text(PASSWORD, encoding="utf-8")
    password.chmod(0o600)
    (home / "notices.toml").write_text(
        f'from = "rollbook@north.example.org"\n{more}\n[smtp]\nhost = "127.0.0.1"\n'
        f'port = {mailbox.port}\nuser = "{USER}"\npassword = "file:{password}"\n'
        f'ca_bundle = "{mailbox.ca_bundle}"\ntimeout_seconds = 5\n',
        encoding="utf-8",
    )


@pytest.fixture
def told(scene: Scene, mailbox: Mailbox) -> Iterator[Told]:
    """A service on a scene whose people are told."""
    write_settings(scene.desk.home.root, mailbox)
    scene.configure(notices={"to": (TO,)})
    with served(scene) as it:
        yield Told(it, mailbox)
