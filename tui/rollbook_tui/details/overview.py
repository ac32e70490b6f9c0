"""All districts together: which of them need somebody, and for what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from textual.content import Content

from rollbook.desk.views import DistrictState, DistrictSummary, HoldView
from rollbook_tui.details.blocks import Block, hanging, joined, paragraph, section
from rollbook_tui.details.hold import where
from rollbook_tui.times import ago, span
from rollbook_tui.untrusted import drawable
from rollbook_tui.words import DISTRICTS, OVERDUE, counted, held_what

NEEDY = frozenset(
    {
        DistrictState.BROKEN,
        DistrictState.REFUSED,
        DistrictState.FAILED,
        DistrictState.HELD,
        DistrictState.READY,
    }
)
"""A district in one of these states waits for a person."""

MOST = 40

FIRST_STEPS = (
    "No districts yet.",
    "N",
    "opens a form to add one, whatever its roster comes from, and",
    "rollbook demo",
    "shows what a working day looks like.",
)


def overview(
    districts: Sequence[DistrictSummary], holds: Sequence[HoldView], now: datetime, width: int
) -> Content:
    """What needs somebody first, then the rest in numbers."""
    if not districts:
        commands = {1, 3}
        return Content("\n").join(
            paragraph(text, "bold $primary" if at in commands else "$foreground")
            for at, text in enumerate(FIRST_STEPS)
        )
    return joined(
        [
            _head(districts),
            section("Needs you", _needs(districts, width)),
            section("Sources overdue", _overdue(districts, now, width)),
            section("To decide", _decisions(holds, now, width)),
            section("States", _states(districts)),
        ]
    )


def _head(districts: Sequence[DistrictSummary]) -> Block:
    students = sum(district.students for district in districts)
    schools = sum(district.schools for district in districts)
    size = f"{counted(students, 'student', 'students')} in {counted(schools, 'school', 'schools')}"
    needy = sum(district.state in NEEDY for district in districts)
    first = (
        Content.styled(f"{needy:,} of {counted(len(districts), 'district', 'districts')}", "bold")
        if needy
        else Content.styled("Nothing waits for you.", "bold")
    )
    rest = Content(f" {'needs' if needy == 1 else 'need'} you") if needy else Content("")
    return [
        Content.assemble(first, rest),
        paragraph(size, "$muted"),
    ]


def _needs(districts: Sequence[DistrictSummary], width: int) -> Iterable[Content]:
    needy = [district for district in districts if district.state in NEEDY]
    order = list(DistrictState)
    for district in sorted(needy, key=lambda d: (order.index(d.state), d.name))[:MOST]:
        yield Content.assemble(
            DISTRICTS[district.state].both(),
            Content.styled(f"  {drawable(district.name)}", "bold"),
        )
        if district.note:
            yield from hanging(district.note, width)


def _overdue(districts: Sequence[DistrictSummary], now: datetime, width: int) -> Iterable[Content]:
    silent = [(d, d.source) for d in districts if d.source is not None and d.source.overdue]
    for district, source in silent[:MOST]:
        line = Content.assemble(
            OVERDUE.both(), Content.styled(f"  {drawable(district.name)}", "bold")
        )
        yield line.truncate(max(10, width), ellipsis=True)
        yield from hanging(f"last read {ago(source.pulled_at, now)}", width)
    if (more := len(silent) - MOST) > 0:
        yield paragraph(f"and {more:,} more: press / and type source:overdue", "$muted")


def _decisions(holds: Sequence[HoldView], now: datetime, width: int) -> Iterable[Content]:
    for hold in holds[:MOST]:
        line = Content.assemble(
            Content.styled(f"! {hold.count:,} {held_what(hold)}", "bold $held"),
            Content.styled(f"  {drawable(hold.district)}, {drawable(where(hold))}", "$muted"),
        )
        ends = Content.styled(span(hold.expires_at - now), "$muted").pad_left(1)
        room = max(10, width - 8)
        yield line.truncate(room, ellipsis=True, pad=True) + ends.pad_left(8 - ends.cell_length)
    if (more := len(holds) - MOST) > 0:
        yield paragraph(f"and {more:,} more", "$muted")


def _states(districts: Sequence[DistrictSummary]) -> Iterable[Content]:
    tally = Counter(district.state for district in districts)
    for state in DistrictState:
        if count := tally[state]:
            sign = DISTRICTS[state]
            yield Content.assemble((f"{count:>6,} ", "bold"), sign.both())
