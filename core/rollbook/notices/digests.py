"""The digest of a day: once a day, by a district's own clocks, what still waits for somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from rollbook.config.district import District
from rollbook.directory import alarms, outbox
from rollbook.notices.facts import about
from rollbook.notices.gathering import Waits, waits
from rollbook.roster.wall_time import instant_of

NIGHT = timedelta(hours=12)
"""How long something has to have waited before a digest is made for it."""

_WORDS = {
    "refused": "input refused",
    "unreachable": "source not reached",
    "given_up": "scheduled run failed",
    "accounts": "accounts wait for the list beside their policy",
}


@dataclass(frozen=True, slots=True)
class Silence:
    """That a source has sent nothing for longer than usual, since when."""

    since: datetime


def digest_instant(district: District, now: datetime) -> datetime | None:
    """The instant of a district's digest on the day that it is there; ``None`` without notices."""
    if district.notices is None:
        return None
    zone = ZoneInfo(district.timezone)
    wall = time.fromisoformat(district.notices.digest)
    return instant_of(datetime.combine(now.astimezone(zone).date(), wall), zone)


def put_digest(
    connection: Connection,
    now: datetime,
    district: District,
    due: datetime,
    channels: Sequence[str],
    silence: Silence | None,
) -> int:
    """Put a day's digest into the outbox, once, where anything has waited for longer than a night.

    What came up in that night has just been told, and is in the digest only beside something older.
    What is snoozed is left out. Returns how many notices were put.
    """
    known = alarms.of_district(connection, district.id)
    items, oldest = [], due
    for found in waits(connection, district, now):
        alarm = known.get(found.scope)
        if alarm is None or alarm.since > due or (alarm.quiet_until and alarm.quiet_until > now):
            continue
        items.append(_item(found.subject, _words(found), alarm.since))
        oldest = min(oldest, alarm.since)
    if silence is not None and silence.since <= due:
        words = "nothing came for longer than usual"
        items.append(_item(district.id, words, silence.since))
        oldest = min(oldest, silence.since)
    if due - oldest < NIGHT:
        return 0
    day = due.astimezone(ZoneInfo(district.timezone)).date().isoformat()
    facts = about(district) | {"day": day, "waiting": items}
    return sum(
        outbox.put(
            connection,
            key=f"digest/{district.id}/{day}",
            channel=channel,
            district=district.id,
            event="digest",
            subject=district.id,
            facts=facts,
            at=now,
        )
        for channel in channels
    )


def _item(subject: str, words: str, since: datetime) -> dict[str, str]:
    return {"id": subject, "words": words, "since": f"{since:%Y-%m-%d %H:%M} UTC"}


def _words(found: Waits) -> str:
    hold = found.facts.get("hold")
    if hold is None:
        return _WORDS[found.event]
    words = f"{hold['rule']} {hold['title']}: {hold['count']:,} of {hold['base']:,}"
    if hold["school"]:
        words += f", {hold['school']}"
    return words + (f", wants {hold['approvers']} people" if hold["approvers"] > 1 else "")
