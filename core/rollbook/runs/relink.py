"""Answering a re-key (R4): the new records take the places of the old ones, instead of a loss.

The changeset that waits is applied in another form: each removal whose one counterpart is known
carries the counterpart's id, so that the old id leads to the new one for good. It is a run of its
own, judged anew: what has no counterpart is held as ever.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from rollbook.changes.changeset import Changeset
from rollbook.changes.positions import Positions
from rollbook.changes.rekeyed import Links, counterparts, linked, reappearing, recased, taken_over
from rollbook.changes.sequence import Changes
from rollbook.config.district import District
from rollbook.config.home import Home
from rollbook.directory import changesets, holds, pauses, runs
from rollbook.directory.audit import Actor
from rollbook.directory.holds import HoldRow
from rollbook.directory.runs import RunRow
from rollbook.errors import ConfigInvalid, Stale
from rollbook.roster.kinds import Kind
from rollbook.roster.states import RELINKED_RULE, RunKind, RunState
from rollbook.runs.decide import agree, decidable
from rollbook.runs.pauses import is_active, local_date
from rollbook.runs.prepare import save_changeset
from rollbook.runs.release import release
from rollbook.runs.review import why_review, why_review_linked
from rollbook.runs.saved_changeset import saved_changeset
from rollbook.runs.student_facts import digest_of, facts_waiting, with_facts
from rollbook.sources.base import base_in
from rollbook.sources.upload_clock import days_since_whole


@dataclass(frozen=True, slots=True)
class RelinkPlan:
    """What re-linking would do. ``count`` is the number that it confirms: the linked records of
    the hold's kind. ``doubtful`` of that kind come back too, but not as one record for one."""

    changeset: Changeset
    links: Links
    count: int
    doubtful: int


def plan_relink(connection: Connection, hold: HoldRow) -> RelinkPlan:
    """The plan for a hold. Raises ``ConfigInvalid`` where the hold is about something else."""
    if hold.rule != RELINKED_RULE:
        raise ConfigInvalid(
            f"hold {hold.id} is about {hold.title}: there is nothing to re-link.",
            remedy=f"Only {RELINKED_RULE} holds can be re-linked.",
        )
    run = runs.get(connection, hold.run)
    lanes = changesets.lanes_of(connection, run.id).values()
    waiting = [lane.number for lane in lanes if lane.applied_in is None]
    changes = Changes.of(changesets.changes_in(connection, run.id, waiting))
    links = counterparts(changes)
    kind = Kind(hold.kind)
    count = sum(of is kind for of, _ in links)
    old, _ = recased(changes, [kind])
    back = reappearing(changes, kind) | Positions(old)
    return RelinkPlan(
        changeset=with_facts(
            linked(saved_changeset(connection, run, changes), links),
            digest_of(facts_waiting(connection, run.id)),
        ),
        links=links,
        count=count,
        doubtful=sum(changes[p].key not in links for p in back),
    )


def relink(
    connection: Connection,
    actor: Actor,
    home: Home,
    district: District,
    hold_id: str,
    *,
    confirm: int,
    reason: str,
    digest: str | None,
) -> RunRow:
    """Approve the re-link plan of a hold and apply it; returns the run that did, or, where another
    person still has to agree, the run that waits.

    ``digest`` is that of the plan. Raises ``Stale`` when the number or the digest is another,
    ``ConfigInvalid`` and ``NotPermitted``.
    """
    hold, run = decidable(connection, actor, hold_id, None)
    plan = plan_relink(connection, hold)
    if confirm != plan.count or not plan.count:
        raise Stale(
            f"the re-link plan of {hold.id} links {plan.count:,}, not {confirm:,}.",
            remedy="Look at the plan again and confirm the number that you see.",
        )
    if digest is not None and digest != plan.changeset.digest:
        raise Stale(
            f"the re-link plan of {hold.id} is {plan.changeset.digest}, not {digest}.",
            remedy="Look at it again.",
        )
    if not agree(
        connection, actor, district, hold, run, digest=plan.changeset.digest, reason=reason
    ):
        return run
    made = _make_run(connection, actor, home, district, run, plan.changeset, reason)
    holds.spend_on(connection, hold, made.expected_generation)
    if holds.keeps_whole_run(connection, made.id):
        return made
    return release(connection, actor, made, district)


def _make_run(
    connection: Connection,
    actor: Actor,
    home: Home,
    district: District,
    waiting: RunRow,
    changeset: Changeset,
    reason: str,
) -> RunRow:
    """A sync of the same snapshot in the other form; the one that waited is overtaken by it."""
    new = runs.create(connection, actor, district.id, RunKind.SYNC, reason=reason)
    runs.save_findings(connection, new, runs.load_findings(connection, waiting.id))
    staged = runs.move(
        connection,
        actor,
        runs.get(connection, new),
        RunState.STAGED,
        body={"relinked": waiting.id, "snapshot": waiting.snapshot},
        snapshot=waiting.snapshot,
    )
    all_pauses = pauses.of_district(connection, district.id)
    today = local_date(actor.at, district.timezone)
    last = runs.last_applied_sync(connection, district.id)
    review = why_review(connection, district, last, all_pauses, today, waiting.snapshot)
    if not review and _takes_away(changeset.changes):
        review = why_review_linked(connection, waiting.id)
    kept = base_in(home.snapshots / district.id / waiting.snapshot, waiting.snapshot)
    return save_changeset(
        connection,
        actor,
        staged,
        changeset,
        district,
        generation=waiting.expected_generation,
        pauses=[pause for pause in all_pauses if is_active(pause, today)],
        review=review,
        first=last is None,
        about_students=facts_waiting(connection, waiting.id),
        days_since_whole=days_since_whole(kept.about, actor.at) if kept else None,
    )


def _takes_away(changes: Changes) -> bool:
    """Whether something is lost that does not go on under another id."""
    lost = changes.columns.takes_away & ~taken_over(changes).mask(len(changes))
    return bool(lost.any())
