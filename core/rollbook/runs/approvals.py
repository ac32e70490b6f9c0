"""How long an approval counts, how many a hold still wants, and whose do not count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from rollbook.changes.access import takes_away
from rollbook.directory import changesets, holds, pauses, policies, standing, voided_approvals
from rollbook.directory.audit import Actor
from rollbook.directory.holds import HoldRow
from rollbook.directory.runs import RunRow
from rollbook.directory.tables import changes
from rollbook.errors import NotPermitted
from rollbook.roster.kinds import Kind
from rollbook.runs.pauses import begins_at

CHANGED_LATELY = timedelta(hours=24)
"""How long who changed the source or the thresholds may not be the only one to approve."""

CLOCK_LEEWAY = timedelta(minutes=5)
"""How far the clocks of two machines may be apart, or one be set back, without any harm."""


def good_approvals(
    connection: Connection, hold: HoldRow, digest: str, at: datetime, timezone: str
) -> list[Row[Any]]:
    """The approvals of a hold that count for a changeset, oldest first.

    None that is spent, too old, from before a pause of the district began, or from before the
    clock jumped; nor one from the future: the clock was set back since. Nobody knows how old such
    an approval is.
    """
    given = holds.good_approvals(connection, hold, digest, at)
    return _not_lapsed(connection, hold, given, at, timezone)


def shown_approvals(
    connection: Connection, hold: HoldRow, at: datetime, timezone: str
) -> list[Row[Any]]:
    """The approvals of a hold that count or were used, oldest first."""
    given = holds.given(connection, hold, at)
    used = [row for row in given if row.consumed_in is not None]
    unused = [row for row in given if row.consumed_in is None]
    good = _not_lapsed(connection, hold, unused, at, timezone)
    return sorted([*used, *good], key=lambda row: (row.at, row.who))


def _not_lapsed(
    connection: Connection,
    hold: HoldRow,
    given: Sequence[Row[Any]],
    at: datetime,
    timezone: str,
) -> list[Row[Any]]:
    if not given:
        return []
    begun = _beginnings(connection, hold.district, timezone)
    voided = voided_approvals.among(connection, {row.hold for row in given})
    return [
        row
        for row in given
        if row.at <= at + CLOCK_LEEWAY
        and not any(row.at < begins <= at for begins in begun)
        and (row.hold, row.who, row.at) not in voided
    ]


def good_until(
    connection: Connection, run: RunRow, at: datetime, hours: int, timezone: str
) -> datetime:
    """When an approval given now expires: after some hours, with its changeset, or at the
    beginning of the district's next pause, whichever is first."""
    to_come = [b for b in _beginnings(connection, run.district, timezone) if b > at]
    until: datetime = min(at + timedelta(hours=hours), run.expires_at, *to_come)
    return until


def _beginnings(connection: Connection, district: str, timezone: str) -> list[datetime]:
    """When each pause of a district begins or began."""
    found = (begins_at(row, timezone) for row in pauses.of_district(connection, district))
    return [begins for begins in found if begins is not None]


def still_missing(hold: HoldRow, given: Iterable[Row[Any]], changers: Set[str]) -> int:
    """How many approvals are missing.

    They are of different people, unless a single operator looks after the district: then it is
    the same one, twice. Who changed the policy is never enough alone.
    """
    rows = list(given)
    people = {row.who for row in rows}
    wanted = 2 if people and people <= changers else hold.approvers
    count = sum(row.times for row in rows) if hold.single_operator else len(people)
    return int(max(0, max(wanted, hold.approvers) - count))


def missing_at(
    connection: Connection, hold: HoldRow, digest: str, at: datetime, timezone: str
) -> int:
    """How many approvals of a changeset are missing at a time."""
    given = good_approvals(connection, hold, digest, at, timezone)
    changers = policies.changers_since(connection, hold.district, at - CHANGED_LATELY)
    return still_missing(hold, given, changers)


def refuse_unfit(
    connection: Connection,
    actor: Actor,
    hold: HoldRow,
    run: RunRow,
    given: Sequence[Row[Any]],
    digest: str,
) -> None:
    """Raise ``NotPermitted`` where somebody else has to approve.

    That is so for who has approved already, and for whom it would take out of the directory;
    ``given`` are the approvals that count.
    """
    if hold.single_operator:
        return
    own = next((row for row in given if row.who == actor.who), None)
    if own is not None:
        raise NotPermitted(
            f"{actor.who} has approved {hold.id} already, at {own.at:%Y-%m-%d %H:%M} UTC: it "
            "wants another person.",
            remedy="Ask a second operator to approve it, or see approvals.single_operator.",
        )
    # A first load takes nobody away, and who is re-linked stays.
    if not run.base_generation or digest != run.digest:
        return
    records = standing.own_records(connection, hold.district, actor.who)
    if not records:
        return
    query = changesets.matching(
        run.id, kind=Kind.USER, hold=None if hold.whole_run else hold.id
    ).where(changes.c.record_id.in_(records))
    if any(takes_away(changesets.change_of(row)) for row in connection.execute(query)):
        raise NotPermitted(
            f"{hold.id} takes away {actor.who}'s own record.",
            remedy="Somebody else has to decide about it.",
        )
