"""The columns of a list of changes."""

from __future__ import annotations

from rollbook.desk.views import ChangeRow, Lane, Verb
from rollbook_tui.widgets.field_changes import change_summary
from rollbook_tui.widgets.record_columns import Column, Tone
from rollbook_tui.words import LANES, VERBS, kind_word

_VERB_TONES = {Verb.ADD: Tone.ADD, Verb.UPDATE: Tone.UPDATE, Verb.REMOVE: Tone.REMOVE}
_LANE_TONES = {Lane.HELD: Tone.HELD, Lane.PAUSED: Tone.MUTED, Lane.APPLIED: Tone.MUTED}


def _change(row: ChangeRow) -> str:
    sign = VERBS[row.verb]
    return f"{sign.mark} {sign.word}"


def _lane(row: ChangeRow) -> str:
    sign = LANES[row.lane]
    return f"{sign.mark} {sign.word}"


CHANGE_COLUMNS: tuple[Column[ChangeRow], ...] = (
    Column("change", _change, 8, tone=lambda row: _VERB_TONES[row.verb]),
    Column("kind", lambda row: kind_word(row.kind, 1), 13),
    Column("who or what", lambda row: row.label or row.id, 26, 20, grow=1),
    Column("id", lambda row: row.id, 18, 16, drop=2),
    Column("school", lambda row: row.school_name, 22, 14, grow=1, drop=1),
    Column("before → after", change_summary, 44, 30, grow=2, drop=3, tone=lambda row: Tone.MUTED),
    Column("state", _lane, 10, tone=lambda row: _LANE_TONES.get(row.lane)),
)
