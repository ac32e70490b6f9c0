"""What operators do beforehand: a pause for the summer, or plans that say what is to come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from rollbook.desk import pausing, plans
from rollbook.desk.desk import Desk
from rollbook.desk.plan_views import ClassFate, Entrants, LeaversDraft, PlanDraft, SchoolMove
from year.operators import FIRST, SECOND
from year.profiles import GRADES, Profile
from year.world import World


@dataclass
class Intentions:
    """A district's operators and what they have in force; ``desk`` is anybody's."""

    desk: Desk
    profile: Profile
    pause: str = ""

    def act(self, world: World, day: date) -> str:
        """Do what is to be done on a day, before its files come; says what was done."""
        match self.profile.summer:
            case "pause" | "pause until ready":
                return self._pause(world, day)
            case "plan":
                return self._plan(world, day)
            case _:
                return ""

    def _pause(self, world: World, day: date) -> str:
        turn = self.profile.turn
        at = replace(self.desk, operator=FIRST)
        if day == self.profile.year(2026).last + timedelta(days=3):
            until_ready = self.profile.summer == "pause until ready"
            view = pausing.pause(
                at,
                self.profile.id,
                preset="summer",
                until_ready=until_ready,
                ends=turn.classes[-1] if until_ready else None,
                reason="the summer",
            )
            self.pause = view.id
            return f"the summer pause begins{', until the roll-up is done' * until_ready}"
        if day == turn.classes[-1] + timedelta(days=1) and self.pause:
            pausing.resume(at, self.pause)
            self.pause = ""
            return "the summer pause is ended"
        return ""

    def has_ended(self) -> bool:
        """Whether the pause is over without anybody having ended it."""
        if not self.pause or any(p.id == self.pause for p in pausing.pauses(self.desk)):
            return False
        self.pause = ""
        return True

    def _plan(self, world: World, day: date) -> str:
        if (draft := self._draft(world, day)) is None:
            return ""
        proposed = plans.add_plan(
            replace(self.desk, operator=FIRST), self.profile.id, draft, reason="the school year"
        )
        plans.agree_to_plan(replace(self.desk, operator=SECOND), proposed.id)
        return f"a plan until {draft.ends}"

    def _draft(self, world: World, day: date) -> PlanDraft | None:
        """The plan of a day, if one is made: for a term, for the seniors, for the rollover."""
        profile, turn = self.profile, self.profile.turn
        two_days, year = timedelta(days=2), profile.year(2026)
        if profile.exports == "term" and any(day == t.start - two_days for t in year.terms[1:]):
            return PlanDraft(day, day + timedelta(days=7), classes=ClassFate.REPLACED)
        if turn.seniors and day == turn.seniors - two_days:
            leavers = (LeaversDraft(profile.top),)
            return PlanDraft(day, turn.seniors + two_days, leavers=leavers)
        if day == turn.rolls[0] - two_days:
            return PlanDraft(
                day,
                turn.classes[-1] + timedelta(days=7),
                promotion=True,
                classes=ClassFate.REPLACED,
                leavers=() if turn.seniors else (LeaversDraft(profile.top),),
                moves=tuple(self._moves()),
                entrants=(Entrants(profile.entry, *self._expected(world)),),
            )
        return None

    def _moves(self) -> list[SchoolMove]:
        moves: list[SchoolMove] = []
        for school in self.profile.schools:
            last = school.grades[-1]
            if last != self.profile.top:
                following = GRADES[GRADES.index(last) + 1]
                same = [s for s in self.profile.schools if s.grades == school.grades]
                follow = [s for s in self.profile.schools if following in s.grades]
                there = follow[same.index(school) * len(follow) // len(same)]
                moves.append(SchoolMove(last, school.id, there.id))
        return moves

    def _expected(self, world: World) -> tuple[int, int]:
        """How many new children are expected: as many as the entry grade has, or a few more."""
        grades = [world.sis.users[s]["grades"] for s in world.sis.students()]
        now = grades.count(self.profile.entry)
        return round(now * 0.4), round(now * 1.3)
