"""Deleting the accounts that are due: a run of its own, which always waits for two people."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from rollbook.accounts.differences import deletion
from rollbook.changes.labels import person_name
from rollbook.changes.nothing import NO_CONSEQUENCES, NO_DIGEST
from rollbook.config.district import District
from rollbook.directory import account_changes, accounts, audit, changesets, holds, runs
from rollbook.directory.apply import generation_of
from rollbook.directory.audit import Actor
from rollbook.directory.changesets import PlannedLane
from rollbook.directory.runs import RunRow
from rollbook.errors import Held, Stale
from rollbook.holds.account_rules import deletions
from rollbook.roster.accounts import AccountVerb
from rollbook.roster.records import text
from rollbook.roster.states import WAITING, RunKind, RunState
from rollbook.runs.account_plan import AccountPlan
from rollbook.runs.account_rules import excluded_people
from rollbook.runs.hold_row import hold_row
from rollbook.runs.pauses import local_date


def purge(
    connection: Connection, actor: Actor, district: District, *, confirm: int, reason: str
) -> RunRow:
    """A run that deletes the accounts that are due, held until two people have approved it.

    Raises ``Stale`` when another number is due, and ``Held`` while something else of the district
    waits: a run that is made takes the place of what waits.
    """
    for waiting in runs.in_states(connection, district.id, WAITING):
        raise Held(
            f"run {waiting.id} waits for a decision.",
            remedy="Decide about it first: a purge would take its place.",
        )
    today = local_date(actor.at, district.timezone)
    due = accounts.deletable(connection, district.id, today, excluded_people(district))
    if len(due) != confirm or not due:
        raise Stale(
            f"{len(due):,} accounts are due to be deleted, not {confirm:,}.",
            remedy="Look at the list again and confirm the number that you see.",
        )
    run = runs.get(
        connection, runs.create(connection, actor, district.id, RunKind.PURGE, reason=reason)
    )
    plan = AccountPlan()
    people = [account.person for account in due]
    users = accounts.users(connection, district.id, people, _NAMES)
    for account in due:
        values = users[account.person][0] if account.person in users else {}
        label = person_name(values) or account.person
        plan.add(deletion(account), account.role, text(values, "primary_org_id"), label)
    expires = actor.at + timedelta(days=district.approvals.changeset_days)
    hold = deletions(len(due), accounts.count(connection, district.id))
    covers = {AccountVerb.DELETE.value: {"account": hold.count}}
    holds.save(connection, [hold_row(run, district, actor, f"{run.id}.h1", hold, covers, expires)])
    changesets.save_lanes(connection, run.id, [PlannedLane(0, None, (), {})])
    rows = ((seq, 0, AccountVerb.DELETE.value, *planned[1:8]) for seq, planned in enumerate(plan))
    account_changes.save_rows(connection, run.id, rows)
    account_changes.save_counts(connection, run.id, {(0, AccountVerb.DELETE): len(due)}, {})
    generation = generation_of(connection, district.id)
    planned_run = runs.move(
        connection,
        actor,
        run,
        RunState.PLANNED,
        body={"digest": plan.digest(NO_DIGEST), "account_changes": len(due)},
        digest=plan.digest(NO_DIGEST),
        base_generation=generation,
        expected_generation=generation,
        policy_revision=district.policy_revision(),
        counts={},
        schools=[],
        consequences=NO_CONSEQUENCES | {"delete": len(due)},
        expires_at=expires,
    )
    audit.write(
        connection,
        actor,
        "hold.raised",
        district=district.id,
        subject=run.id,
        body={"rule": hold.rule, "kind": hold.kind, "school": None, "count": hold.count},
    )
    return runs.move(connection, actor, planned_run, RunState.HELD, message=f"Held by {hold.rule}.")


def refuse_excluded(connection: Connection, run: str, district: District) -> None:
    """Raise ``Stale`` where somebody whose account a purge deletes is excluded by now."""
    excluded = excluded_people(district)
    if account_changes.is_about(connection, run, excluded):
        raise Stale(
            f"people of run {run} are excluded from the account policy by now.",
            remedy="Turn it down, look at the list again and make another one.",
        )


_NAMES = (
    *("given_name", "family_name", "preferred_given_name", "preferred_family_name"),
    "primary_org_id",
)
