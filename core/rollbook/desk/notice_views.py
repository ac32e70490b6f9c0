"""What the desk shows of notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rollbook.roster.states import NoticeState

__all__ = ["NoticeState", "NoticeView"]


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice: what it is about, by which channel it goes, and whether it was sent.

    ``next_at`` is when it is tried (again), for one that was not; ``message`` says why it was not,
    or what went wrong on the way.
    """

    id: int
    district: str | None
    event: str
    subject: str
    channel: str
    state: NoticeState
    created_at: datetime
    sent_at: datetime | None
    next_at: datetime | None
    tries: int
    message: str
