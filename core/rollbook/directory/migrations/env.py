"""Alembic's entry: it migrates over the connection that rollbook hands in."""

from alembic import context

from rollbook.directory.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
