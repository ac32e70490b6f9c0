"""The steps of the checklists that the data can tick: each says how it stands, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from rollbook.rollover.facts import Facts

CLOSE_ENOUGH = 5.0
"""Percent by which the number of students may differ from the expected one."""


class Standing(StrEnum):
    """How a step stands."""

    DONE = "done"
    OPEN = "open"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a step stands and what shows it."""

    standing: Standing
    evidence: str


Rule = Callable[[Facts], Verdict]


def _verdict(good: bool, evidence: str, otherwise: Standing = Standing.OPEN) -> Verdict:
    return Verdict(Standing.DONE if good else otherwise, evidence)


def source_read(facts: Facts) -> Verdict:
    """The source has been read at least once."""
    if facts.run_state is None:
        return Verdict(Standing.OPEN, "no run yet")
    if facts.run_state in ("INPUT_REFUSED", "FETCH_FAILED"):
        return Verdict(Standing.BLOCKED, facts.run_message)
    if not facts.run_read:
        looked = facts.run_state == "NOOP"
        return _verdict(looked, facts.run_message if looked else "the newest run read nothing")
    if not facts.run_as_configured:
        return Verdict(
            Standing.OPEN,
            "[source] or [thresholds] of the district's file has changed since the newest run",
        )
    return Verdict(Standing.DONE, f"the newest run has read it and {_AND_THEN[facts.run_state]}")


_AND_THEN = {
    "APPLIED": "has gone in",
    "NOOP": "found nothing to change",
    "HELD": "waits for a decision",
    "READY": "waits to be applied",
    "REJECTED": "was turned down",
    "EXPIRED": "waited for too long",
    "SUPERSEDED": "was replaced by a newer one",
    "CANCELLED": "was cut off",
}
"""What became of a run that read its source, by its state."""


def first_run_applied(facts: Facts) -> Verdict:
    """A first run has been looked at and applied."""
    if facts.applied_runs:
        return Verdict(Standing.DONE, f"{facts.applied_runs:,} runs applied")
    if facts.open_holds:
        return Verdict(Standing.BLOCKED, "the first run waits for its approval")
    return Verdict(Standing.OPEN, "nothing has been applied yet")


def last_sync_clean(facts: Facts) -> Verdict:
    """The newest sync went in, without rows set aside."""
    if facts.run_state is None:
        return Verdict(Standing.OPEN, "no run yet")
    if facts.run_state not in ("APPLIED", "NOOP"):
        became = _AND_THEN.get(facts.run_state)
        told = f"the newest run {became}" if became else facts.run_message
        return Verdict(Standing.BLOCKED, told)
    return _verdict(
        not facts.run_findings,
        f"the newest run {_AND_THEN[facts.run_state]}, {facts.run_findings:,} rows set aside",
        Standing.BLOCKED,
    )


def no_findings(facts: Facts) -> Verdict:
    """No rows were set aside in the newest run."""
    if facts.run_state is None:
        return Verdict(Standing.OPEN, "no run yet")
    if not facts.run_read and not facts.run_findings:
        return Verdict(Standing.OPEN, "the newest run read nothing")
    return _verdict(
        not facts.run_findings, f"{facts.run_findings:,} rows set aside", Standing.BLOCKED
    )


def no_held_changes(facts: Facts) -> Verdict:
    """Nothing waits for a decision."""
    number = facts.open_holds
    words = "1 hold waits" if number == 1 else f"{number:,} holds wait"
    return _verdict(
        not number, f"{words} for a decision" if number else "no open holds", Standing.BLOCKED
    )


def no_duplicates(facts: Facts) -> Verdict:
    """Every likely duplicate is merged or told apart."""
    return _verdict(not facts.duplicates, f"{facts.duplicates:,} likely duplicates")


def paused(facts: Facts) -> Verdict:
    """A pause is in force or planned."""
    if not facts.pauses:
        return Verdict(Standing.OPEN, "no pause in force or planned")
    words, active = facts.pauses[0]
    return Verdict(Standing.DONE, f"{'paused' if active else 'planned'}: {words}")


def not_paused(facts: Facts) -> Verdict:
    """No pause is in force any more."""
    active = [words for words, in_force in facts.pauses if in_force]
    if not active:
        return Verdict(Standing.DONE, "no pause in force")
    return Verdict(Standing.BLOCKED, f"paused: {active[0]}")


def students_as_expected(facts: Facts) -> Verdict:
    """The number of students is close to the expected one."""
    expected = facts.students_expected
    if expected is None:
        return Verdict(
            Standing.BLOCKED,
            f"{facts.students:,} students; set expected.students in the district's file",
        )
    off = 100 * abs(facts.students - expected) / expected if expected else 100.0
    return _verdict(
        off <= CLOSE_ENOUGH,
        f"{facts.students:,} students, {expected:,} expected ({off:.1f} % apart)",
        Standing.BLOCKED,
    )


def schools_enrolled(facts: Facts) -> Verdict:
    """Every school with students has enrollments."""
    if not facts.schools:
        return Verdict(Standing.OPEN, "no school has students yet")
    empty = facts.schools_without_enrollments
    if empty:
        more = f" and {len(empty) - 3} more" if len(empty) > 3 else ""
        return Verdict(Standing.BLOCKED, f"no enrollments at {', '.join(empty[:3])}{more}")
    return Verdict(Standing.DONE, f"all {facts.schools:,} schools have enrollments")


def classes_taught(facts: Facts) -> Verdict:
    """Every class has a teacher."""
    if not facts.classes:
        return Verdict(Standing.OPEN, "no classes yet")
    return _verdict(
        not facts.classes_without_teacher,
        f"{facts.classes_without_teacher:,} of {facts.classes:,} classes have no teacher",
    )
