"""The rows of merges, and the pairs that are two people for good."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from rollbook.directory import audit
from rollbook.directory.audit import Actor
from rollbook.directory.tables import distinct_pairs, merges
from rollbook.errors import NotFound, Stale
from rollbook.roster.states import MergeState

MergeRow = Row[Any]


def create(
    connection: Connection,
    actor: Actor,
    district: str,
    *,
    keep: str,
    lose: str,
    label: str,
    from_lose: Sequence[str],
    run: str,
    reason: str,
) -> str:
    """Note a merge; returns its id, such as ``northfield.m2``."""
    query = select(func.max(merges.c.number)).where(merges.c.district == district)
    number = (connection.execute(query).scalar_one() or 0) + 1
    merge = f"{district}.m{number}"
    connection.execute(
        insert(merges).values(
            id=merge,
            district=district,
            number=number,
            keep=keep,
            lose=lose,
            label=label,
            from_lose=list(from_lose),
            run=run,
            state=MergeState.ACTIVE,
            reason=reason,
            created_by=actor.who,
            created_at=actor.at,
        )
    )
    audit.write(
        connection,
        actor,
        "people.merged",
        district=district,
        subject=merge,
        body={"keep": keep, "lose": lose, "run": run, "reason": reason},
    )
    return merge


def get(connection: Connection, merge: str) -> MergeRow:
    """A merge's row. Raises ``NotFound``."""
    row = connection.execute(select(merges).where(merges.c.id == merge)).first()
    if row is None:
        raise NotFound(f"no merge {merge!r}.", remedy="`rollbook merges` lists them.")
    return row


def listed(connection: Connection, district: str | None, *, active: bool = False) -> list[MergeRow]:
    """Merges of one or all districts, oldest first."""
    query = select(merges).order_by(merges.c.district, merges.c.number)
    if district is not None:
        query = query.where(merges.c.district == district)
    if active:
        query = query.where(merges.c.state == MergeState.ACTIVE)
    return list(connection.execute(query))


def refuse_merged(connection: Connection, district: str, people: Collection[str]) -> None:
    """Raise ``Stale`` where one of some people is part of another one by now."""
    query = select(merges).where(
        merges.c.district == district,
        merges.c.lose.in_(people),
        merges.c.state == MergeState.ACTIVE,
    )
    merge = connection.execute(query).first()
    if merge is not None:
        raise Stale(
            f"{merge.lose} is part of {merge.keep} since merge {merge.id}, by {merge.created_by} "
            f"at {merge.created_at:%Y-%m-%d %H:%M} UTC.",
            remedy="Look at the duplicates again.",
        )


def of_run(connection: Connection, run: str) -> MergeRow | None:
    """The merge that a run made, if it made one."""
    return connection.execute(select(merges).where(merges.c.run == run)).first()


def split_by(connection: Connection, run: str) -> MergeRow | None:
    """The merge that a run has split, if it has split one."""
    return connection.execute(select(merges).where(merges.c.split_run == run)).first()


def mark_split(connection: Connection, actor: Actor, merge: MergeRow, run: str) -> None:
    """Note that a merge is undone. Raises ``Stale`` when it was undone before."""
    split = connection.execute(
        update(merges)
        .where(merges.c.id == merge.id, merges.c.state == MergeState.ACTIVE)
        .values(state=MergeState.SPLIT, split_run=run)
    )
    if split.rowcount != 1:
        raise Stale(
            f"merge {merge.id} has been split already, {audit.by_whom(connection, merge.id)}.",
            remedy="Look at the merges again.",
        )
    audit.write(
        connection,
        actor,
        "people.split",
        district=merge.district,
        subject=merge.id,
        body={"keep": merge.keep, "lose": merge.lose, "run": run},
    )


def mark_distinct(connection: Connection, actor: Actor, district: str, a: str, b: str) -> None:
    """Note that two people are two; saying it twice changes nothing."""
    first, second = sorted((a, b))
    if (first, second) in distinct(connection, district):
        return
    connection.execute(
        insert(distinct_pairs).values(
            district=district, a=first, b=second, decided_by=actor.who, decided_at=actor.at
        )
    )
    audit.write(
        connection,
        actor,
        "people.distinct",
        district=district,
        body={"a": first, "b": second},
    )


def distinct(connection: Connection, district: str) -> set[tuple[str, str]]:
    """The pairs of a district that are two people, each in order."""
    query = select(distinct_pairs.c.a, distinct_pairs.c.b).where(
        distinct_pairs.c.district == district
    )
    return {(row.a, row.b) for row in connection.execute(query)}
