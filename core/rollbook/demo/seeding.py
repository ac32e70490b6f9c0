"""Seeding a home with districts in telling states, by the real engine on several simulated days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rollbook import collector
from rollbook.config.home import Home, expanded
from rollbook.demo.scenes.elk_ridge import elk_ridge
from rollbook.demo.scenes.harlow import harlow
from rollbook.demo.scenes.lakemont import lakemont
from rollbook.demo.scenes.marlow import marlow
from rollbook.demo.scenes.northfield import northfield
from rollbook.demo.scenes.pinecrest import pinecrest
from rollbook.demo.scenes.riverton import riverton
from rollbook.demo.stage import ZONE, Stage, StoryClock, play
from rollbook.desk.desk import open_desk
from rollbook.desk.views import Progress
from rollbook.directory.store import sqlite_url

END = time(6, 30)
"""When the last simulated day ends."""

_SCENES = {
    "elk-ridge": elk_ridge,
    "harlow": harlow,
    "lakemont": lakemont,
    "marlow": marlow,
    "northfield": northfield,
    "pinecrest": pinecrest,
    "riverton": riverton,
}


def seed(
    home: Path,
    *,
    seed: int = 7,
    today: date | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> None:
    """Make the demonstration's districts in ``home``, which has none of them yet.

    Every act goes through the desk, at times that end on ``today`` at 06:30 in Chicago (by
    default the last such moment that has been). The same seed, ``today`` and home give the same
    store: ids, digests and hashes; just the measured timings differ, and what the digits by
    chance in accounts' names would be made of. ``progress`` hears which district is at which day.
    Raises what the desk raises, such as ``ConfigInvalid`` for a district that is there already.
    """
    last = today or _last_day(datetime.now(UTC))
    clock = StoryClock(datetime.combine(last, time(), UTC) - timedelta(days=400))
    root = expanded(home).resolve()
    desk = open_desk(root, store_url=sqlite_url(Home(root).store), operator="demo", clock=clock)
    try:
        stage = Stage(home=root, today=last, seed=seed, desk=desk)
        with collector.paused():
            play({name: scene(stage) for name, scene in _SCENES.items()}, clock, progress)
    finally:
        desk.close()


def _last_day(now: datetime) -> date:
    """The newest day whose end has been."""
    local = now.astimezone(ZoneInfo(ZONE))
    return local.date() - timedelta(days=local.time() < END)
