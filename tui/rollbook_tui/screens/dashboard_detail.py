"""What the detail pane shows for the line under the cursor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.content import Content

from rollbook.desk import account_lists, change_lists, decisions, districts, history
from rollbook.desk.account_views import AccountChangeFilter
from rollbook.desk.desk import Desk
from rollbook.desk.views import ChangeFilter, DistrictState, DistrictSummary, HoldView, RunSummary
from rollbook_tui.details.blocks import joined, paragraph
from rollbook_tui.details.district import district_detail
from rollbook_tui.details.hold import FIRST_CHANGES, hold_detail
from rollbook_tui.details.overview import overview
from rollbook_tui.details.run import run_detail
from rollbook_tui.screens.dashboard_panes import urgency

Subject = DistrictSummary | RunSummary | HoldView | None
"""What is selected; ``None`` for all districts."""


@dataclass(frozen=True, slots=True)
class Detail:
    """A title, and the text for a width in cells."""

    title: str
    draw: Callable[[int], Content]


def read_detail(desk: Desk, subject: Subject) -> Detail:
    """Read what there is to say about the subject. Raises ``NotFound`` when it has gone."""
    now = desk.clock()
    match subject:
        case RunSummary():
            run = history.run(desk, subject.id)
            return Detail(subject.id, lambda width: run_detail(run, now, width))
        case HoldView():
            hold = decisions.hold(desk, subject.id)
            if hold.of_accounts:
                listed = account_lists.account_changes(
                    desk, hold.run, AccountChangeFilter(hold=hold.id)
                )
                accounts = listed.rows(0, FIRST_CHANGES)
                return Detail(subject.id, lambda width: hold_detail(hold, (), now, width, accounts))
            held = change_lists.changes(desk, hold.run, ChangeFilter(hold=hold.id))
            first = held.rows(0, FIRST_CHANGES)
            return Detail(subject.id, lambda width: hold_detail(hold, first, now, width))
        case DistrictSummary(state=DistrictState.BROKEN):
            text = joined([[paragraph(subject.id, "bold")], [paragraph(subject.note)]])
            return Detail(subject.id, lambda width: text)
        case DistrictSummary():
            detail = districts.district(desk, subject.id)
            return Detail(subject.id, lambda width: district_detail(detail, now, width))
        case None:
            every = districts.districts(desk)
            holds = sorted(decisions.holds(desk), key=urgency)
            return Detail("All districts", lambda width: overview(every, holds, now, width))
