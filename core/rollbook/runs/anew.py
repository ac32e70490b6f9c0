"""What to do where a run that waited cannot go in any more."""

from __future__ import annotations

from rollbook.directory.runs import RunRow, went_in
from rollbook.roster.states import RunKind


def make_anew(run: RunRow) -> str:
    """What makes such a run anew, as a remedy: a sync would bring back what an undo takes back."""
    if run.kind == RunKind.UNDO:
        return f"Undo {run.undo_of} again."
    if run.kind == RunKind.PURGE:
        return "Look at the list of accounts again and make another purge."
    return "Sync again and look at the new preview."


def overtaken(run: RunRow, by: str) -> str:
    """What is told of a run of which the place was taken by another one."""
    began = _BEGAN if went_in(run) else ""
    ended = ": what waited of it was not taken back." if run.kind == RunKind.UNDO else "."
    return f"{began}Overtaken by {by}{ended}"


def expired(run: RunRow) -> str:
    """What is told of a run about which nobody has decided in time."""
    began = _BEGAN if went_in(run) else ""
    return f"{began}Expired: its changeset is too old. {make_anew(run)}"


_BEGAN = "A part of it has been applied. "
