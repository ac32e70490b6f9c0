"""The digest of a run, made again from what is saved of its account changes."""

from __future__ import annotations

from sqlalchemy import Connection

from rollbook.directory.account_changes import matching
from rollbook.roster.accounts import AccountChange, AccountVerb
from rollbook.roster.kinds import RoleGroup
from rollbook.runs.account_plan import AccountPlan


def digest_with_accounts(connection: Connection, run: str, of_records: str) -> str:
    """The digest of a run whose records have one, with the account changes that are saved."""
    plan = AccountPlan()
    for row in connection.execute(matching(run)):
        verb = AccountVerb(row.verb)
        change = AccountChange(verb, row.account, row.person, row.before, row.after)
        plan.add(change, RoleGroup(row.role), row.school, row.label)
    return plan.digest(of_records)
