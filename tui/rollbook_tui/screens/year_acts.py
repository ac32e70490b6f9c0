"""Where the screens about a district's year lead to."""

from __future__ import annotations

from rollbook_tui.screens.base import ConsoleScreen


class YearActs(ConsoleScreen):
    """The ways from a district's year to the screens that do something about it."""

    def district(self) -> str | None:
        """The district that they are about."""
        raise NotImplementedError

    def action_open_year(self) -> None:
        """Open the district's year."""
        from rollbook_tui.screens.district_year import DistrictYearScreen

        if (district := self.district()) is not None:
            self.app.push_screen(DistrictYearScreen(self.desk, district))

    def action_roll_up(self) -> None:
        """Open the evidence of its roll-up."""
        from rollbook_tui.screens.roll_up import RollUpScreen

        if (district := self.district()) is not None:
            self.app.push_screen(RollUpScreen(self.desk, district))

    def action_pauses(self) -> None:
        """Open the grid of its pauses."""
        from rollbook_tui.screens.pauses import PausesScreen

        if (district := self.district()) is not None:
            self.app.push_screen(PausesScreen(self.desk, district))

    def action_plans(self) -> None:
        """Open its plans."""
        from rollbook_tui.screens.plans import PlansScreen

        if (district := self.district()) is not None:
            self.app.push_screen(PlansScreen(self.desk, district))

    def action_checklists(self) -> None:
        """Open its checklists."""
        from rollbook_tui.screens.checklist import ChecklistScreen

        if (district := self.district()) is not None:
            self.app.push_screen(ChecklistScreen(self.desk, district))
