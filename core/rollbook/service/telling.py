"""Telling people: what has come up, the digest of a day, and sending it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rollbook.config.district import District
from rollbook.desk.desk import Desk
from rollbook.desk.notice_views import NoticeState
from rollbook.desk.noticing import (
    LATEST_DIGEST,
    gather_digests,
    gather_notices,
    next_digest,
    next_notice,
    send_notices,
)
from rollbook.errors import RollbookError
from rollbook.service.workers import InTurn, Workers

LOOKS_FOR_DIGESTS_EVERY = timedelta(hours=1)
"""How often it is looked whose digest is next, for districts that are new or have changed."""

_JOB = ".notices"


@dataclass
class Telling:
    """Who tells people, and what it remembers.

    ``postman`` sends notices: a mail server that is slow keeps nobody else waiting.
    """

    desk: Desk
    service: str
    tell: Callable[[str], None]
    on_fault: Callable[[Exception], None]
    postman: Workers = field(default_factory=InTurn)
    trouble: str = ""
    digests_until: datetime | None = None
    digests_at: datetime | None = None
    send_at: datetime | None = None

    def look(self, districts: Collection[District]) -> None:
        """Put what is new into the outbox, and have sent what is due."""
        try:
            gather_notices(self.desk)
            self._look_for_digests(districts)
            self.send_at = next_notice(self.desk)
            if self.send_at is not None and self.send_at <= self.desk.clock():
                self.postman.give(_JOB, self._send)
                self.send_at = next_notice(self.desk)
        except RollbookError as error:
            # Said once, not at every look.
            if str(error) != self.trouble:
                self.tell(f"notices: {error}")
            self.trouble = str(error)
        except Exception as error:
            self.tell(f"notices: a fault, {type(error).__name__}")
            self.on_fault(error)
        else:
            self.trouble = ""

    def next_moments(self) -> list[datetime]:
        """When the next digest is due, and the next notice to be sent unless one is being sent."""
        moments = [self.digests_at] if self.digests_at else []
        if self.send_at is not None and not self.postman.busy():
            moments.append(self.send_at)
        return moments

    def _look_for_digests(self, districts: Collection[District]) -> None:
        now = self.desk.clock()
        if self.digests_at is not None and now < self.digests_at:
            return
        since = self.digests_until or now - LATEST_DIGEST
        gather_digests(self.desk, districts, since, now)
        self.digests_until = now
        found = next_digest(districts, now)
        latest = now + LOOKS_FOR_DIGESTS_EVERY
        self.digests_at = min(found, latest) if found else latest

    def _send(self) -> None:
        """The postman's job."""
        try:
            while done := send_notices(self.desk, self.service):
                for notice in done:
                    if notice.state is not NoticeState.SENT or notice.message:
                        said = f"{notice.event} {notice.subject}, {notice.state.lower()}"
                        self.tell(f"notices: {said}: {notice.message}")
        except RollbookError as error:
            self.tell(f"notices: {error}")
        except Exception as error:
            self.tell(f"notices: a fault, {type(error).__name__}")
            self.on_fault(error)
