"""What tests ask of the accounts of a scene, and the invariants that hold at any time."""

from __future__ import annotations

from sqlalchemy import select, update

from core.scene import NORTH, Scene
from rollbook.changes.sequence import Changes
from rollbook.config.home import find_district
from rollbook.desk.account_lists import account_changes, accounts
from rollbook.desk.account_views import AccountChangeFilter, AccountChangeRow, AccountRow
from rollbook.desk.views import HoldView, RunView
from rollbook.directory.tables import account_bases, account_names
from rollbook.directory.tables import accounts as accounts_table
from rollbook.roster.accounts import name_key
from rollbook.runs.account_planning import plan_accounts
from rollbook.runs.account_spool import VERBS, Planned
from rollbook.runs.pauses import local_date


def account(scene: Scene, person: str) -> AccountRow:
    """The account of a person."""
    [found] = [row for row in accounts(scene.desk, NORTH) if row.person == person]
    return found


def rows(scene: Scene, run: str, **wanted: object) -> list[AccountChangeRow]:
    """The account changes of a run that fit."""
    wanted_rows = AccountChangeFilter(**wanted)  # type: ignore[arg-type]
    return list(account_changes(scene.desk, run, wanted_rows))


def told(view: RunView) -> dict[str, int]:
    """The account changes of a run by verb."""
    return {verb.value: number for verb, number in view.accounts.counts.items()}


def the_hold(view: RunView, rule: str) -> HoldView:
    """The hold of a rule."""
    found = [hold for hold in view.holds if hold.rule == rule]
    assert len(found) == 1
    return found[0]


def ledger(scene: Scene) -> dict[tuple[str, str], str]:
    """All names that were ever given, with their accounts."""
    with scene.desk.store.read() as connection:
        found = connection.execute(select(account_names))
        return {(row.namespace, row.name): row.account for row in found}


def left_over(scene: Scene) -> list[str]:
    """What deriving all accounts anew would still change: the runs so far have seen to the rest."""
    return [f"{VERBS[planned.verb]} {planned.person}" for planned in derived(scene)]


def derived(scene: Scene) -> list[Planned]:
    """What deriving all accounts anew would change."""
    district = find_district(scene.desk.home, NORTH)
    with scene.desk.store.engine.connect() as connection, connection.begin() as transaction:
        connection.execute(update(account_bases).values(basis="another"))
        today = local_date(scene.clock.now, district.timezone)
        plan = plan_accounts(connection, district, Changes.of(()), today, chance="0")
        transaction.rollback()
    return list(plan)


def names_belong(scene: Scene) -> None:
    """Every name in use is in the ledger, as the account's own, and nobody else has it."""
    book = ledger(scene)
    with scene.desk.store.read() as connection:
        held = connection.execute(select(accounts_table)).all()
    for row in held:
        assert book["username", name_key(row.username)] == row.id
        assert row.email is None or book["email", name_key(row.email)] == row.id
        assert row.state != "deleted" or row.delete_on is not None
    names = [name_key(row.username) for row in held]
    assert len(set(names)) == len(names)
