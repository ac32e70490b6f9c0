"""How many approvals a hold still wants, and whose do not count."""

from __future__ import annotations

from collections.abc import Iterable, Set
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from rollbook.changes.access import takes_away
from rollbook.directory import changesets, holds, policies, standing
from rollbook.directory.audit import Actor
from rollbook.directory.holds import HoldRow
from rollbook.directory.runs import RunRow
from rollbook.directory.tables import changes
from rollbook.errors import NotPermitted
from rollbook.roster.kinds import Kind

CHANGED_LATELY = timedelta(hours=24)
"""How long who changed the source or the thresholds may not be the only one to approve."""


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


def missing_at(connection: Connection, hold: HoldRow, digest: str, at: datetime) -> int:
    """How many approvals of a changeset are missing at a time."""
    given = holds.good_approvals(connection, hold, digest, at)
    changers = policies.changers_since(connection, hold.district, at - CHANGED_LATELY)
    return still_missing(hold, given, changers)


def refuse_unfit(
    connection: Connection, actor: Actor, hold: HoldRow, run: RunRow, digest: str
) -> None:
    """Raise ``NotPermitted`` where somebody else has to approve.

    That is so for who has approved already, and for whom it would take out of the directory.
    """
    if hold.single_operator:
        return
    given = holds.good_approvals(connection, hold, digest, actor.at)
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
