"""One district's life: its system sends, the service reads, its operators look and decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from core.small_sis import SmallSis
from rollbook.config.accounts import AccountPolicy, Accounts
from rollbook.config.home import find_district, save_district
from rollbook.config.schedule import Schedule
from rollbook.desk import districts, history, seasons
from rollbook.desk.desk import Desk
from rollbook.desk.schedule_views import SlotView
from rollbook.desk.views import HoldView, RunState, RunView
from year import operators
from year.accidents import Accident, Scene
from year.calendar import is_working_day
from year.export import deliver, sent, write
from year.harm import Held, agrees, harm, held
from year.intentions import Intentions
from year.profiles import Profile
from year.records import Hold, Lived, Planted, Verdict
from year.timeline import FIRST, Day, found, next_day
from year.truth import true_season
from year.world import World


def _nobody(said: str) -> None:
    """Where nobody listens."""


_SENT_AT = time(1, 30)
"""When a district's system writes its files, by its own clocks."""


@dataclass
class Life:
    """One district's life. ``planned`` are its accidents by day, ``other`` another district's rows,
    ``desk`` is the service's."""

    desk: Desk
    folder: Path
    profile: Profile
    planned: dict[date, Accident]
    other: SmallSis
    seed: int
    world: World = field(init=False)
    spring: SmallSis = field(init=False)
    lived: Lived = field(init=False)
    chance: Random = field(init=False)
    intentions: Intentions = field(init=False)
    today: Day = field(init=False, default=Day("the first run", turns=True))
    day: date = FIRST
    accident: Accident | None = None
    before: Held | None = None
    tell: Callable[[str], None] = _nobody
    seen: set[str] = field(default_factory=set)
    rules: list[str] = field(default_factory=list)
    slots: int = 0
    last: RunView | None = None
    spoilt: date = FIRST

    def __post_init__(self) -> None:
        self.world = found(self.profile, self.seed)
        self.spring = sent(self.world).copy()
        self.lived = Lived(self.profile.id)
        self.chance = Random(f"{self.seed}|{self.profile.id}|accidents")
        self.intentions = Intentions(self.desk, self.profile)

    @property
    def id(self) -> str:
        """The district's id."""
        return self.profile.id

    def begin(self, first: date) -> None:
        """Add the district on a day, with its files and its schedule."""
        while self.world.today < first:
            next_day(self.world, self.world.today + timedelta(days=1))
        self.day = first
        self._send(None)
        districts.add_district(
            self.desk,
            self.id,
            name=self.profile.name,
            timezone=self.profile.timezone,
            source_type="clever-csv" if self.profile.source == "clever" else "oneroster-csv",
            path=self._drop,
        )
        district = find_district(self.desk.home, self.id)
        more = {"schedule": Schedule(times=self.profile.times), "accounts": _ACCOUNTS}
        save_district(self.desk.home, district.model_copy(update=more))

    def sends_at(self, day: date) -> datetime:
        """When the files of a day are there."""
        return datetime.combine(day, _SENT_AT, ZoneInfo(self.profile.timezone))

    def send(self, day: date) -> None:
        """Take the system on to a day, and have it send."""
        self._close_day()
        done = self.intentions.act(self.world, day)
        self.day, self.today = day, next_day(self.world, day)
        if self.today.said:
            self.lived.said.append((day, self.today.said))
        if done:
            self._say(done, turns="ended" in done)
        if day == date(2026, 4, 15):
            self.spring = sent(self.world).copy()
        mended = self.accident is not None
        self.accident = self.planned.get(day)
        if self.accident:
            self.spoilt = day
            self.before = held(self.desk, self.id)
        if is_working_day(day) or self.today.said or self.accident or mended:
            self._send(self.accident)

    def _say(self, said: str, *, turns: bool) -> None:
        """Note what somebody did. The first run after a pause is a review, as everybody knows."""
        self.lived.said.append((self.day, said))
        both = "; ".join(filter(None, (self.today.said, said)))
        self.today = replace(self.today, said=both, turns=self.today.turns or turns)

    def read(self, slot: SlotView) -> None:
        """Look at what the service has read, and decide about what waits."""
        if slot.run is None:
            self._fault(f"{slot.slot} {slot.state}: {slot.message}")
            return
        if self.intentions.has_ended():
            self._say("the summer pause has ended by itself", turns=True)
        view = history.run(self.desk, slot.run)
        self.last = self.last if self.last and view.summary.state is RunState.NOOP else view
        self._count(view)
        holds = [h for h in operators.waiting(self.desk, self.id) if h.id not in self.seen]
        for hold in holds:
            self.seen.add(hold.id)
            self.rules.append(hold.rule)
            self.lived.holds.append(judged := self._judged(hold))
            self.tell(f"{judged.verdict}: {judged.rule} {judged.what}: {judged.why}")
        if self.accident:
            operators.reject_all(self.desk, self.id)
        elif not self.today.partly:
            operators.approve_all(self.desk, self.id)
        self.slots += 1
        if self.slots == len(self.profile.times):
            shown = seasons.season(self.desk, self.id).season
            self.lived.see(self.day, str(shown), true_season(self.profile, self.day))

    def _count(self, view: RunView) -> None:
        state = view.summary.state
        self.lived.runs += 1
        self.lived.quiet_runs += state is RunState.NOOP
        self.lived.ordinary_runs += not self.accident and not self.today.turns
        if state in (RunState.INPUT_REFUSED, RunState.FETCH_FAILED) and not self.accident:
            said = "waits for the rest" if self.today.partly else "refused"
            self._fault(f"{said}: {view.summary.message}")

    def _fault(self, said: str) -> None:
        self.lived.faults.append(f"{self.day}: {said}")
        self.tell(f"FAULT {said}")

    def _close_day(self) -> None:
        """What became of the day's accident, and now and then whether all is as it should be."""
        if self.accident and self.before and self.last:
            planted = Planted(
                day=self.day,
                name=self.accident.name,
                expected=self.accident.caught,
                state=self.last.summary.state,
                rules=tuple(dict.fromkeys(self.rules)),
                message=self.last.summary.message,
                harm=self._harm(self.before),
            )
            self.lived.planted.append(planted)
            what = "stopped" if planted.stopped else f"MISSED {dict(planted.harm)}"
            self.tell(f"{what}: {planted.name}: {planted.message}")
        elif self.day.day % 7 == 0 and not self.today.partly and not self.intentions.pause:
            true = sent(self.world)
            if not agrees(held(self.desk, self.id), true):
                self._fault("the directory is not as the true file says")
        self.last, self.rules, self.slots = None, [], 0

    def _harm(self, before: Held) -> Counter[str]:
        by_email = self.profile.source == "clever"
        return harm(before, held(self.desk, self.id), sent(self.world), parents_by_email=by_email)

    @property
    def _drop(self) -> Path:
        return self.folder / (f"{self.id}.zip" if self.profile.zipped else self.id)

    def _send(self, accident: Accident | None) -> None:
        true = sent(self.world)
        shown, scene = true, Scene(self.world, self.chance, self.spring, self.other)
        if accident and accident.rows:
            shown = true.copy()
            accident.rows(shown, scene)
        written = write(self.profile, shown, self.folder / f"{self.id}.set")
        if accident and accident.files:
            accident.files(written, scene)
        deliver(self.profile, written, self._drop)

    def _judged(self, hold: HoldView) -> Hold:
        if self.accident:
            verdict, because = Verdict.CAUGHT, self.accident.name
        elif self.today.turns or self.today.partly:
            verdict, because = Verdict.ASKED, self.today.said
        else:
            verdict, because = Verdict.FALSE, self.today.said
            if self.spoilt == self.day - timedelta(days=1):
                because = "the day after an accident"
        parts = (hold.verb, hold.kind, hold.role, hold.school)
        what = " ".join(str(part) for part in parts if part)
        return Hold(self.day, hold.rule, what, hold.count, hold.base, hold.why, verdict, because)


_ACCOUNTS = Accounts(
    student=AccountPolicy(
        username=("{given.1}{family}{grad.2}", "{given.1}{number}"),
        email=("{username}@students.example.org",),
        ou="/Students/{school_name}/{grad}",
    ),
    staff=AccountPolicy(username=("{given}.{family}", "{number}"), ou="/Staff/{school_name}"),
)
"""In every district a student's name has the year of graduation in it."""


def other_rows(profile: Profile, seed: int) -> SmallSis:
    """Another district's rows, as its system would send them."""
    return sent(replace(found(profile, seed)))
