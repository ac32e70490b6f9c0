"""What a service does from time to time, whatever district it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from rollbook.desk.desk import Desk
from rollbook.desk.expiring import close_expired, reopen_unused
from rollbook.desk.noted_head import note_head
from rollbook.desk.services import bury_dead_services
from rollbook.desk.summer import end_awaited_pauses


@dataclass
class Chore:
    """Something to do every so often; ``do`` takes the desk and the service's id, and says what it
    did, or nothing."""

    name: str
    every: timedelta
    do: Callable[[Desk, str], str]
    next_at: datetime

    def done_at(self, now: datetime) -> None:
        """Count from now on."""
        self.next_at = now + self.every


def usual_chores(desk: Desk) -> list[Chore]:
    """All there are; each is done at the first look."""
    now = desk.clock()
    return [
        Chore("dead services", timedelta(hours=1), _bury, now),
        Chore("what waits too long", timedelta(hours=1), _expire, now),
        Chore("pauses until the roll-up", timedelta(hours=3), _end_pauses, now),
        Chore("the head of the audit trail", timedelta(hours=1), _note_head, now),
    ]


def _bury(desk: Desk, service: str) -> str:
    bury_dead_services(desk)
    return ""


def _end_pauses(desk: Desk, service: str) -> str:
    ended = end_awaited_pauses(desk)
    return "; ".join(
        f"{view.district}: pause {view.id} ends, the roll-up is done" for view in ended
    )


def _note_head(desk: Desk, service: str) -> str:
    return note_head(desk) or ""


def _expire(desk: Desk, service: str) -> str:
    closed, opened = close_expired(desk), reopen_unused(desk)
    said = [f"{closed} runs have waited too long"] if closed else []
    if opened:
        said.append(f"the approvals of {opened} holds were not used in time")
    return "; ".join(said)
