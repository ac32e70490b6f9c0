"""What seasons and the states of a roll-up are called on the screen."""

from __future__ import annotations

from rollbook.desk.season_views import Evidence, RollUpState, Season
from rollbook_tui.words import Sign

SEASONS: dict[Season, Sign] = {
    Season.IN_SESSION: Sign("✓", "in session", "$muted"),
    Season.CLOSING: Sign("·", "closing", "$primary"),
    Season.SUMMER: Sign("=", "summer", "$paused"),
    Season.WAITING_FOR_ROLL_UP: Sign("?", "waiting for roll-up", "$held"),
    Season.ROLLED_UP: Sign("*", "rolled up", "$primary"),
    Season.WAITING_FOR_ENROLLMENTS: Sign("?", "waiting for enrollments", "$held"),
    Season.READY: Sign("*", "ready", "$primary"),
    Season.LIVE: Sign("✓", "live", "$primary"),
}

NOT_BEGUN = Sign("·", "not begun", "$muted")
"""Before a district's first run."""

ROLL_UPS: dict[RollUpState, Sign] = {
    RollUpState.NOT_YET: Sign("·", "not yet", "$muted"),
    RollUpState.PARTLY: Sign("!", "partly", "bold $held"),
    RollUpState.DONE: Sign("✓", "done", "$primary"),
    RollUpState.TWICE: Sign("!", "done twice", "bold $held"),
    RollUpState.BACK: Sign("!", "taken back", "bold $held"),
    RollUpState.UNKNOWN: Sign("?", "too few to tell", "$muted"),
}

NEW_SCHOOL = Sign("+", "new", "$muted")
"""A school that had no students last year."""


def season_sign(season: Season | None) -> Sign:
    """The sign of a season, or of none yet."""
    return SEASONS[season] if season is not None else NOT_BEGUN


def roll_up_sign(state: RollUpState | None) -> Sign:
    """The sign of a school's roll-up, or of a school that is new."""
    return ROLL_UPS[state] if state is not None else NEW_SCHOOL


def evidence_parts(evidence: Evidence) -> list[str]:
    """``1,150 of 1,204 up (95.5 %)``, ``40 in the same grade``; what did not happen is left out."""
    parts = []
    if evidence.decided:
        share = 100 * evidence.share(evidence.up)
        parts.append(f"{evidence.up:,} of {evidence.decided:,} up ({share:.1f} %)")
    told = (
        (evidence.stayed, "in the same grade"),
        (evidence.two_up, "went up two"),
        (evidence.down, "went down"),
        (evidence.elsewhere, "went elsewhere on the ladder"),
        (evidence.finished, "finished"),
        (evidence.apart, "wait apart"),
        (evidence.unread, "have no grade that can be read"),
        (evidence.gone, "gone"),
    )
    return [*parts, *(f"{number:,} {words}" for number, words in told if number)]
