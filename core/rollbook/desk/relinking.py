"""Answering a re-key by re-linking: nothing is lost for whoever follows the old ids."""

from __future__ import annotations

from collections import Counter

from rollbook.config.home import find_district
from rollbook.desk.desk import Desk
from rollbook.desk.presenting import run_view
from rollbook.desk.views import Kind, RelinkView, RunView
from rollbook.directory import holds as hold_rows
from rollbook.people.noted import note_duplicates
from rollbook.runs import relink as relinking

_NAMED = (Kind.USER, Kind.COURSE, Kind.CLASS)


def relink_preview(desk: Desk, hold_id: str) -> RelinkView:
    """What re-linking would do. Raises ``NotFound``, and ``ConfigInvalid`` for other rules."""
    with desk.store.read() as connection:
        hold = hold_rows.get(connection, hold_id)
        plan = relinking.plan_relink(connection, hold)
        linked = Counter(kind for kind, _ in plan.links)
        return RelinkView(
            hold=hold.id,
            run=hold.run,
            digest=plan.changeset.digest,
            count=plan.count,
            doubtful=plan.doubtful,
            linked={kind: linked[kind] for kind in Kind if linked[kind]},
            pairs=tuple(
                (kind, old, new)
                for (kind, old), new in sorted(plan.links.items())
                if kind in _NAMED
            ),
        )


def relink(
    desk: Desk, hold_id: str, *, confirm: int, reason: str, digest: str | None = None
) -> RunView:
    """Carry out the plan that ``relink_preview`` shows, instead of approving the hold.

    ``confirm`` is the plan's ``count``. Where two people have to agree, both have to say so about
    the same plan. Raises ``Stale`` when the plan is another by now, ``ConfigInvalid`` for the hold
    of another rule, and ``NotPermitted``.
    """
    actor = desk.approver()
    with desk.store.write() as connection:
        row = hold_rows.get(connection, hold_id)
        district = find_district(desk.home, row.district)
        run = relinking.relink(
            connection,
            actor,
            desk.home,
            district,
            hold_id,
            confirm=confirm,
            reason=reason,
            digest=digest,
        )
        note_duplicates(connection, row.district)
        return run_view(connection, desk.home, run.id, actor.at)
