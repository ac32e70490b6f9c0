"""Undoing a run."""

from __future__ import annotations

from collections import Counter

from rollbook.config.home import find_district
from rollbook.desk.desk import Desk
from rollbook.desk.presenting import run_view
from rollbook.desk.views import Counts, Kind, RunView
from rollbook.directory import runs
from rollbook.directory.apply import generation_of
from rollbook.directory.audit import Actor
from rollbook.errors import ConfigInvalid, Stale
from rollbook.people.noted import note_duplicates
from rollbook.roster.accounts import AccountVerb
from rollbook.roster.states import RunKind
from rollbook.runs import local
from rollbook.runs.account_rules import excluded_people
from rollbook.runs.account_undo import count_by_verb, to_take_back
from rollbook.runs.foreseen import held_of_an_undo
from rollbook.runs.student_facts import facts_to_undo


def generation_now(desk: Desk, run_id: str) -> int:
    """The generation of the directory that a run is of: what is counted after this has been asked
    is done by ``undo`` on no other."""
    with desk.store.read() as connection:
        return generation_of(connection, runs.get(connection, run_id).district)


def undo_preview(desk: Desk, run_id: str) -> dict[Kind, Counts]:
    """What undoing a run would do, kind by kind, and what of it would be held; ``Stale`` where
    later runs are in the way."""
    with desk.store.read() as connection:
        changeset = local.plan_undo(connection, run_id)
        held: Counter[Kind] = Counter()
        if local.is_judged(connection, run_id):
            district = find_district(desk.home, runs.get(connection, run_id).district)
            now = Actor(desk.operator, desk.clock())
            held = held_of_an_undo(connection, now, district, changeset)
    return {
        kind: Counts(
            before=tally.before,
            incoming=tally.incoming,
            add=tally.add,
            update=tally.update,
            remove=tally.remove,
            held=held[kind],
        )
        for kind, tally in changeset.totals.items()
        if tally.add or tally.update or tally.remove
    }


def undo_accounts_preview(desk: Desk, run_id: str) -> dict[AccountVerb, int]:
    """What undoing a run that changed no record would do to accounts, by verb; nothing for any
    other run, whose accounts follow their records. ``Stale`` where accounts have changed since."""
    with desk.store.read() as connection:
        row = runs.get(connection, run_id)
        if not local.accounts_alone(connection, row):
            return {}
        excluded = excluded_people(find_district(desk.home, row.district))
        return count_by_verb(to_take_back(connection, row.district, run_id, excluded))


def undo_facts_preview(desk: Desk, run_id: str) -> int:
    """Of how many students undoing a run would take back attendance or discipline."""
    with desk.store.read() as connection:
        district = runs.get(connection, run_id).district
        return len({one.about.student for one in facts_to_undo(connection, district, run_id)})


def after_undo(desk: Desk, run_id: str) -> str:
    """What is to be known of the time after a run was undone, in words: only of syncs, for the
    source still says what it said."""
    with desk.store.read() as connection:
        if runs.get(connection, run_id).kind != RunKind.SYNC:
            return ""
    return (
        "The source still says what it said: the next sync brings the same again, unless it is "
        "mended or paused before."
    )


def undo(desk: Desk, run_id: str, *, reason: str, generation: int | None = None) -> RunView:
    """Undo a run by a new run, which is held like any other for what it removes.

    Raises ``Stale`` when later runs touched the same records, and when the directory is not at the
    ``generation`` any more at which the operator looked: more of the run may have gone in. Of the
    next sync see ``after_undo``.
    """
    actor = desk.actor()
    if not reason.strip():
        raise ConfigInvalid("an undo needs a reason.", remedy="Say why in a few words.")
    with desk.store.write() as connection:
        district = find_district(desk.home, runs.get(connection, run_id).district)
        if generation is not None and generation_of(connection, district.id) != generation:
            raise Stale(
                f"the directory of {district.id} has been written since you looked at what undoing "
                f"{run_id} would do: by {runs.last_applied(connection, district.id)}.",
                remedy="Look at it again.",
            )
        row = local.undo(connection, actor, district, run_id, reason=reason)
        note_duplicates(connection, district.id)
        return run_view(connection, desk.home, row.id, actor.at)
