"""Living a district's year: every day its system moves on and sends, and is decided about."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from core.scripted_clock import Clock
from core.small_sis import SmallSis
from rollbook.desk import districts, syncing
from rollbook.desk.desk import Desk
from rollbook.desk.views import HoldView, RunState, RunView
from year import operators
from year.accidents import Accident, Scene
from year.calendar import is_working_day
from year.export import deliver, sent, write
from year.harm import agrees, harm, held
from year.profiles import Profile
from year.records import Hold, Lived, Planted, Verdict
from year.timeline import FIRST, Day, found, next_day
from year.world import World


class Life:
    """One district's life. ``desk`` is the night's: it syncs and decides nothing."""

    def __init__(
        self,
        desk: Desk,
        clock: Clock,
        folder: Path,
        profile: Profile,
        planned: dict[date, Accident],
        other: SmallSis,
        seed: int = 1,
    ) -> None:
        self.desk, self.clock, self.folder = desk, clock, folder
        self.profile, self.planned, self.other = profile, planned, other
        self.world: World = found(profile, seed)
        self.chance = Random(f"{seed}|{profile.id}|accidents")
        self.spring = self.world.sis.copy()
        self.lived = Lived(profile.id)
        self.drop = folder / (f"{profile.id}.zip" if profile.zipped else profile.id)
        self.turned = FIRST
        self.spoilt = FIRST

    def begin(self) -> None:
        """Add the district and let its first file in."""
        self._send(sent(self.world), None)
        clever = self.profile.source == "clever"
        districts.add_district(
            self.desk,
            self.profile.id,
            name=self.profile.name,
            timezone=self.profile.timezone,
            source_type="clever-csv" if clever else "oneroster-csv",
            path=self.drop,
        )
        self._sync(FIRST, Day("first run", turns=True), None)

    def day(self, day: date) -> None:
        """Live one day."""
        begun = time.perf_counter()
        today = next_day(self.world, day)
        if today.said:
            self.lived.said.append((day, today.said))
        if today.turns:
            self.turned = day
        if day == date(2026, 4, 15):
            self.spring = sent(self.world).copy()
        accident = self.planned.get(day)
        if is_working_day(day) or today.said or accident or self.spoilt == day - timedelta(days=1):
            self._send(sent(self.world), accident)
        if accident:
            self.spoilt = day
        self._sync(day, today, accident)
        self.lived.seconds += time.perf_counter() - begun

    def _send(self, true: SmallSis, accident: Accident | None) -> None:
        shown = true
        scene = Scene(self.world, self.chance, self.spring, self.other)
        if accident and accident.rows:
            shown = true.copy()
            accident.rows(shown, scene)
        written = write(self.profile, shown, self.folder / f"{self.profile.id}.set")
        if accident and accident.files:
            accident.files(written, scene)
        deliver(self.profile, written, self.drop)

    def _sync(self, day: date, today: Day, accident: Accident | None) -> None:
        self.clock.now = max(self.clock.now, datetime(day.year, day.month, day.day, 10, tzinfo=UTC))
        before = held(self.desk, self.profile.id) if accident else None
        view = syncing.sync(self.desk, self.profile.id)
        self.lived.runs += 1
        self.lived.quiet_runs += view.summary.state is RunState.NOOP
        self.lived.ordinary_runs += not accident and not today.turns
        holds = operators.waiting(self.desk, self.profile.id)
        for hold in holds:
            self.lived.holds.append(self._judged(day, today, accident, hold))
        if accident:
            operators.reject_all(self.desk, self.profile.id)
        elif not today.partly:
            operators.approve_all(self.desk, self.profile.id)
        if accident and before is not None:
            wrong = harm(before, held(self.desk, self.profile.id), sent(self.world))
            self.lived.planted.append(
                Planted(
                    day=day,
                    name=accident.name,
                    expected=accident.caught,
                    state=view.summary.state,
                    rules=tuple(dict.fromkeys(hold.rule for hold in holds)),
                    message=_said(view),
                    harm=wrong,
                )
            )
        elif view.summary.state in (RunState.INPUT_REFUSED, RunState.FETCH_FAILED):
            self.lived.faults.append(f"{day}: {view.summary.state}: {_said(view)}")
        elif not today.partly and day.day % 7 == 0 and not self._agrees():
            self.lived.faults.append(f"{day}: the directory is not as the true file says")

    def _agrees(self) -> bool:
        return agrees(held(self.desk, self.profile.id), sent(self.world))

    def _judged(self, day: date, today: Day, accident: Accident | None, hold: HoldView) -> Hold:
        if accident:
            verdict, because = Verdict.CAUGHT, accident.name
        elif today.turns or today.partly:
            verdict, because = Verdict.ASKED, today.said
        else:
            verdict, because = Verdict.FALSE, today.said
            if self.spoilt == day - timedelta(days=1):
                because = "the day after an accident"
        what = " ".join(
            str(part) for part in (hold.verb, hold.kind, hold.role, hold.school) if part
        )
        return Hold(day, hold.rule, what, hold.count, hold.base, hold.why, verdict, because)


def _said(view: RunView) -> str:
    return view.summary.message
