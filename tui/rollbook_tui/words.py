"""What the engine's states, verbs and kinds are called on the screen: sign, word and colour.

The sign and the word always stand together with the colour: nothing is told by hue alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content

from rollbook.desk.views import (
    DistrictState,
    HoldState,
    HoldView,
    Kind,
    Lane,
    RoleGroup,
    RunKind,
    RunState,
    SourceState,
    StepState,
    Verb,
)


@dataclass(frozen=True, slots=True)
class Sign:
    """A state as it is drawn: ``! held`` in ``$held``."""

    mark: str
    word: str
    style: str

    def both(self) -> Content:
        """Mark and word."""
        return Content.styled(f"{self.mark} {self.word}", self.style)

    def only_mark(self) -> Content:
        """The mark, for a column beside the word."""
        return Content.styled(self.mark, self.style)

    def only_word(self) -> Content:
        """The word, for a column beside the mark."""
        return Content.styled(self.word, self.style)


VERBS: dict[Verb, Sign] = {
    Verb.ADD: Sign("+", "add", "$add"),
    Verb.UPDATE: Sign("~", "update", "$update"),
    Verb.REMOVE: Sign("-", "remove", "$remove"),
}

LANES: dict[Lane, Sign] = {
    Lane.READY: Sign("*", "ready", "$primary"),
    Lane.APPLIED: Sign("✓", "applied", "$muted"),
    Lane.HELD: Sign("!", "held", "bold $held"),
    Lane.PAUSED: Sign("=", "paused", "$paused"),
    Lane.REJECTED: Sign("x", "rejected", "$muted"),
}

DISTRICTS: dict[DistrictState, Sign] = {
    DistrictState.BROKEN: Sign("x", "broken", "bold $error"),
    DistrictState.REFUSED: Sign("x", "refused", "bold $error"),
    DistrictState.FAILED: Sign("x", "failed", "bold $error"),
    DistrictState.HELD: Sign("!", "held", "bold $held"),
    DistrictState.READY: Sign("*", "ready", "$primary"),
    DistrictState.SYNCING: Sign(">", "syncing", "$primary"),
    DistrictState.PAUSED: Sign("=", "paused", "$paused"),
    DistrictState.NEW: Sign("·", "new", "$muted"),
    DistrictState.CLEAN: Sign("✓", "clean", "$muted"),
}

RUNS: dict[RunState, Sign] = {
    RunState.FETCHING: Sign(">", "reading", "$primary"),
    RunState.STAGED: Sign(">", "read", "$primary"),
    RunState.PLANNED: Sign(">", "compared", "$primary"),
    RunState.READY: Sign("*", "ready", "$primary"),
    RunState.HELD: Sign("!", "held", "bold $held"),
    RunState.APPLYING: Sign(">", "applying", "$primary"),
    RunState.NOOP: Sign("✓", "no change", "$muted"),
    RunState.FETCH_FAILED: Sign("x", "failed", "bold $error"),
    RunState.INPUT_REFUSED: Sign("x", "refused", "bold $error"),
    RunState.REJECTED: Sign("x", "rejected", "$muted"),
    RunState.EXPIRED: Sign("x", "expired", "$muted"),
    RunState.SUPERSEDED: Sign("x", "replaced", "$muted"),
    RunState.CANCELLED: Sign("x", "cancelled", "$muted"),
    RunState.APPLIED: Sign("✓", "applied", "$foreground"),
}

HOLDS: dict[HoldState, Sign] = {
    HoldState.OPEN: Sign("!", "open", "bold $held"),
    HoldState.SNOOZED: Sign("z", "snoozed", "$paused"),
    HoldState.APPROVED: Sign("✓", "approved", "$primary"),
    HoldState.REJECTED: Sign("x", "rejected", "$muted"),
    HoldState.SUPERSEDED: Sign("x", "replaced", "$muted"),
    HoldState.EXPIRED: Sign("x", "expired", "$muted"),
}

STEPS: dict[StepState, Sign] = {
    StepState.DONE: Sign("✓", "done", "$primary"),
    StepState.OPEN: Sign("·", "open", "$muted"),
    StepState.BLOCKED: Sign("!", "blocked", "bold $held"),
}

SOURCES: dict[SourceState, Sign] = {
    SourceState.GOOD: Sign("✓", "read", "$muted"),
    SourceState.REFUSED: Sign("x", "refused", "bold $error"),
    SourceState.UNREACHABLE: Sign("x", "not reached", "bold $error"),
    SourceState.NEVER: Sign("·", "never read", "$muted"),
}

OVERDUE = Sign("!", "overdue", "bold $warning")
"""A source that is older than it ought to be."""

RUN_KINDS: dict[RunKind, str] = {
    RunKind.SYNC: "sync",
    RunKind.UNDO: "undo",
    RunKind.MERGE: "merge",
    RunKind.PURGE: "purge",
}

KINDS: dict[Kind, tuple[str, str]] = {
    Kind.ORG: ("org", "orgs"),
    Kind.ACADEMIC_SESSION: ("session", "sessions"),
    Kind.COURSE: ("course", "courses"),
    Kind.CLASS: ("class", "classes"),
    Kind.USER: ("user", "users"),
    Kind.ROLE: ("role", "roles"),
    Kind.ENROLLMENT: ("enrollment", "enrollments"),
    Kind.GUARDIAN: ("guardian link", "guardian links"),
    Kind.DEMOGRAPHICS: ("demographics", "demographics"),
}

ROLES: dict[RoleGroup, tuple[str, str]] = {
    RoleGroup.STUDENT: ("student", "students"),
    RoleGroup.STAFF: ("staff member", "staff"),
    RoleGroup.GUARDIAN: ("guardian", "guardians"),
}


def kind_word(kind: Kind, count: int = 2) -> str:
    """``class`` for one, ``classes`` for any other number."""
    one, many = KINDS[kind]
    return one if count == 1 else many


def counted(count: int, one: str, many: str) -> str:
    """``1 district``, ``1,200 districts``."""
    return f"{count:,} {one if count == 1 else many}"


def held_what(hold: HoldView) -> str:
    """What a hold counts, for the number before it: ``students``, ``classes``, ``accounts``."""
    if hold.of_accounts:
        one, many = "account", "accounts"
    elif hold.role is not None:
        one, many = ROLES[hold.role]
    elif hold.kind is not None:
        one, many = KINDS[hold.kind]
    else:
        one, many = "change", "changes"
    return one if hold.count == 1 else many


def compact(count: int) -> str:
    """A number in at most five cells: ``9,999``, ``41.2k``, ``999k``, ``1.25M``."""
    if count < 10_000:
        return f"{count:,}"
    if count < 999_500:
        return f"{count / 1000:.1f}k" if count < 99_950 else f"{count / 1000:.0f}k"
    return f"{count / 1_000_000:.2f}M"
