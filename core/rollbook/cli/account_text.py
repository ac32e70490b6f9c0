"""Accounts in words: lists, samples of a policy, the history of one, and what is due to go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import click

from rollbook.cli.tables import Column, note, print_block, print_table, say
from rollbook.cli.words import command_line, state, when
from rollbook.desk.account_views import (
    AccountChangeRow,
    AccountHistory,
    AccountRow,
    PurgePreview,
    SamplePreview,
)


def print_accounts(rows: Iterable[AccountRow]) -> None:
    """Print accounts as a table."""
    titles = ("person", "name", "role", "username", "address", "state", "why", "OU")
    found = [
        (
            row.person,
            row.label,
            row.role.value,
            row.username,
            row.email or "-",
            state(row.state.value),
            _why(row),
            row.ou or "-",
        )
        for row in rows
    ]
    if not found:
        note("No account fits that.")
        return
    print_table([Column(title, wraps=title in ("name", "why", "OU")) for title in titles], found)


def _why(row: AccountRow) -> str:
    words = [row.reason.value] if row.reason else []
    words += [f"suspend on {row.suspend_on}"] if row.suspend_on else []
    words += [f"delete from {row.delete_on}"] if row.delete_on else []
    return ", ".join(words) or "-"


def print_account_changes(rows: Iterable[AccountChangeRow]) -> None:
    """Print account changes, one a line: what happens to whom, before and after."""
    nothing = True
    for row in rows:
        nothing = False
        before = f"{_fields(row.before)} → " if row.before else ""
        say(f"{row.verb.value:<10} {row.person}  {row.label}  {before}{_fields(row.after)}")
    if nothing:
        note("No account change fits that.")


def _fields(values: Mapping[str, object]) -> str:
    shown = (f"{name.replace('_', ' ')}: {_value(value)}" for name, value in values.items())
    return "; ".join(shown) or "-"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return (", ".join(map(str, value)) if isinstance(value, list) else str(value or "")) or "-"


def print_samples(view: SamplePreview) -> None:
    """Print what a policy makes of some people, beside what they have."""
    year = f"The school year of the grades ends in {view.school_year}. " if view.school_year else ""
    say(f"{year}Nothing was saved, no name was given.")
    titles = ("person", "name", "username", "address", "OU", "groups", "has now")
    rows = []
    for found in view.samples:
        now = found.now.username if found.now else "-"
        if found.problem:
            rows.append((found.person, found.label, "-", "-", found.problem, "-", now))
            continue
        place = (found.ou or "-", ", ".join(found.groups) or "-")
        rows.append(
            (found.person, found.label, found.username or "-", found.email or "-", *place, now)
        )
    print_table([Column(title, wraps=title in ("name", "OU", "groups")) for title in titles], rows)


def print_history(view: AccountHistory) -> None:
    """Print an account, its names and what happened to it."""
    row = view.account
    say(f"{row.person}  {row.label}  {row.state.value}")
    print_block(
        [
            ("username", row.username),
            ("address", row.email or ""),
            ("OU", row.ou or ""),
            ("groups", ", ".join(row.groups)),
            ("why", _why(row) if row.reason else ""),
            ("password", "still to be made" if row.password_due else ""),
        ]
    )
    say()
    names = [
        (given.namespace, given.name, given.run, "now" if given.current else "kept")
        for given in view.names
    ]
    print_table([Column(title) for title in ("namespace", "name", "given in", "")], names)
    say()
    columns = [Column("run"), Column("at"), Column("what"), Column("lane")]
    columns += [Column("before", wraps=True), Column("after", wraps=True)]
    print_table(
        columns,
        [
            (
                event.run,
                when(event.at),
                event.verb.value,
                state(event.lane.value),
                _fields(event.before or {}),
                _fields(event.after),
            )
            for event in view.events
        ],
    )


def print_purge(ctx: click.Context, preview: PurgePreview) -> None:
    """Print the accounts that are due to be deleted, and what to type."""
    if not preview.count:
        say("No account is due to be deleted.")
        return
    say(f"{preview.count:,} suspended accounts are due to be deleted.")
    print_accounts(preview.accounts)
    if preview.count > len(preview.accounts):
        say(f"  and {preview.count - len(preview.accounts):,} more")
    words = ("--confirm", str(preview.count), "--reason", "WHY")
    say()
    print_block(
        [("to do it", command_line(ctx, "accounts", "purge", preview.district, *words))],
        wrap=False,
    )
