"""Who may log in to a store on PostgreSQL, and what somebody there types into psql."""

from datetime import UTC, datetime

from postgres.server import Server
from rollbook.desk import decisions
from rollbook.desk.desk import Desk
from rollbook.desk.views import HoldView, RunState
from rollbook.directory import audit

LOGINS = {
    "vera": "rollbook_viewer",
    "otto": "rollbook_operator",
    "anna": "rollbook_approver",
    "arno": "rollbook_approver",
}
"""Who may log in, and as what."""

OUTSIDER = "olga"
"""Somebody who may log in to the server and has no role of rollbook's."""


def approve(desk: Desk, hold: HoldView) -> RunState:
    """Approve a hold with the number that it shows; the state of its run then."""
    view = decisions.approve(desk, hold.id, confirm=hold.count, reason="seen")
    return view.summary.state


APPROVE = (
    "INSERT INTO approvals (hold, who, digest, generation, confirmed, reason, at, expires_at) "
    "VALUES ('{hold}', '{who}', 'd', 1, 6, 'x', now(), now() + interval '1 day')"
)
DECIDE = "UPDATE holds SET state = 'APPROVED', decided_by = '{who}' WHERE id = '{hold}'"


def entry(desk: Desk, who: str, **otherwise: object) -> str:
    """A statement that adds an entry to the trail; it goes on from the last one, but for what is
    said ``otherwise``."""
    with desk.store.read() as connection:
        [last] = audit.entries(connection, newest=1)
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    seq = last.seq + 1
    values: dict[str, object] = {
        **{"seq": seq, "at": at.isoformat(), "who": who, "event": "x", "body": ""},
        "previous": last.hash,
        "hash": audit.entry_hash(last.hash, seq, at, who, "x", None, None, ""),
        **otherwise,
    }
    listed = ", ".join(f"'{value}'" for value in values.values())
    return f"INSERT INTO audit ({', '.join(values)}) VALUES ({listed})"


def raw(postgres: Server, database: str, login: str, *statements: str, **words: str) -> None:
    """What somebody types into psql, in one transaction that is taken back."""
    with (
        postgres.connect(database, login) as connection,
        connection.transaction(force_rollback=True),
    ):
        for statement in statements:
            done = connection.execute(statement.format(**words))
            assert done.rowcount == 1, "it was let through, and did nothing"
