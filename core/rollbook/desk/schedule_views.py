"""What the desk shows of schedules: when each district is read, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rollbook.roster.states import RunState, SlotState

__all__ = ["RunState", "ScheduleView", "ServiceView", "SlotState", "SlotView"]


@dataclass(frozen=True, slots=True)
class SlotView:
    """A slot that a service has claimed.

    ``slot`` is the day and wall time by the clocks of the district, or the arrival of files.
    ``missed`` is how many earlier slots this one stood for, ``tries`` how often it was begun;
    ``run_state`` is how its run stands now.
    """

    district: str
    slot: str
    due_at: datetime
    state: SlotState
    missed: int
    tries: int
    run: str | None
    run_state: RunState | None
    message: str


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """When a district is read: its next slots as instants, and what became of the newest.

    ``blackout_until`` is the end of the blackout that is in force now, ``arrives`` that the arrival
    of files is looked for as well.
    """

    district: str
    timezone: str
    times: tuple[str, ...]
    cron: tuple[str, ...]
    arrives: bool
    next: tuple[datetime, ...]
    blackout_until: datetime | None
    newest: tuple[SlotView, ...]


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A process that works on schedules and sends notices."""

    id: str
    host: str
    pid: int
    started_at: datetime
