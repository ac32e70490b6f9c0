"""On PostgreSQL, refuse to empty the tables whose rows may not be deleted; SQLite cannot anyway."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Guard each table that has a trigger against DELETE: TRUNCATE does not call that one."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(
        "CREATE FUNCTION refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'rows of % are kept: TRUNCATE refused', TG_TABLE_NAME; END $$"
    )
    kept = op.get_bind().exec_driver_sql(
        "SELECT DISTINCT event_object_table FROM information_schema.triggers "
        "WHERE trigger_name = event_object_table || '_refuses_delete'"
    )
    for (table,) in kept.all():
        op.execute(
            f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table} "
            "EXECUTE FUNCTION refuses_truncate()"
        )
