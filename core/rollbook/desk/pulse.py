"""A few numbers about the whole house, cheap enough to be asked for every few seconds."""

from __future__ import annotations

from dataclasses import dataclass

from rollbook.desk.desk import Desk
from rollbook.directory import overview


@dataclass(frozen=True, slots=True)
class Pulse:
    """What waits for a person, and notices by state."""

    open_holds: int
    waiting_runs: int
    notices: dict[str, int]


def pulse(desk: Desk) -> Pulse:
    """The numbers as they are now."""
    with desk.store.read() as connection:
        return Pulse(
            open_holds=overview.count_undecided(connection, desk.clock()),
            waiting_runs=overview.count_waiting(connection, desk.clock()),
            notices=overview.count_notices(connection),
        )
