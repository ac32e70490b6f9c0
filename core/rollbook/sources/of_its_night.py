"""Findings that are about the day on which a source is read, not about what it says."""

from __future__ import annotations

CLEVER_PAUSED = "clever-paused"
CLEVER_STATE = "clever-state"
CLEVER_PAUSE_PLANNED = "clever-pause-planned"

CLEVERS_STATE = frozenset({CLEVER_PAUSED, CLEVER_STATE, CLEVER_PAUSE_PLANNED})
"""Codes of what Clever says of the district itself, which may change where the roster does not."""
