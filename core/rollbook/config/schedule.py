"""``[schedule]`` of a district's file: when its source is read without anybody asking."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, field_validator, model_validator

WallTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""``02:30``, by the clocks of the district."""

_SOME_DAY = datetime(2024, 1, 1)


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Blackout(_Table):
    """A time in which nothing is read by itself: days, hours of every day, or hours of some days.

    Both days are included; ``ends`` is not. Hours may go over midnight, and belong to the day on
    which they begin.
    """

    first_day: date | None = None
    last_day: date | None = None
    begins: WallTime | None = None
    ends: WallTime | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Blackout:
        if (self.first_day is None) != (self.last_day is None):
            raise ValueError("first_day and last_day go together")
        if (self.begins is None) != (self.ends is None):
            raise ValueError("begins and ends go together")
        if self.first_day is None and self.begins is None:
            raise ValueError("give days (first_day, last_day), hours (begins, ends) or both")
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValueError("last_day is before first_day")
        if self.begins is not None and self.begins == self.ends:
            raise ValueError("begins and ends are the same; for whole days give days alone")
        return self


class Schedule(_Table):
    """When a source is read: at ``times`` of every day, by ``cron`` lines, when files arrive.

    All of it is by the district's own clocks. ``blackouts`` go before everything else.
    """

    times: tuple[WallTime, ...] = ()
    cron: tuple[str, ...] = ()
    on_arrival: bool = False
    blackouts: tuple[Blackout, ...] = ()

    @field_validator("cron")
    @classmethod
    def _are_cron_lines(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if value:
            # Most districts name times, and need nothing that reads cron lines.
            from cronsim import CronSim, CronSimError

            for line in value:
                try:
                    next(CronSim(line, _SOME_DAY))
                except (CronSimError, StopIteration):
                    raise ValueError(
                        f"{line!r} is no cron line that ever comes: write minute, hour, day, "
                        "month and weekday"
                    ) from None
        return value

    @property
    def has_times(self) -> bool:
        """Whether anything is read at a time that can be told beforehand."""
        return bool(self.times or self.cron)

    def revision(self, timezone: str) -> str:
        """A digest of what decides when something is due: another one begins anew."""
        said = [timezone, sorted(self.times), sorted(self.cron)]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]
