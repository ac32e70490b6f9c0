"""What is under way off the event loop, for the jobs line and for ``q``."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from rollbook_tui.untrusted import drawable

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Job:
    """Something under way. ``decides`` says that it carries out a person's decision.

    ``subject`` is what it works on, ``stage`` what it is doing, in words; ``total`` is unknown
    for ``None``.
    """

    number: int
    subject: str
    stage: str
    decides: bool
    done: int = 0
    total: int | None = None


def new_job(subject: str, stage: str, *, decides: bool) -> Job:
    """A job with a number of its own."""
    return Job(next(_numbers), subject, stage, decides)


def job_words(job: Job) -> str:
    """``northfield: comparing 41,200/120,000``."""
    words = f"{drawable(job.subject)}: {drawable(job.stage)}"
    if job.total:
        return f"{words} {job.done:,}/{job.total:,}"
    return f"{words} {job.done:,}" if job.done else f"{words} …"
