"""A sync of something new: stage, read, compare, judge, save; apply what nothing keeps back."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from rollbook.changes.changeset import Changeset
from rollbook.config.sources import FileSource
from rollbook.directory import (
    account_changes,
    accounts,
    changesets,
    expected_plans,
    holds,
    pauses,
    runs,
    snapshots,
)
from rollbook.directory.apply import generation_of
from rollbook.directory.runs import RunRow
from rollbook.errors import InputRefused, NothingArrived, SourceUnreachable, Stale
from rollbook.people.noted import note_duplicates
from rollbook.roster.findings import Finding, Severity
from rollbook.roster.states import RunKind, RunState
from rollbook.runs.account_basis import by_this_policy
from rollbook.runs.comparison import Comparison, compare_snapshot, keep_formats
from rollbook.runs.confirming import NOT_GONE, refuse_unless_gone
from rollbook.runs.cut_off import why_cut_off
from rollbook.runs.kept_base import kept_base, refuse_turned_down
from rollbook.runs.merged_people import aliases_in_force
from rollbook.runs.pauses import is_active, local_date
from rollbook.runs.prepare import save_changeset
from rollbook.runs.quiet import close_quiet
from rollbook.runs.release import release
from rollbook.runs.review import why_review, why_review_base
from rollbook.runs.set_aside_anew import set_aside_anew
from rollbook.runs.shrinking import usual_sizes, with_season
from rollbook.runs.student_facts import ComparedFacts, with_facts
from rollbook.runs.trip import Trip
from rollbook.runs.unchanged import OF_ITS_NIGHT, close_unchanged, settled_run
from rollbook.snapshots.quality import refuse_poor_quality
from rollbook.snapshots.stage import Staged, drop, keep, put_away, stage, staging_folder
from rollbook.sources.base import Base, base_in, write_about
from rollbook.sources.upload_clock import days_since_whole, expects_uploads, overdue

_TRIES = 3
"""Times that a comparison is made again because the directory moved meanwhile."""


def travel(trip: Trip, run: str, *, preview: bool, begun: float) -> str:
    """Take a run from its source to the directory, as far as it may go; returns the run to look at.

    That is another one where the very same input still waits there. ``begun`` is the reading of
    ``time.perf_counter`` at its beginning.
    """
    timings: dict[str, float] = {}
    watch = time.perf_counter
    folder = trip.home.snapshots / trip.district.id
    staging = staging_folder(folder, run)
    with trip.store.read() as connection:
        base = kept_base(connection, trip.home, trip.district.id)
        last = runs.last_applied_sync(connection, trip.district.id)
    try:
        staged = stage(trip.district.source, staging, base, trip.clock())
        staged = _told_if_overdue(trip, staged)
        timings["fetch"] = watch() - begun
        if _is_unchanged(trip, run, staged, timings, preview):
            drop(staging)
            return run
        with trip.store.write() as connection:
            snapshot = snapshots.create(
                connection,
                trip.actor(),
                trip.district.id,
                staged.sha256,
                staged.files,
                staged.sizes,
                staged.quick,
            )
            row = runs.move(
                connection,
                trip.actor(),
                runs.get(connection, run),
                RunState.STAGED,
                body={"snapshot": snapshot, "sha256": staged.sha256},
                snapshot=snapshot,
            )
            if waiting := _same_waiting(trip, connection, staged, preview):
                runs.move(
                    connection,
                    trip.actor(),
                    row,
                    RunState.NOOP,
                    message=f"Nothing new: the same input still waits in {waiting}.",
                )
                drop(staging)
                return waiting
        comparison = _compare_and_save(trip, run, staged, base, timings)
        read = {made.file: made.format.secrets for made in comparison.made}
        keep(staged, folder / snapshot, read, last.snapshot if last is not None else None)
        _put_away(trip, run, staged, folder / snapshot, preview)
    except NothingArrived:
        drop(staging)
        assert base is not None
        with trip.store.write() as connection:
            shown = close_quiet(connection, trip.actor(), trip.district, run, base.about)
        if not preview:
            _apply(trip, run)
        return shown
    except (InputRefused, SourceUnreachable) as error:
        drop(staging)
        if isinstance(error, InputRefused) and error.code == NOT_GONE and base is not None:
            # Changes that do not agree with the source are not gone on from.
            write_about(base.folder, replace(base.about, as_of=None))
        _close_refused(trip, run, error)
        return run
    except BaseException:
        drop(staging)
        raise
    mark = watch()
    applied = not preview and _apply(trip, run)
    with trip.store.write() as connection:
        if applied:
            note_duplicates(connection, trip.district.id)
        timings["apply"] = watch() - mark
        timings["total"] = watch() - begun
        runs.set_timings(connection, run, {name: round(s, 4) for name, s in timings.items()})
    return run


def _is_unchanged(
    trip: Trip, run: str, staged: Staged, timings: dict[str, float], preview: bool
) -> bool:
    """Close the run where what had to be fetched to be known is what it was last time.

    Files on this machine were looked at before: what comes here of them has changed.
    """
    source = trip.district.source
    if isinstance(source, FileSource) and isinstance(source.path, Path):
        return False
    with trip.store.write() as connection:
        settled = settled_run(connection, trip.district, trip.clock())
        if settled is None or _sha256(trip, connection, settled) != staged.sha256:
            return False
        row = runs.get(connection, run)
        close_unchanged(connection, trip.actor(), trip.district, row, settled)
        tonight = tuple(found for found in staged.findings if found.code in OF_ITS_NIGHT)
        runs.save_findings(connection, run, tonight)
        runs.set_timings(connection, run, timings | {"total": timings["fetch"]})
        kept = trip.home.snapshots / trip.district.id / (settled.snapshot or "")
    if known := base_in(kept, settled.snapshot or ""):
        # An API was asked for everything just now; files that came again are as old as they were.
        of_files = isinstance(source, FileSource)
        whole_at = known.about.whole_at if of_files else staged.about.whole_at
        write_about(kept, replace(staged.about, whole_at=whole_at))
    _put_away(trip, run, staged, kept, preview)
    return True


def _put_away(trip: Trip, run: str, staged: Staged, kept: Path, preview: bool) -> None:
    """Have the source put away what was read and kept; what only was looked at stays."""
    if not preview and (left := put_away(trip.district.source, staged, kept)):
        with trip.store.write() as connection:
            runs.save_findings(connection, run, left)


def _told_if_overdue(trip: Trip, staged: Staged) -> Staged:
    """What was staged, with a word about its age where its receiver expects something newer."""
    if not expects_uploads(trip.district.source):
        return staged
    with trip.store.read() as connection:
        since = snapshots.same_since(connection, trip.district.id, staged.sha256)
    now = trip.clock()
    days = days_since_whole(staged.about, now) if since is None else (now - since).days
    finding = overdue(trip.district.source, days) if days is not None else None
    return replace(staged, findings=(*staged.findings, finding)) if finding else staged


def _compare_and_save(
    trip: Trip, run: str, staged: Staged, base: Base | None, timings: dict[str, float]
) -> Comparison:
    watch = time.perf_counter
    for _ in range(_TRIES):
        mark = watch()
        with trip.store.read() as connection:
            generation = generation_of(connection, trip.district.id)
            aliases = aliases_in_force(connection, trip.district.id)
            today = local_date(trip.clock(), trip.district.timezone)
            sizes = usual_sizes(connection, trip.district.id, today)
            try:
                comparison = compare_snapshot(
                    connection, trip.district, staged, aliases.merges, trip.report
                )
                facts = _facts(connection, trip, staged, comparison.changeset)
                rejected = Counter(comparison.changeset.rejected)
                if staged.of_changes:
                    rejected = set_aside_anew(
                        connection, trip.district.id, comparison.changeset, staged.of_changes
                    )
            except InputRefused as error:
                raise staged.refusal(error) from None
        roster, changeset = comparison.roster, comparison.changeset
        usual = {name: rows for name, rows in sizes.rows.items() if name not in facts.begun}
        timings["compare"] = watch() - mark
        mark = watch()
        trip.report("judging", 0, None)
        findings = staged.told(
            (*roster.findings, *changeset.findings, *aliases.findings(), *facts.findings)
        )
        try:
            rejected += Counter(staged.set_aside)
            files = (*roster.files, *facts.files)
            limits = trip.district.thresholds
            shrunk = refuse_poor_quality(files, rejected, usual, limits, sizes.announced)
        except InputRefused as error:
            with trip.store.write() as connection:
                runs.save_findings(connection, run, findings)
                told = with_season(connection, trip.district, error, today)
            raise told from None
        if not isinstance(trip.district.source, FileSource):
            refuse_unless_gone(trip.district.source, changeset.changes)
        with trip.store.write() as connection:
            if generation_of(connection, trip.district.id) == generation:
                _save(
                    trip,
                    connection,
                    run,
                    staged,
                    base,
                    comparison,
                    facts,
                    findings,
                    generation,
                    shrunk,
                )
                timings["judge"] = watch() - mark
                return comparison
    raise Stale(
        f"the directory of {trip.district.id} kept changing during {_TRIES} comparisons.",
        remedy="Sync again when nobody else is writing.",
    )


def _facts(
    connection: Connection, trip: Trip, staged: Staged, changeset: Changeset
) -> ComparedFacts:
    """What a set makes of attendance and discipline; most sets say nothing of them."""
    if not staged.has_facts:
        return ComparedFacts()
    # Then nothing is needed that reads them.
    from rollbook.runs.compared_facts import compare_facts

    return compare_facts(connection, trip.district.id, staged, changeset)


def _save(
    trip: Trip,
    connection: Connection,
    run: str,
    staged: Staged,
    base: Base | None,
    comparison: Comparison,
    facts: ComparedFacts,
    findings: tuple[Finding, ...],
    generation: int,
    shrunk: str,
) -> None:
    into = base.snapshot if base is not None and staged.of_changes else None
    if into is not None:
        refuse_turned_down(connection, trip.district.id, into)
    actor = trip.actor()
    row = runs.get(connection, run)
    all_pauses = pauses.of_district(connection, trip.district.id)
    today = local_date(actor.at, trip.district.timezone)
    last = runs.last_applied_sync(connection, trip.district.id)
    runs.save_findings(connection, run, findings)
    rows = {file.name: file.rows for file in (*comparison.roster.files, *facts.files)}
    snapshots.accept(connection, trip.district.id, row.snapshot, rows)
    keep_formats(connection, trip.district.id, comparison.made)
    review = why_review(connection, trip.district, last, all_pauses, today, row.snapshot)
    if not review and into is not None:
        review = why_review_base(connection, trip.district.id, into)
    if not review and last is not None:
        kept = trip.home.snapshots / trip.district.id / (last.snapshot or "")
        origins = staged.origins if staged.of_files else None
        review = why_cut_off(
            comparison.changeset.changes, kept, staged.folder, origins, but=staged.of_changes
        )
    if shrunk:
        review = " ".join(
            filter(None, (review, shrunk, "A plan announces that classes are replaced."))
        )
    save_changeset(
        connection,
        actor,
        row,
        with_facts(comparison.changeset, facts.digest),
        trip.district,
        generation=generation,
        pauses=[pause for pause in all_pauses if is_active(pause, today)],
        review=review,
        first=last is None,
        marks=comparison.marks,
        about_students=facts.changes(),
        days_since_whole=days_since_whole(staged.about, actor.at),
    )


def _same_waiting(trip: Trip, connection: Connection, staged: Staged, preview: bool) -> str | None:
    """The held run that waits for a decision about this very input, if nothing else changed."""
    now = trip.clock()
    for row in runs.in_states(connection, trip.district.id, frozenset({RunState.HELD})):
        same = (
            row.kind == RunKind.SYNC
            and row.preview == preview
            and row.expires_at > now
            and row.expected_generation == generation_of(connection, trip.district.id)
            and row.policy_revision == trip.district.policy_revision()
            and _same_accounts(trip, connection, row)
            and _sha256(trip, connection, row) == staged.sha256
            and (preview or not _something_ready(connection, row.id))
            and not pauses.changed_since(connection, trip.district.id, row.created_at)
            and _same_plan(trip, connection, row, now)
            and _same_pauses(trip, connection, row.created_at, now)
        )
        if same:
            return str(row.id)
    return None


def _same_accounts(trip: Trip, connection: Connection, row: RunRow) -> bool:
    """Whether the accounts of a waiting run were derived by the policy that is in force."""
    if not by_this_policy(trip.district, row.account_basis):
        return False
    if trip.district.accounts is None:
        return True
    today = local_date(trip.clock(), trip.district.timezone)
    return not accounts.to_suspend(connection, trip.district.id, today)


def _sha256(trip: Trip, connection: Connection, row: RunRow) -> str | None:
    return snapshots.sha256_of(connection, trip.district.id, row.snapshot)


def _something_ready(connection: Connection, run: str) -> bool:
    """Whether a run that is held in part has more that may go in: it was cut off before."""
    if holds.keeps_whole_run(connection, run):
        return False
    ready = changesets.lane_condition("ready", False)
    if changesets.count(connection, run, ready):
        return True
    return account_changes.count(connection, run, ready) > 0


def _same_pauses(trip: Trip, connection: Connection, then: datetime, now: datetime) -> bool:
    """Whether no pause has begun or ended by its dates."""
    days = [local_date(moment, trip.district.timezone) for moment in (then, now)]
    return all(
        is_active(pause, days[0]) == is_active(pause, days[1])
        for pause in pauses.of_district(connection, trip.district.id)
    )


def _same_plan(trip: Trip, connection: Connection, row: RunRow, now: datetime) -> bool:
    """Whether the plan that a run was split by is the one that counts now."""
    today = local_date(now, trip.district.timezone)
    plan = expected_plans.in_force(connection, trip.district.id, today)
    return (row.expectation or {}).get("plan") == (plan.id if plan else None)


def _apply(trip: Trip, run: str) -> bool:
    """Apply what nothing keeps back; false where there is nothing."""
    with trip.store.read() as connection:
        row = runs.get(connection, run)
        kept_back = holds.keeps_whole_run(connection, run)
    if row.state not in (RunState.READY, RunState.HELD) or kept_back:
        return False
    trip.report("applying", 0, None)
    with trip.store.write() as connection:
        release(connection, trip.actor(), runs.get(connection, run), trip.district)
    return True


def _close_refused(trip: Trip, run: str, error: InputRefused | SourceUnreachable) -> None:
    with trip.store.write() as connection:
        row = runs.get(connection, run)
        if isinstance(error, InputRefused):
            finding = Finding(
                severity=Severity.ERROR,
                code=error.code,
                message=error.message,
                remedy=error.remedy,
                file=error.file,
                line=error.line,
                field=error.field,
            )
            runs.save_findings(connection, run, (finding,))
        refused = isinstance(error, InputRefused)
        runs.move(
            connection,
            trip.actor(),
            row,
            RunState.INPUT_REFUSED if refused else RunState.FETCH_FAILED,
            message=str(error),
            body={"code": error.code} if isinstance(error, InputRefused) else {},
        )
