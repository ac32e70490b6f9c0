"""A mail server on 127.0.0.1, with STARTTLS and a login, that breaks as a test tells it."""

from __future__ import annotations

import asyncio
import email
import email.policy
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "rollbook", "canary-mail-password"


@dataclass
class Mailbox:
    """What came, and what the server answers instead of taking it."""

    port: int = 0
    ca_bundle: Path = Path()
    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    on_data: str = ""
    on_recipient: dict[str, str] = field(default_factory=dict)
    connections: int = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self.on_recipient.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.on_data:
            return self.on_data
        content = envelope.content
        assert isinstance(content, bytes)
        parsed = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        self.mails.append(parsed)
        self.envelopes.append(envelope)
        return "250 OK"

    def log_in(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: Any
    ) -> AuthResult:
        """Let in who knows the password."""
        assert isinstance(login, LoginPassword)
        good = (login.login, login.password) == (USER.encode(), PASSWORD.encode())
        self.logins.append(login.login.decode())
        return AuthResult(success=good, handled=False)


@contextmanager
def running_mail_server(folder: Path, *, port: int = 0) -> Iterator[Mailbox]:
    """The server for the block; ``folder`` gets the certificate of its authority."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    mailbox = Mailbox(ca_bundle=folder / "mail-ca.pem")
    authority.cert_pem.write_to_path(str(mailbox.ca_bundle))
    loop = asyncio.new_event_loop()

    def factory() -> SMTP:
        mailbox.connections += 1
        return SMTP(
            mailbox,
            hostname="mail.example.org",
            tls_context=context,
            require_starttls=True,
            auth_required=True,
            auth_require_tls=True,
            authenticator=mailbox.log_in,
            loop=loop,
        )

    server = loop.run_until_complete(loop.create_server(factory, "127.0.0.1", port))
    mailbox.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def end() -> None:
        server.close()
        await server.wait_closed()
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await asyncio.sleep(0.01)

    try:
        yield mailbox
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
