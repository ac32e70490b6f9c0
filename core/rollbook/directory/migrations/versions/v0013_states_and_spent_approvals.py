"""The database refuses states that there are not, and to use an approval a second time."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_STATES = {
    "runs": (
        *("FETCHING", "STAGED", "PLANNED", "READY", "HELD", "APPLYING", "NOOP", "FETCH_FAILED"),
        *("INPUT_REFUSED", "REJECTED", "EXPIRED", "SUPERSEDED", "CANCELLED", "APPLIED"),
    ),
    "holds": ("OPEN", "SNOOZED", "APPROVED", "REJECTED", "SUPERSEDED", "EXPIRED"),
    "merges": ("ACTIVE", "SPLIT"),
}


def upgrade() -> None:
    """Guard what is written from now on; rows that are there already are left as they are."""
    for table, states in _STATES.items():
        known = ", ".join(f"'{state}'" for state in states)
        for verb in ("INSERT", "UPDATE"):
            _refuse(verb, table, f"NEW.state NOT IN ({known})", "there is no such state")
    for verb in ("UPDATE", "DELETE"):
        _refuse(verb, "approvals", "OLD.consumed_in IS NOT NULL", "used ones are kept")


def _refuse(verb: str, table: str, when: str, why: str) -> None:
    name = f"{table}_refuses_{verb.lower()}"
    message = f"rows of {table}: {why}, {verb} refused"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW WHEN ({when}) "
        f"EXECUTE FUNCTION {name}()"
    )
