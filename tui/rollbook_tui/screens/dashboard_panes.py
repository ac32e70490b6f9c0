"""The dashboard's three lists: which columns they have, and what gives way first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from textual.content import Content

from rollbook.desk.views import (
    DistrictState,
    DistrictSummary,
    HoldState,
    HoldView,
    RunState,
    RunSummary,
)
from rollbook_tui.commands.dashboard_state import CHANGESETS, DISTRICTS, HOLDS
from rollbook_tui.details.hold import where
from rollbook_tui.details.source import source_age, source_words
from rollbook_tui.times import span
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.columns import Column
from rollbook_tui.widgets.list_pane import ListPane
from rollbook_tui.words import DISTRICTS as STATES
from rollbook_tui.words import HOLDS as HOLD_WORDS
from rollbook_tui.words import OVERDUE, RUN_KINDS, RUNS, VERBS, Sign, compact, held_what

ALL = ""
"""The key of the line that stands for all districts."""

DistrictLine = DistrictSummary | None
"""A line of the first pane; ``None`` stands for all districts."""

Clock = Callable[[], datetime]


def district_pane(clock: Clock) -> ListPane[DistrictLine]:
    """Pane 1: the first line stands for all districts."""
    columns: list[Column[DistrictLine]] = [
        Column("", lambda d: _sign(d).only_mark() if d else Content(" "), 1),
        Column("district", lambda d: _name(d), 16, grows=True),
        Column("state", lambda d: _sign(d).only_word() if d else Content(""), 7, rank=1),
        Column("students", lambda d: _students(d), 7, rank=4, right=True),
        Column("held", lambda d: _held(d), 6, rank=2, right=True),
        Column("source", lambda d: source_age(d.source if d else None, clock()), 6, 3, right=True),
        Column("", lambda d: Content.styled(drawable(d.note if d else ""), "$muted"), 40, rank=9),
    ]
    return ListPane(
        "1 Districts",
        columns,
        key=lambda d: d.id if d else ALL,
        words=lambda d: (
            f"{d.id} {d.name} state:{STATES[d.state].word} source:{source_words(d.source)}"
            if d
            else ""
        ),
        counted=lambda d: d is not None,
        empty="None yet. The details say how to add one.",
        id=DISTRICTS,
    )


def changeset_pane(clock: Clock) -> ListPane[RunSummary]:
    """Pane 2: the newest first."""
    columns: list[Column[RunSummary]] = [
        Column("", lambda r: RUNS[r.state].only_mark(), 1),
        Column("run", lambda r: Content(drawable(r.id)), 13, grows=True),
        Column("", lambda r: Content.styled(_kind(r), "$muted"), 7, rank=5),
        Column("state", lambda r: RUNS[r.state].only_word(), 9, rank=1),
        Column("add", lambda r: _signed(r, "+", r.counts.add, "$add"), 6, rank=4, right=True),
        Column("update", lambda r: _signed(r, "~", r.counts.update, "$update"), 6, 4, right=True),
        Column("remove", lambda r: _signed(r, "-", r.counts.remove, "$remove"), 6, 3, right=True),
        Column("age", lambda r: _age(r.created_at, clock()), 6, rank=2, right=True),
        Column("", lambda r: Content.styled(drawable(r.message), "$muted"), 40, rank=9),
    ]
    return ListPane(
        "2 Changesets",
        columns,
        key=lambda r: r.id,
        words=lambda r: f"{r.id} {r.message} state:{RUNS[r.state].word} kind:{_kind(r)}",
        empty="No run yet. s syncs the district, v previews it.",
        id=CHANGESETS,
    )


def hold_pane(clock: Clock) -> ListPane[HoldView]:
    """Pane 3: what expires first comes first, what is snoozed last."""
    columns: list[Column[HoldView]] = [
        Column("", lambda h: HOLD_WORDS[h.state].only_mark(), 1),
        Column("changes", lambda h: _what(h), 14, grows=True),
        Column("where", lambda h: Content(drawable(where(h))), 10, rank=2, grows=True),
        Column("district", lambda h: Content(drawable(h.district)), 10, rank=5),
        Column("", lambda h: Content.styled(drawable(h.rule), "$muted"), 2, rank=4),
        Column("ends", lambda h: _age(h.expires_at, clock()), 6, rank=1, right=True),
        Column("", lambda h: Content.styled(drawable(h.cause), "$muted"), 40, rank=9),
    ]
    return ListPane(
        "3 Held",
        columns,
        key=lambda h: h.id,
        words=lambda h: (
            f"{h.id} {h.district} {where(h)} {held_what(h)} {h.title}"
            f" rule:{h.rule} state:{HOLD_WORDS[h.state].word}"
        ),
        empty="Nothing is held.",
        id=HOLDS,
    )


def urgency(hold: HoldView) -> tuple[bool, datetime, str]:
    """The order of pane 3."""
    return hold.state is HoldState.SNOOZED, hold.expires_at, hold.id


def _name(district: DistrictLine) -> Content:
    if district is None:
        return Content.styled("All districts", "$muted")
    return Content(drawable(district.name))


def _sign(district: DistrictSummary) -> Sign:
    """Its state; where that asks for nobody, that its source is overdue."""
    overdue = district.source is not None and district.source.overdue
    return OVERDUE if overdue and district.state is DistrictState.CLEAN else STATES[district.state]


def _held(district: DistrictLine) -> Content:
    if district is None or not (district.held or district.paused):
        return Content("")
    if district.held:
        return Content.styled(f"!{compact(district.held)}", "bold $held")
    return Content.styled(f"={compact(district.paused)}", "$paused")


def _kind(run: RunSummary) -> str:
    return "preview" if run.preview else RUN_KINDS[run.kind]


def _signed(run: RunSummary, sign: str, count: int, style: str) -> Content:
    if run.state in {RunState.INPUT_REFUSED, RunState.FETCH_FAILED}:
        return Content("")
    text = Content.styled(f"{sign}{compact(count)}", style)
    return text if count else Content.styled("·", "$dimmed")


def _what(hold: HoldView) -> Content:
    what = f"{compact(hold.count)} {held_what(hold)}"
    if hold.verb is None:
        return Content.styled(f"  {what}", "bold $held")
    sign = VERBS[hold.verb]
    return Content.styled(f"{sign.mark} {what}", f"bold {sign.style}")


def _students(district: DistrictLine) -> Content:
    if district is None:
        return Content("")
    number = compact(district.students)
    return Content(number) if district.students else Content.styled("·", "$dimmed")


def _age(moment: datetime, now: datetime) -> Content:
    return Content.styled(span(now - moment), "$muted")
