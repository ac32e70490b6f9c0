"""What pauses see of account changes that follow from no change of a record."""

from __future__ import annotations

from collections.abc import Sequence

from rollbook.directory.pauses import PauseRow
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.runs.account_spool import NO_PAUSE
from rollbook.runs.pauses import keeps_back


def stand_ins(
    person: str, school: str | None, role: RoleGroup | None, *, suspends: bool
) -> tuple[Change, ...]:
    """Changes of a person's record as pauses see them, for an account that changes without one. A
    suspension is as good as a removal too."""
    verbs = (Verb.UPDATE, Verb.REMOVE) if suspends else (Verb.UPDATE,)
    return tuple(Change(Kind.USER, verb, person, {}, {}, school, role) for verb in verbs)


def pause_of(
    pauses: Sequence[PauseRow],
    person: str,
    school: str | None,
    role: RoleGroup,
    *,
    suspends: bool,
) -> int:
    """The number of the first pause that keeps an account change back which follows from no change
    of a record; ``NO_PAUSE`` where none does."""
    changes = stand_ins(person, school, role, suspends=suspends)
    covering = (n for n, pause in enumerate(pauses) if any(keeps_back(pause, c) for c in changes))
    return next(covering, NO_PAUSE)
