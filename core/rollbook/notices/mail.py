"""Sending notices by mail."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from rollbook.config.notices_file import Smtp
from rollbook.config.secrets.resolve import resolve
from rollbook.notices.outcomes import NotSent
from rollbook.notices.templates import Words


def message(
    words: Words, *, key: str, sender: str, to: Sequence[str], at: datetime
) -> EmailMessage:
    """A mail. The same notice always has the same id, however often it is sent."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"rollbook <{sender}>"
    mail["To"] = ", ".join(to)
    mail["Subject"] = words.subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{_domain(sender)}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(words.text)
    if words.html:
        mail.add_alternative(words.html, subtype="html")
    return mail


@contextmanager
def connected(settings: Smtp, sender: str) -> Iterator[smtplib.SMTP]:
    """A server that takes mail. Raises ``NotSent`` where it cannot be had or does not let one in,
    and ``SourceUnreachable`` where the password cannot be found."""
    password = resolve(settings.password, purpose="mail password") if settings.password else None
    server: smtplib.SMTP | None = None
    try:
        server = _dialled(settings, sender)
        if password is not None and settings.user is not None:
            server.login(settings.user, password.reveal())
    except (smtplib.SMTPException, OSError) as error:
        if server is not None:
            server.close()
        raise NotSent(_said(error), for_good=False) from None
    try:
        yield server
    finally:
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()


def send(server: smtplib.SMTP, mail: EmailMessage, sender: str, to: Sequence[str]) -> str:
    """Hand a mail over; returns what there is to say, such as addresses that were refused.

    Raises ``NotSent``: for good where the server says that it will never take it.
    """
    try:
        refused = server.send_message(mail, sender, list(to))
    except smtplib.SMTPRecipientsRefused as error:
        codes = {code for code, _ in error.recipients.values()}
        told = ", ".join(map(str, sorted(codes)))
        raise NotSent(f"every address was refused ({told})", for_good=min(codes) >= 500) from None
    except smtplib.SMTPResponseException as error:
        raise NotSent(_said(error), for_good=500 <= error.smtp_code < 600) from None
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(_said(error), for_good=False) from None
    return f"{len(refused)} of {len(to)} addresses were refused" if refused else ""


def _dialled(settings: Smtp, sender: str) -> smtplib.SMTP:
    # Named, or else the machine's name would be looked up, which may take long.
    name = _domain(sender)
    timeout = settings.timeout_seconds
    if settings.security == "tls":
        context = _context(settings)
        return smtplib.SMTP_SSL(
            settings.host, settings.port, name, timeout=timeout, context=context
        )
    server = smtplib.SMTP(settings.host, settings.port, name, timeout=timeout)
    if settings.security == "starttls":
        try:
            server.starttls(context=_context(settings))
        except BaseException:
            server.close()
            raise
    return server


def _context(settings: Smtp) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=settings.ca_bundle)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _said(error: Exception) -> str:
    """What went wrong, without the words of the server: they are anybody's."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the server answered {error.smtp_code} ({type(error).__name__})"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the server's certificate does not hold: {error.verify_message}"
    if isinstance(error, OSError) and error.strerror:
        return f"the server could not be reached: {error.strerror}"
    return f"the server could not be used ({type(error).__name__})"


def _domain(address: str) -> str:
    return address.rpartition("@")[2]
