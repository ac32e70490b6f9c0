"""A district as it stands: what it waits for, what it holds, how far its checklists are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from textual.content import Content

from rollbook.desk.views import DistrictDetail, Kind, PauseView
from rollbook_tui.details.blocks import Block, bar, fact, hanging, joined, paragraph, section
from rollbook_tui.details.source import source_lines
from rollbook_tui.season_words import season_sign
from rollbook_tui.times import ago
from rollbook_tui.untrusted import drawable
from rollbook_tui.words import DISTRICTS, RUNS, counted, kind_word

MOST_SCHOOLS = 40
NUMBER_WIDTH = 10


def district_detail(district: DistrictDetail, now: datetime, width: int) -> Content:
    """Everything about a district that one looks for first."""
    return joined(
        [
            _head(district),
            section("Now", _now(district, now, width)),
            section("Source", source_lines(district.summary.source, now, width)),
            section("Pauses", map(_pause, district.pauses)),
            section("Checklists", _checklists(district, width)),
            section("Directory", _directory(district)),
            section("Schools", _schools(district, width)),
            section("District", _facts(district, width)),
        ]
    )


def _head(district: DistrictDetail) -> Block:
    summary = district.summary
    state = DISTRICTS[summary.state].both()
    return [
        Content.styled(drawable(summary.name), "bold $foreground"),
        Content.assemble(state, Content(f"  {drawable(summary.note)}")),
    ]


def _now(district: DistrictDetail, now: datetime, width: int) -> Iterable[Content]:
    summary = district.summary
    if summary.season is not None:
        yield fact("season", season_sign(summary.season).both(), width)
    if (run := summary.last_run) is not None:
        state = Content.assemble(
            RUNS[run.state].both(), Content(f"  {run.id}, {ago(run.created_at, now)}")
        )
        yield fact("last run", state, width)
    yield fact("last applied", ago(summary.last_applied_at, now), width)
    if summary.held:
        yield fact("held", Content.styled(f"! {summary.held:,} changes", "bold $held"), width)
    if summary.additions_waiting:
        yield fact(
            "waiting", Content.styled(f"+ {summary.additions_waiting:,} adds", "$add"), width
        )
    if summary.paused:
        yield fact("paused", Content.styled(f"= {summary.paused:,} changes", "$paused"), width)
    if summary.duplicates:
        pairs = counted(summary.duplicates, "likely pair", "likely pairs")
        yield fact("duplicates", f"{pairs}: press m", width)


def _pause(pause: PauseView) -> Content:
    style = "$paused" if pause.active else "$muted"
    return Content.assemble(
        Content.styled(f"= {pause.id}  ", style), Content(drawable(pause.words))
    )


def _checklists(district: DistrictDetail, width: int) -> Iterable[Content]:
    for checklist in district.checklists:
        yield Content.assemble(
            bar(checklist.done, checklist.total, "$primary", 10),
            Content.styled(f" {checklist.done}/{checklist.total}".ljust(7), "bold"),
            Content(drawable(checklist.title)),
        )
        if checklist.next_step:
            yield from hanging(f"next: {checklist.next_step}", width)


def _directory(district: DistrictDetail) -> Iterable[Content]:
    for kind in Kind:
        if count := district.counts.get(kind):
            yield Content.assemble(
                (f"{count:>{NUMBER_WIDTH},} ", "bold"), Content(kind_word(kind, count))
            )


def _schools(district: DistrictDetail, width: int) -> Iterable[Content]:
    room = max(10, width - 2 * NUMBER_WIDTH)
    for _, name, counts in district.schools[:MOST_SCHOOLS]:
        cells = Content(drawable(name)).truncate(room, ellipsis=True, pad=True)
        users, classes = counts.get(Kind.USER, 0), counts.get(Kind.CLASS, 0)
        yield Content.assemble(
            cells,
            (f"{users:>{NUMBER_WIDTH - 4},}", "bold"),
            (" p", "$muted"),
            (f"{classes:>{NUMBER_WIDTH - 4},}", "bold"),
            (" cl", "$muted"),
        )
    if (more := len(district.schools) - MOST_SCHOOLS) > 0:
        yield paragraph(f"and {counted(more, 'school', 'schools')} more", "$muted")


def _facts(district: DistrictDetail, width: int) -> Iterable[Content]:
    summary = district.summary
    yield fact("id", summary.id, width)
    yield fact("time zone", summary.timezone, width)
    yield fact("generation", f"{summary.generation:,}", width)
