"""The messages that screens and the app send each other. What they carry is frozen."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from rollbook_tui.jobs import Job


@dataclass
class JobStarted(Message):
    """Something began off the event loop."""

    job: Job


@dataclass
class JobMoved(Message):
    """It got further."""

    job: Job


@dataclass
class JobEnded(Message):
    """It is over, whichever way."""

    job: Job


@dataclass
class StoreMoved(Message, bubble=False):
    """Something was written to the store, here or by another process: what is shown may be old."""

    pulse: int
