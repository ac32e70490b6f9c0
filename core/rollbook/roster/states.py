"""The states that runs, holds and merges go through."""

from __future__ import annotations

from enum import StrEnum


class RunKind(StrEnum):
    """What a run is for: a sync reads a source; the others are made at the desk. A purge deletes
    accounts that are due."""

    SYNC = "sync"
    UNDO = "undo"
    MERGE = "merge"
    PURGE = "purge"


class RunState(StrEnum):
    """Where a run is on its way."""

    FETCHING = "FETCHING"
    STAGED = "STAGED"
    PLANNED = "PLANNED"
    READY = "READY"
    HELD = "HELD"
    APPLYING = "APPLYING"
    NOOP = "NOOP"
    FETCH_FAILED = "FETCH_FAILED"
    INPUT_REFUSED = "INPUT_REFUSED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"
    SUPERSEDED = "SUPERSEDED"
    CANCELLED = "CANCELLED"
    APPLIED = "APPLIED"


UNDER_WAY = frozenset({RunState.FETCHING, RunState.STAGED, RunState.PLANNED, RunState.APPLYING})
"""A process is working on the run."""

WAITING = frozenset({RunState.READY, RunState.HELD})
"""The run waits for a person."""


class HoldState(StrEnum):
    """Where a hold is on its way. A snoozed hold is still open; it only keeps quiet."""

    OPEN = "OPEN"
    SNOOZED = "SNOOZED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    SUPERSEDED = "SUPERSEDED"
    EXPIRED = "EXPIRED"


UNDECIDED = frozenset({HoldState.OPEN, HoldState.SNOOZED})

RELINKED_RULE = "R4"
"""The rule whose holds can be answered by re-linking."""

CARRIED_RULES = frozenset({"R0", "R1", "R2", "R3", "R5", "R7", "C4", "C5"})
"""Rules that doubt records, not the input: what was approved of their holds carries over to a newer
changeset."""

GIVING_RULES = frozenset({"R7", "C4"})
"""Rules that hold what is given to somebody as well as what is taken."""


class MergeState(StrEnum):
    """A merge is in force until it is split."""

    ACTIVE = "ACTIVE"
    SPLIT = "SPLIT"


class SlotState(StrEnum):
    """Where a slot of a schedule is: a service works on it, will try again, is done, gave it up."""

    RUNNING = "RUNNING"
    AGAIN = "AGAIN"
    DONE = "DONE"
    FAILED = "FAILED"


UNFINISHED = frozenset({SlotState.RUNNING, SlotState.AGAIN})
"""A service still has something to do about the slot."""


class NoticeState(StrEnum):
    """Where a notice is: it waits, a service sends it, it was sent, or it was given up."""

    PENDING = "PENDING"
    SENDING = "SENDING"
    SENT = "SENT"
    DEAD = "DEAD"
