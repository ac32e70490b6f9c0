"""An approval that a newer file overtook, where the newer file takes away no more than it allowed.

Only what was approved and not applied yet is carried over, of the same rule in the same scope and
under the same policy, that of accounts too, and only where every removal and update is one of those
approved, at the same version. What R7 holds may be a role that is given, and what C4 holds a seat
in another class: there an addition has to be one of those approved as well. What is given or
changed has to say the very same. One record more is a new decision. R4, R6 and R9 doubt the input
itself: a new input is looked at anew.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, update

from rollbook.config.district import District
from rollbook.directory import audit, changesets, holds, runs
from rollbook.directory.audit import Actor
from rollbook.directory.holds import HoldRow
from rollbook.directory.runs import RunRow
from rollbook.directory.tables import changes
from rollbook.directory.tables import holds as holds_table
from rollbook.roster.changes import Change, Verb
from rollbook.roster.states import (
    CARRIED_RULES,
    GIVING_RULES,
    UNDECIDED,
    WAITING,
    HoldState,
    RunKind,
    RunState,
)
from rollbook.runs.account_basis import by_this_policy
from rollbook.runs.approvals import good_approvals, missing_at

Key = tuple[str, str, str, int | None, str]


@dataclass(frozen=True, slots=True)
class Offer:
    """A hold with approvals that nobody has used, all that it allowed, and its district's zone."""

    hold: HoldRow
    allowed: frozenset[Key]
    timezone: str


def offered(connection: Connection, actor: Actor, district: District, kind: RunKind) -> list[Offer]:
    """What the waiting runs of a kind have to offer, before they are superseded."""
    return [
        Offer(hold, _destructive(connection, hold), district.timezone)
        for run in runs.in_states(connection, district.id, WAITING)
        if run.kind == kind
        and run.policy_revision == district.policy_revision()
        and by_this_policy(district, run.account_basis)
        for hold in holds.of_run(connection, run.id)
        if hold.rule in CARRIED_RULES
        and hold.state in {*UNDECIDED, HoldState.APPROVED}
        and not holds.is_spent(connection, hold)
        and good_approvals(connection, hold, run.digest, actor.at, district.timezone)
    ]


def carry_over(
    connection: Connection, actor: Actor, run: RunRow, offers: Sequence[Offer]
) -> RunRow:
    """Let the holds of a new run have the approvals that were offered, where they cover all.

    A run that nothing keeps back any more is READY.
    """
    if not offers:
        return run
    for hold in holds.of_run(connection, run.id):
        wanted = _destructive(connection, hold)
        offer = next((o for o in offers if _same(o.hold, hold) and wanted <= o.allowed), None)
        if offer is None:
            continue
        connection.execute(
            update(holds_table)
            .where(holds_table.c.id == hold.id)
            .values(carried_from=offer.hold.id)
        )
        carried = holds.get(connection, hold.id)
        given = good_approvals(connection, carried, run.digest, actor.at, offer.timezone)
        people = [row.who for row in given]
        audit.write(
            connection,
            actor,
            "approval.carried",
            district=hold.district,
            subject=hold.id,
            body={"from": offer.hold.id, "who": people, "count": hold.records},
        )
        if not missing_at(connection, carried, run.digest, actor.at, offer.timezone):
            holds.settle(
                connection,
                actor,
                carried,
                HoldState.APPROVED,
                reason=f"carried over from {offer.hold.id}: {given[-1].reason}",
                body={"digest": run.digest, "by": people},
            )
    if run.state != RunState.HELD or any(
        hold.state in UNDECIDED for hold in holds.of_run(connection, run.id)
    ):
        return run
    return runs.move(
        connection,
        actor,
        run,
        RunState.READY,
        message="Approved before a newer file came: that approval covers all of it.",
    )


def _same(older: HoldRow, newer: HoldRow) -> bool:
    names = ("rule", "kind", "verb", "school", "role", "whole_run")
    return all(getattr(older, name) == getattr(newer, name) for name in names)


def _destructive(connection: Connection, hold: HoldRow) -> frozenset[Key]:
    """Every removal and update that a hold lets go, and what it gives to privileged people; a hold
    of the whole run answers for all."""
    query = changesets.matching(hold.run, hold=None if hold.whole_run else hold.id)
    if hold.rule not in GIVING_RULES:
        query = query.where(changes.c.verb != Verb.ADD)
    return frozenset(_key(changesets.change_of(row)) for row in connection.execute(query))


def _key(change: Change) -> Key:
    content = ""
    if change.verb is not Verb.REMOVE:
        content = json.dumps([change.before, change.after], sort_keys=True)
    return change.kind, change.id, change.verb, change.before_version, content
