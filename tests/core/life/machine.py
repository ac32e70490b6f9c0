"""The machine: a district, its source, its operators, and whatever happens to them.

There is one rule, and coins that decide, with those before them, which act it is: left to itself,
Hypothesis switches most rules off in most of its examples, and likes those numbers best that stand
in modules that happen to be loaded; a district in which nobody syncs proves nothing.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select, update

from core.accounts.looking import ledger, left_over, names_belong
from core.life import deeds
from core.life.crash import DONE, interrupted_at, killed_at, reopened
from core.life.deeds import Deed
from core.life.edits import damage, drop, edit, ruin
from core.life.ghost import Ghost
from core.scene import NORTH, Saved
from core.small_sis import TABLES, SmallSis
from faults.points import DIED
from rollbook.desk import auditing, decisions, people, syncing
from rollbook.desk.views import HoldState, HoldView, Kind, MergeState, RunState, RunView
from rollbook.directory import tables
from rollbook.errors import NotPermitted, Stale

ACTS = {
    **{"day": 12, "decide": 9, "apply": 4, "merge": 3, "split": 4, "undo": 4, "pause": 3},
    **{"resume all": 2, "approve what is over": 2, "ruined file": 2, "edit by hand": 2},
    **{"time passes": 2, "clock back": 2, "changeover": 1, "approve too late": 2, "let lapse": 2},
    **{"other limits": 1},
}
"""What may happen, and how often."""

KILLED, INTERRUPTED = 0.2, 0.06
"""How often a deed is the last one of its process, and how often it is broken off by ctrl+c."""

POINTS = (12, 40, 160)
"""The last fault point at which a process may die: most deeds have some forty, a sync has more."""


class DistrictLife(RuleBasedStateMachine):
    """One district; no act may break the rules of the house."""

    def __init__(self, template: Saved, seen: Counter[str]) -> None:
        super().__init__()
        self.template = template
        self.seen = seen
        self.new = 0
        self.past = 0
        self.well = True

    @initialize()
    def settled(self) -> None:
        self.scene = self.template.rewound()
        self.gone = SmallSis({name: {} for name in TABLES})
        self.unreadable: frozenset[str] = frozenset()
        limits = self.scene.configure().thresholds
        self.ghost = Ghost(self.scene, limits, self.scene.held(), self.scene.generation())
        self.ghost.seen = self.seen
        self.book = ledger(self.scene)

    @rule(coins=st.lists(st.booleans(), min_size=12, max_size=12))
    def act(self, coins: list[bool]) -> None:
        self.chance = Random(f"{self.past}, {coins}")
        self.past = self.chance.getrandbits(64)
        [name] = self.chance.choices(list(ACTS), list(ACTS.values()))
        getattr(self, f"_{name.replace(' ', '_')}")()

    @invariant()
    def all_is_well(self) -> None:
        if hasattr(self, "ghost"):
            self.well = False
            self.ghost.follow()
            self.ghost.look_at_everything()
            book = ledger(self.scene)
            assert self.book.items() <= book.items(), "a name that was given is not any more"
            self.book = book
            names_belong(self.scene)
            self.seen["steps"] += 1
            self.well = True

    def teardown(self) -> None:
        if hasattr(self, "ghost"):
            if self.well:
                self._settle()
                self.ghost.at_the_end()
            self.scene.close()

    def _day(self) -> None:
        """The source is edited, its files arrive, a sync runs, and its holds are looked at."""
        for _ in range(self.chance.randint(0, 4)):
            self.new += 1
            what = edit(self.scene.sis, self.gone, self.chance, self.new)
            self.seen[f"source: {what}"] += 1
        self._deliver()
        view = self._do(deeds.sync(preview=self.chance.random() < 0.4))
        if isinstance(view, RunView) and self.chance.random() < 0.5:
            for hold in view.holds:
                if hold.state is HoldState.OPEN:
                    self.ghost.follow()
                    self._say(hold)

    def _deliver(self) -> None:
        self.scene.sis.write(self.scene.drop)
        what, self.unreadable = damage(self.scene.drop, self.scene.sis, self.chance)
        self.seen[f"file: {what}"] += 1

    def _ruined_file(self) -> None:
        self.scene.sis.write(self.scene.drop)
        what = ruin(self.scene.drop, self.chance)
        view = syncing.sync(self.scene.desk, NORTH)
        assert view.summary.state is RunState.INPUT_REFUSED
        self.seen[f"file: {what}"] += 1

    def _decide(self) -> None:
        if waiting := decisions.holds(self.scene.desk, NORTH):
            self._say(self.chance.choice(waiting))

    def _say(self, hold: HoldView) -> None:
        """One word about a hold; where it was a yes that is not enough, perhaps a second one."""
        deed = deeds.verdict(self.scene, self.chance, hold)
        done = self._do(deed)
        now = decisions.hold(self.scene.desk, hold.id)
        more = deed.name == "approve" and now.approvals and now.missing
        if more and deed.says and self.chance.random() < 0.7:
            self.ghost.follow()
            _, said = deed.says
            who = self.chance.choice((said, said, "sam", "lee", "kim"))
            if done is not None and who == said:
                again = "approve as the same one"
                self._do(deeds.approve(now, who, must=NotPermitted, name=again))
            else:
                self._do(deeds.approve(now, who))

    def _apply(self) -> None:
        self._do(deeds.apply(self.scene))

    def _merge(self) -> None:
        self._do(deeds.merge(self.scene, self.chance))

    def _split(self) -> None:
        self._do(deeds.split(self.scene, self.chance))

    def _undo(self) -> None:
        self._do(deeds.undo(self.scene, self.chance))

    def _pause(self) -> None:
        self._do(deeds.pause(self.scene, self.chance))

    def _resume_all(self) -> None:
        self._do(deeds.resume_all())

    def _approve_what_is_over(self) -> None:
        self._do(deeds.approve_what_is_over(self.scene, self.chance))

    def _other_limits(self) -> None:
        """Somebody changes the district's file: no hold that is open goes for that."""
        percent = self.chance.choice((15, 20, 30, 50))
        self.ghost.limits = self.scene.configure(thresholds={"removal_percent": percent}).thresholds
        self.seen["other limits"] += 1

    def _approve_too_late(self) -> None:
        """Nobody decides until the changeset of a hold is too old."""
        if waiting := decisions.holds(self.scene.desk, NORTH):
            hold = self.chance.choice(waiting)
            self.scene.clock.now = max(self.scene.clock.now, hold.expires_at)
            self._do(deeds.approve(hold, "lee", must=Stale, name="approve too late"))
            self._do(deeds.tidy_up())

    def _let_lapse(self) -> None:
        """Somebody approves what a preview holds, and a day later somebody else applies it."""
        drop(self.scene.sis, self.gone, self.chance.choice(("s1", "s2")), 4)
        self._deliver()
        view = self._do(deeds.sync(preview=True))
        if not isinstance(view, RunView) or not view.summary.preview:
            return
        for hold in view.holds:
            if not hold.whole_run:
                self.ghost.follow()
                self._agree(hold.id)
        self.scene.clock.forward(hours=25)
        self._apply()
        entries = auditing.audit(self.scene.desk, NORTH, limit=20)
        lapsed = {entry.subject for entry in entries if entry.event == "approval.expired"}
        self.seen["approvals lapsed"] += bool(lapsed & {hold.id for hold in view.holds})

    def _time_passes(self) -> None:
        self.scene.clock.forward(hours=self.chance.choice((1, 10, 25, 24 * 8)))
        self.seen["clock forward"] += 1
        self._do(deeds.tidy_up())

    def _clock_back(self) -> None:
        self.scene.clock.forward(hours=-self.chance.choice((0.05, 1, 3, 30)))
        self.seen["clock back"] += 1

    def _changeover(self) -> None:
        if (moment := deeds.next_changeover(self.scene.clock.now)) is not None:
            self.scene.clock.now = moment
            self.seen["changeover"] += 1

    def _edit_by_hand(self) -> None:
        """Somebody writes a record past rollbook that a preview is about to change."""
        self.new += 1
        student = self.chance.choice(self.scene.sis.students())
        self.scene.sis.users[student]["phone"] = f"555-{self.new}"
        self._deliver()
        self._expect()
        run = syncing.sync(self.scene.desk, NORTH, preview=True).summary
        users = tables.RECORD_TABLES[Kind.USER]
        with self.scene.desk.store.read() as connection:
            changed = connection.execute(
                select(tables.changes.c.record_id)
                .join(
                    tables.lanes,
                    (tables.lanes.c.run == tables.changes.c.run)
                    & (tables.lanes.c.number == tables.changes.c.lane),
                )
                .where(
                    tables.changes.c.run == run.id,
                    tables.changes.c.kind == Kind.USER,
                    tables.changes.c.verb == "update",
                    tables.lanes.c.pause.is_(None),
                )
            ).scalars()
            touched = sorted(changed)
        if run.state is not RunState.READY or not touched:
            return
        self.ghost.follow()
        one = users.c.id == self.chance.choice(touched)
        version = users.c.version
        with self.scene.desk.store.write() as connection:
            connection.execute(update(users).where(one).values(version=version + 1))
        with_it = self.scene.generation()
        try:
            syncing.apply(self.scene.desk, run.id)
        except Stale:
            self.seen["edits by hand noticed"] += 1
        else:
            raise AssertionError("a record that was written meanwhile was written over")
        assert self.scene.generation() == with_it
        with self.scene.desk.store.write() as connection:
            connection.execute(update(users).where(one).values(version=version - 1))

    def _do(self, deed: Deed | None) -> object:
        """Do a deed, to its end or not; what it gave, where it came to its end here."""
        if deed is None:
            return None
        self._expect(deed.input_of)
        fate = self.chance.random()
        if fate < KILLED + INTERRUPTED:
            self._killed(deed) if fate < KILLED else self._interrupted(deed)
            return None
        said = self.scene.clock.now
        try:
            result = deed.do(self.scene)
        except deed.refusals:
            self._refused(deed)
            return None
        assert deed.must is None, f"{deed.name} was not refused"
        if deed.says:
            self.ghost.agreement.say(*deed.says, said)
        self._note(deed, result)
        return result

    def _refused(self, deed: Deed) -> None:
        """What was refused has changed nothing."""
        assert self.scene.held() == self.ghost.held
        assert self.scene.generation() == self.ghost.generation
        self.seen[f"refused: {deed.name}"] += 1

    def _killed(self, deed: Deed) -> None:
        said = self.scene.clock.now
        point = self.chance.randint(1, self.chance.choice(POINTS))
        code = killed_at(point, self.scene, deed.do, self.template.server)
        self.scene.clock.forward(hours=0.02)
        reopened(self.scene)
        self._look_who_approved(deed, said)
        assert code != DONE or deed.must is None, f"{deed.name} was not refused"
        self.seen["killed"] += code == DIED
        self.seen[f"killed: {deed.name}"] += code == DIED

    def _interrupted(self, deed: Deed) -> None:
        said = self.scene.clock.now
        with interrupted_at(self.chance.randint(1, self.chance.choice(POINTS[:2])), self.scene):
            try:
                deed.do(self.scene)
            except KeyboardInterrupt:
                self.seen["interrupted"] += 1
            except deed.refusals:
                pass
        self._look_who_approved(deed, said)

    def _look_who_approved(self, deed: Deed, said: datetime) -> None:
        """Whether the word that somebody was about to say is on record."""
        if deed.says:
            hold, who = deed.says
            for approval in decisions.hold(self.scene.desk, hold).approvals:
                if approval.who == who and approval.at >= said:
                    self.ghost.agreement.say(hold, who, approval.at)

    def _expect(self, input_of: str | None = None) -> None:
        """Remember what the next run is compared with, and which rows cannot be read then."""
        unreadable = self.ghost.spoiled[input_of] if input_of else self.unreadable
        runs = tables.runs
        with self.scene.desk.store.read() as connection:
            newest = connection.execute(select(func.max(runs.c.number))).scalar_one()
        for number in (newest + 1, newest + 2):
            self.ghost.bases[f"{NORTH}.{number}"] = self.ghost.base()
            self.ghost.limits_of[f"{NORTH}.{number}"] = self.ghost.limits
            self.ghost.spoiled[f"{NORTH}.{number}"] = unreadable

    def _note(self, deed: Deed, result: object) -> None:
        self.seen[deed.name] += 1
        if isinstance(result, RunView):
            self.seen["held"] += deed.name == "sync" and bool(result.holds)
            self.seen["paused"] += bool(result.pauses)
            self.seen["spoiled"] += bool(result.findings_error)
            if deed.says:
                hold = decisions.hold(self.scene.desk, deed.says[0])
                self.seen["agreed by two"] += hold.approvers > 1 and not hold.missing

    def _settle(self) -> None:
        """Whatever happened: with everything mended and allowed, the source goes in whole."""
        scene = self.scene
        for row in scene.sis.users.values():
            row["enabledUser"] = "true"
        self.unreadable = frozenset()
        scene.clock.forward(days=8)
        deeds.resume_all().do(scene)
        for _ in range(4):  # a run that waits may have had a part of it turned down
            self._expect()
            view = scene.sync()
            if view.summary.state in (RunState.NOOP, RunState.INPUT_REFUSED):
                break
            self.ghost.follow()
            while waiting := decisions.holds(scene.desk):
                self._agree(waiting[0].id)
        if view.summary.state is RunState.INPUT_REFUSED:
            return
        assert view.summary.state is RunState.NOOP, view.summary
        lost = {m.lose for m in people.merges(scene.desk) if m.state is MergeState.ACTIVE}
        here = self.ghost.held[Kind.USER].keys()
        assert here | lost >= scene.sis.users.keys()
        assert not here & lost
        if not lost:
            assert here == scene.sis.users.keys()
            assert self.ghost.held[Kind.ENROLLMENT].keys() == scene.sis.enrollments.keys()
        assert left_over(scene) == []
        self.seen["settled"] += 1

    def _agree(self, hold: str) -> None:
        for who in ("sam", "lee"):
            now = decisions.hold(self.scene.desk, hold)
            if now.missing and who not in {approval.who for approval in now.approvals}:
                self.ghost.agreement.say(hold, who, self.scene.clock.now)
                deeds.approve(now, who).do(self.scene)
                self.ghost.follow()
