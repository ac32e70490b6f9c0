"""What schools are called where a run is shown: also those that it is the first to bring."""

from __future__ import annotations

from sqlalchemy import Connection, select

from rollbook.directory.changesets import span_of
from rollbook.directory.records import school_names
from rollbook.directory.runs import RunRow
from rollbook.directory.tables import changes
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind


def names_around(connection: Connection, run: RunRow) -> dict[str, str]:
    """Names by id of all orgs that the district has or had, and of those that a run adds."""
    names = school_names(connection, run.district)
    if not (run.counts or {}).get(Kind.ORG, {}).get("add"):
        return names
    added = select(changes.c.record_id, changes.c.after).where(
        changes.c.run == run.id, changes.c.kind == Kind.ORG, changes.c.verb == Verb.ADD
    )
    if span := span_of(connection, run.id, Kind.ORG):
        added = added.where(changes.c.seq.between(span.start, span.stop - 1))
    new = {row.record_id: row.after.get("name") for row in connection.execute(added)}
    return {org: name for org, name in new.items() if name} | names
