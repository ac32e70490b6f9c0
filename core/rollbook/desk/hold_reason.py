"""What a hold is about, be it raised or only tried."""

from __future__ import annotations

from dataclasses import dataclass

from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind, RoleGroup


@dataclass(frozen=True, slots=True)
class HoldReason:
    """Why something is held, and how much: ``count`` of the ``base`` live records of the scope
    before the run. ``approvers`` is how many must agree."""

    rule: str
    title: str
    kind: Kind | None
    verb: Verb | None
    school: str | None
    school_name: str
    role: RoleGroup | None
    count: int
    base: int
    percent: float
    why: str
    cause: str
    whole_run: bool
    approvers: int
