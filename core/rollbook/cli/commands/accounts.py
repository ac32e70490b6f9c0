"""Accounts: who has one, what a policy would make, what was given, and what is due to go."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from rollbook.cli.account_text import (
    print_account_changes,
    print_accounts,
    print_history,
    print_purge,
    print_samples,
)
from rollbook.cli.arguments import DISTRICT
from rollbook.cli.documents import emit, emit_stream, plain
from rollbook.cli.groups import Group
from rollbook.cli.run_text import tell_run
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import note, say
from rollbook.desk.account_views import (
    AccountChangeFilter,
    AccountFilter,
    AccountState,
    AccountVerb,
)
from rollbook.desk.views import RoleGroup

STATES = click.Choice([state.value for state in AccountState])
ROLES = click.Choice([RoleGroup.STUDENT.value, RoleGroup.STAFF.value])
VERBS = click.Choice([verb.value for verb in AccountVerb])
FORM = click.Choice(["table", "csv", "ndjson"])


@click.group(
    cls=Group,
    default="list",
    examples=(
        "rollbook accounts northfield",
        "rollbook accounts sample northfield --policy new.toml",
        "rollbook accounts changes northfield.12 --verb rename",
    ),
)
def accounts() -> None:
    """List accounts, try a policy, show what a run does to them, purge. Without a command: list."""


@accounts.command(
    "list",
    examples=(
        "rollbook accounts northfield --search okafor",
        "rollbook accounts northfield --state suspended --format csv > suspended.csv",
    ),
)
@click.argument("district_id", metavar="ID", type=DISTRICT)
@click.option("--search", help="Only where username, address, id or name contains this.")
@click.option("--state", type=STATES, help="Only accounts in this state.")
@click.option("--role", type=ROLES, help="Only accounts of this role.")
@click.option("--password-due", is_flag=True, help="Only those that still need a password.")
@click.option("--format", "form", type=FORM, default="table", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="A file.")
@click.pass_context
def list_accounts(
    ctx: click.Context,
    district_id: str,
    search: str | None,
    state: str | None,
    role: str | None,
    password_due: bool,
    form: str,
    output: Path | None,
) -> None:
    """List accounts, or export them."""
    from rollbook.desk.account_exports import account_lines, export_accounts
    from rollbook.desk.account_lists import accounts as find_accounts

    wanted = AccountFilter(
        search=search,
        state=AccountState(state) if state else None,
        role=RoleGroup(role) if role else None,
        password_due=password_due,
    )
    with open_desk(ctx) as desk:
        found = find_accounts(desk, district_id, wanted)
        if output is not None:
            rows = export_accounts(found, output, "csv" if form == "table" else form)
            _written(ctx, rows, output)
        elif settings(ctx).json:
            head = {"district": district_id, "count": len(found)}
            emit_stream(head, "accounts", map(plain, found))
        elif form != "table":
            _write(account_lines(found, form))
        elif not found and wanted == AccountFilter():
            note(
                f"{district_id} has no accounts yet. They come with [accounts.student] or "
                "[accounts.staff] in its file (docs/accounts.md), and a sync."
            )
        else:
            print_accounts(found)


@accounts.command(
    examples=(
        "rollbook accounts changes northfield.12 --verb rename",
        "rollbook accounts changes northfield.12 --hold northfield.12.h1 --format csv",
    )
)
@click.argument("run_id", metavar="RUN")
@click.option("--verb", type=VERBS, help="Only this verb.")
@click.option("--school", help="Only this school, by its org id.")
@click.option("--search", help="Only where name or id contains this.")
@click.option("--hold", help="Only what this hold keeps back.")
@click.option("--format", "form", type=FORM, default="table", show_default=True)
@click.pass_context
def changes(
    ctx: click.Context,
    run_id: str,
    verb: str | None,
    school: str | None,
    search: str | None,
    hold: str | None,
    form: str,
) -> None:
    """List what a run makes happen to accounts, with before and after."""
    from rollbook.desk.account_exports import account_change_lines
    from rollbook.desk.account_lists import account_changes

    wanted = AccountChangeFilter(
        verb=AccountVerb(verb) if verb else None, school=school, search=search, hold=hold
    )
    with open_desk(ctx) as desk:
        found = account_changes(desk, run_id, wanted)
        if settings(ctx).json:
            head = {"run": found.run, "digest": found.digest, "count": len(found)}
            emit_stream(head, "changes", map(plain, found))
        elif form == "table":
            print_account_changes(found)
        else:
            _write(account_change_lines(found, form))


@accounts.command(
    examples=(
        "rollbook accounts sample northfield",
        "rollbook accounts sample northfield --policy new.toml --person 1002 --person 1187",
    )
)
@click.argument("district_id", metavar="ID", type=DISTRICT)
@click.option(
    "--policy",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A TOML file with [accounts], to be tried before it is saved.",
)
@click.option("--person", "people", multiple=True, help="This person, by id; may be repeated.")
@click.option("--number", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.pass_context
def sample(
    ctx: click.Context, district_id: str, policy: Path | None, people: tuple[str, ...], number: int
) -> None:
    """Show what a policy makes of some people. Nothing is saved, no name is given."""
    from rollbook.desk.accounts import sample as try_policy

    with open_desk(ctx) as desk:
        view = try_policy(desk, district_id, policy=policy, people=people, number=number)
    if settings(ctx).json:
        emit(plain(view))
    else:
        print_samples(view)


@accounts.command(examples=("rollbook accounts history northfield 1002",))
@click.argument("district_id", metavar="ID", type=DISTRICT)
@click.argument("person", metavar="PERSON")
@click.pass_context
def history(ctx: click.Context, district_id: str, person: str) -> None:
    """Show the account of a person, every name it ever had, and what happened to it.

    PERSON is an id, or a username or an address that was ever given.
    """
    from rollbook.desk.accounts import history as show_history

    with open_desk(ctx) as desk:
        view = show_history(desk, district_id, person)
    if settings(ctx).json:
        emit(plain(view))
    else:
        print_history(view)


@accounts.command(
    examples=(
        "rollbook accounts purge northfield",
        "rollbook accounts purge northfield --confirm 31 --reason 'graduates of last year'",
    )
)
@click.argument("district_id", metavar="ID", type=DISTRICT)
@click.option("--confirm", type=int, metavar="N", help="The number that is due: make the run.")
@click.option("--reason", default="", help="Why; it is kept in the audit trail.")
@click.pass_context
def purge(ctx: click.Context, district_id: str, confirm: int | None, reason: str) -> int:
    """Show the suspended accounts that are due to be deleted, or make the run that deletes them.

    Without --confirm nothing is changed. With it, a run is made that waits for two people to
    approve its hold; nothing is deleted before. Exit code 3: the run waits.
    """
    from rollbook.desk.accounts import purge as make_purge
    from rollbook.desk.accounts import purge_preview

    with open_desk(ctx) as desk:
        if confirm is None:
            preview = purge_preview(desk, district_id)
            if settings(ctx).json:
                emit(plain(preview))
            else:
                print_purge(ctx, preview)
            return 0
        view = make_purge(desk, district_id, confirm=confirm, reason=reason)
    return tell_run(ctx, view)


def _write(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(line)


def _written(ctx: click.Context, rows: int, file: Path) -> None:
    if settings(ctx).json:
        emit({"file": str(file), "rows": rows})
    else:
        say(f"{rows:,} accounts written to {file}")
