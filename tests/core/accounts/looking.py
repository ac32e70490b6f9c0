"""What tests ask of the accounts of a scene, and the invariants that hold at any time."""

from __future__ import annotations

from sqlalchemy import select

from core.scene import NORTH, Scene
from rollbook.desk.account_lists import account_changes, accounts
from rollbook.desk.account_views import AccountChangeFilter, AccountChangeRow, AccountRow
from rollbook.desk.views import HoldView, RunView
from rollbook.directory.tables import account_names
from rollbook.directory.tables import accounts as accounts_table
from rollbook.roster.accounts import name_key


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
