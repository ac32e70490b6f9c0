"""Syncing a district, and applying what was previewed."""

from __future__ import annotations

from collections.abc import Callable

from rollbook.config.home import find_district
from rollbook.desk.desk import Desk
from rollbook.desk.presenting import run_view
from rollbook.desk.views import Progress, RunView
from rollbook.directory import runs
from rollbook.errors import RollbookError
from rollbook.runs.trip import Trip
from rollbook.runs.trip import sync as run_sync

OnProgress = Callable[[Progress], None]


def sync(
    desk: Desk, district_id: str, *, preview: bool = False, progress: OnProgress | None = None
) -> RunView:
    """One run of a district; ``preview`` stops when the changeset is saved and judged.

    A refused input and a source that cannot be reached are runs too: look at the state. Raises
    ``Busy``, ``NotFound``, ``ConfigInvalid``, ``NotPermitted``, and ``RollbookError`` where a disk
    fails in the middle.
    """
    run = sync_unseen(desk, district_id, preview=preview, progress=progress)
    with desk.store.read() as connection:
        return run_view(connection, desk.home, run, desk.clock())


def sync_unseen(
    desk: Desk, district_id: str, *, preview: bool = False, progress: OnProgress | None = None
) -> str:
    """As ``sync``, where nobody looks at the run: returns its id."""
    desk.actor()
    district = find_district(desk.home, district_id)

    def report(stage: str, done: int, total: int | None) -> None:
        if progress is not None:
            progress(Progress(district_id, stage, done, total))

    trip = Trip(desk.store, desk.home, district, desk.operator, desk.clock, report)
    try:
        return run_sync(trip, preview=preview)
    except OSError as error:
        raise RollbookError(
            f"the sync of {district_id} broke off: {error.strerror}; nothing is half done.",
            remedy="Make room, look after the disk, and sync again.",
        ) from error


def apply(desk: Desk, run_id: str, *, progress: OnProgress | None = None) -> RunView:
    """Apply the changeset of a previewed run, and no other.

    Raises ``Stale`` when the run has been overtaken, ``Held`` while a hold keeps all of it back.
    """
    # A sync that finds nothing new applies nothing.
    from rollbook.people.noted import note_duplicates
    from rollbook.runs.release import release

    actor = desk.actor()
    with desk.store.write() as connection:
        row = runs.get(connection, run_id)
        if progress is not None:
            progress(Progress(row.district, "applying"))
        release(connection, actor, row, find_district(desk.home, row.district))
        note_duplicates(connection, row.district)
        return run_view(connection, desk.home, run_id, actor.at)
