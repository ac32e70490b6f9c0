"""Sending what is in the outbox, and what becomes of each notice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from smtplib import SMTP

from rollbook.config.notices_file import NoticesFile
from rollbook.directory.outbox import NoticeRow
from rollbook.errors import RollbookError
from rollbook.notices import chat, mail
from rollbook.notices.channels import CHAT
from rollbook.notices.outcomes import NotSent, pause_after
from rollbook.notices.templates import Words, words_of
from rollbook.roster.states import NoticeState

Recipients = Callable[[str | None], Sequence[str]]
"""Who gets mail about a district."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a notice; ``next_at`` is when it is tried again, ``fault`` what only a fault
    of rollbook's, or of a template's, explains."""

    state: NoticeState
    message: str
    sent_at: datetime | None = None
    next_at: datetime | None = None
    fault: Exception | None = None


def deliver(
    rows: Iterable[NoticeRow],
    settings: NoticesFile | None,
    templates: Path,
    recipients: Recipients,
    clock: Callable[[], datetime],
) -> Iterator[tuple[NoticeRow, Outcome]]:
    """Send some notices, one after another; each with what became of it as soon as that is known.

    Mails go over one connection as long as it holds.
    """
    with Postman(settings, templates, recipients, clock) as postman:
        for row in rows:
            yield row, _delivered(postman, row, clock)


def _delivered(postman: Postman, row: NoticeRow, clock: Callable[[], datetime]) -> Outcome:
    try:
        said = postman.send(row)
    except (NotSent, RollbookError) as error:
        for_good = isinstance(error, NotSent) and error.for_good
        return _put_off(row, clock(), error.message, for_good=for_good)
    except Exception as error:
        outcome = _put_off(row, clock(), f"a fault: {type(error).__name__}", for_good=False)
        return replace(outcome, fault=error)
    return Outcome(NoticeState.SENT, said, sent_at=clock())


def _put_off(row: NoticeRow, now: datetime, message: str, *, for_good: bool) -> Outcome:
    pause = pause_after(row.tries)
    if pause is None or for_good:
        return Outcome(NoticeState.DEAD, message)
    return Outcome(NoticeState.PENDING, message, next_at=now + pause)


class Postman:
    """Keeps a connection to the mail server for as long as it is used."""

    def __init__(
        self,
        settings: NoticesFile | None,
        templates: Path,
        recipients: Recipients,
        clock: Callable[[], datetime],
    ) -> None:
        self._settings, self._templates = settings, templates
        self._recipients, self._clock = recipients, clock
        self._held = ExitStack()
        self._server: SMTP | None = None

    def __enter__(self) -> Postman:
        return self

    def __exit__(self, *error: object) -> None:
        self._hang_up()

    def send(self, row: NoticeRow) -> str:
        """Send a notice; returns what there is to say about it. Raises ``NotSent``, and
        ``RollbookError`` where a secret cannot be found."""
        if self._settings is None:
            raise NotSent("there is no notices.toml", for_good=False)
        words = words_of(row.event, row.facts, self._templates)
        if row.channel == CHAT:
            chat.send(self._settings.apprise, words)
            said = ""
        else:
            said = self._mail(row, words, self._settings)
        return "; ".join(filter(None, [said, *words.spoilt]))

    def _mail(self, row: NoticeRow, words: Words, settings: NoticesFile) -> str:
        to = self._recipients(row.district) or settings.to
        if settings.smtp is None or not to:
            raise NotSent("nobody is named whom to send it to", for_good=True)
        key = f"{row.key}/{row.id}"
        message = mail.message(words, key=key, sender=settings.sender, to=to, at=self._clock())
        if self._server is None:
            self._server = self._held.enter_context(mail.connected(settings.smtp, settings.sender))
        try:
            return mail.send(self._server, message, settings.sender, to)
        except NotSent:
            self._hang_up()
            raise

    def _hang_up(self) -> None:
        self._server = None
        self._held.close()
