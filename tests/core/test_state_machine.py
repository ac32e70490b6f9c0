"""A district lives through anything that sources, operators and clocks can do to it.

After every step the directory must hold what the ghost beside it holds, and whatever was written
must have been allowed. At the end it is made sure that something really happened.

There is one rule, and a number that decides which act it is: left to itself, Hypothesis switches
most rules off in most of its examples, and a district in which nobody syncs proves nothing.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import cast

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from core.ghost import Base, Ghost
from core.scene import NORTH, Saved, new_scene, saved
from core.small_sis import small_sis
from postgres.server import Server
from rollbook.demo import damage
from rollbook.desk import decisions, history, pausing, people, syncing, undoing
from rollbook.desk.views import HoldView, Kind, MergeState, RunKind, RunState, RunView, Verb
from rollbook.errors import ConfigInvalid, Held, RollbookError, Stale

LIMITS = {
    **{"removal_floor": 3, "removal_percent": 20, "surge_floor": 12, "surge_percent": 30},
    **{"rejected_percent": 40, "shrink_percent": 75},
}

ACTS = {
    **{"day": 10, "decide": 4, "merge": 3, "split": 3, "undo": 3, "time_passes": 2},
    **{"pause": 2, "resume_all": 2, "apply_a_preview": 3, "approve_what_is_over": 1},
    "file_that_was_cut_off": 1,
}
"""What may happen, and how often."""

EDITS = ("drop", "drop", "add", "move", "rename", "double", "spoil or mend", "disable", "reseat")
VERDICTS = ("approve", "approve", "reject", "approve a wrong number", "leave it")


class DistrictLife(RuleBasedStateMachine):
    """One district; no act may break the rules of the house."""

    def __init__(self, template: Saved, seen: Counter[str]) -> None:
        super().__init__()
        self.template = template
        self.seen = seen
        self.new = 0

    @initialize()
    def settled(self) -> None:
        self.scene = self.template.rewound()
        limits = self.scene.configure().thresholds
        self.ghost = Ghost(self.scene, limits, self.scene.held(), self.scene.generation())
        self.ghost.seen = self.seen

    @rule(number=st.integers(0, 2**64 - 1))
    def act(self, number: int) -> None:
        self.chance = Random(number)
        [name] = self.chance.choices(list(ACTS), list(ACTS.values()))
        getattr(self, f"_{name}")()

    @invariant()
    def all_is_well(self) -> None:
        if hasattr(self, "ghost"):
            self.ghost.follow()

    def teardown(self) -> None:
        if hasattr(self, "ghost"):
            self._settle()
            self.ghost.at_the_end()
            self.scene.close()

    def _settle(self) -> None:
        """Whatever happened: with everything mended and allowed, the source goes in whole."""
        for row in self.scene.sis.users.values():
            row["enabledUser"] = "true"
        self._resume_all()
        for _ in range(3):  # a run that waits may have had a part of it turned down
            base = self.ghost.base()
            view = self.scene.sync()
            self._planned(view, base)
            if view.summary.state in (RunState.NOOP, RunState.INPUT_REFUSED):
                break
            self.ghost.follow()
            while waiting := decisions.holds(self.scene.desk):
                self.ghost.approved.add(waiting[0].id)
                self.scene.approve(waiting[0])
                self.ghost.follow()
        if view.summary.state is RunState.INPUT_REFUSED:
            return
        assert view.summary.state is RunState.NOOP
        lost = {m.lose for m in people.merges(self.scene.desk) if m.state is MergeState.ACTIVE}
        people_here = self.ghost.held[Kind.USER].keys()
        assert people_here | lost >= self.scene.sis.users.keys()
        assert not people_here & lost
        if not lost:
            assert people_here == self.scene.sis.users.keys()
            assert self.ghost.held[Kind.ENROLLMENT].keys() == self.scene.sis.enrollments.keys()
        self.seen["settled"] += 1

    def _day(self) -> None:
        """The source is edited, a sync runs, and its holds are looked at."""
        for _ in range(self.chance.randint(0, 4)):
            self._edit(self.chance.choice(EDITS))
        base = self.ghost.base()
        view = self.scene.sync(preview=self.chance.random() < 0.3)
        self._planned(view, base)
        if self.chance.random() < 0.5:
            for hold in view.holds:
                self.ghost.follow()
                self._verdict(hold)

    def _edit(self, what: str) -> None:
        self.new += 1
        sis, school = self.scene.sis, self.chance.choice(("s1", "s2"))
        student = self.chance.choice(sis.students())
        match what:
            case "drop":
                most = len(sis.students(school)) - 2
                sis.drop_students(school, min(self.chance.randint(1, 4), most))
            case "add":
                sis.add_student(school, f"new-{self.new}", classes=(f"c-{school}-1",))
            case "move":
                sis.move_student(student, school, (f"c-{school}-2",))
            case "rename":
                sis.users[student]["email"] = f"edit{self.new}@north.example.org"
            case "double":
                double = f"double-{self.new}"
                sis.users[double] = sis.users[student] | {"username": double}
                sis.demographics[double] = dict(sis.demographics[student])
            case "disable":
                for name in sis.students(school)[: self.chance.randint(1, 4)]:
                    if sis.users[name]["enabledUser"] != "perhaps":
                        sis.users[name]["enabledUser"] = "false"
            case "reseat":
                for row in list(sis.enrollments.values())[: self.chance.randint(1, 6)]:
                    if row["role"] == "student":
                        row["userSourcedId"] = student
            case "spoil or mend":
                row = sis.users[student]
                row["enabledUser"] = "perhaps" if row["enabledUser"] == "true" else "true"

    def _file_that_was_cut_off(self) -> None:
        self.scene.sis.write(self.scene.drop)
        damage.cut_in_half(self.scene.drop)
        view = syncing.sync(self.scene.desk, NORTH)
        assert view.summary.state is RunState.INPUT_REFUSED
        self.seen["refused"] += 1

    def _apply_a_preview(self) -> None:
        runs = history.runs(self.scene.desk)
        waiting = [run.id for run in runs if run.state in (RunState.READY, RunState.HELD)]
        if waiting and self._done(lambda: syncing.apply(self.scene.desk, waiting[0]), Stale, Held):
            self.seen["previews applied"] += 1

    def _decide(self) -> None:
        if waiting := decisions.holds(self.scene.desk):
            self._verdict(self.chance.choice(waiting))

    def _verdict(self, hold: HoldView) -> None:
        match self.chance.choice(VERDICTS):
            case "approve":
                self.ghost.approved.add(hold.id)
                if self._done(lambda: self.scene.approve(hold), Stale):
                    self.seen["approved"] += 1
                else:
                    self.ghost.approved.discard(hold.id)
            case "reject":
                self.seen["rejected"] += self._done(
                    lambda: decisions.reject(self.scene.desk, hold.id, reason="x"), Stale
                )
            case "approve a wrong number":
                wrong = hold.count + self.chance.choice((-1, 1, 100))
                with pytest.raises(Stale):
                    decisions.approve(self.scene.desk, hold.id, confirm=wrong, reason="x")

    def _approve_what_is_over(self) -> None:
        still = {hold.id for hold in decisions.holds(self.scene.desk)}
        over = [h for h in decisions.holds(self.scene.desk, decided=True) if h.id not in still]
        hold = self.chance.choice(over)
        with pytest.raises(Stale):
            decisions.approve(self.scene.desk, hold.id, confirm=hold.count, reason="x")

    def _pause(self) -> None:
        days = self.chance.choice((None, 0, 3, 9))
        ends = None if days is None else (self.scene.clock.now + timedelta(days=days)).date()
        pausing.pause(
            self.scene.desk,
            NORTH,
            school=self.chance.choice((None, "s1", "s2")),
            kinds=self.chance.choice(((), (Kind.USER,), (Kind.ENROLLMENT, Kind.CLASS))),
            verbs=self.chance.choice(((), (Verb.REMOVE,), (Verb.UPDATE, Verb.REMOVE))),
            ends=ends,
            reason="x",
        )

    def _resume_all(self) -> None:
        for pause in pausing.pauses(self.scene.desk, NORTH):
            pausing.resume(self.scene.desk, pause.id)

    def _merge(self) -> None:
        people_here = self.ghost.held[Kind.USER].items()
        students = sorted(user for user, v in people_here if v["primary_role"] == "student")
        keep, lose = self.chance.choice(students), self.chance.choice(students)
        self.seen["merged"] += self._done(
            lambda: people.merge(self.scene.desk, NORTH, keep, lose, reason="x"), ConfigInvalid
        )

    def _split(self) -> None:
        active = [m for m in people.merges(self.scene.desk) if m.state is MergeState.ACTIVE]
        if active:
            people.split(self.scene.desk, self.chance.choice(active).id, reason="x")
            self.seen["split"] += 1

    def _undo(self) -> None:
        runs = history.runs(self.scene.desk, limit=4)
        undo, base = f"{NORTH}.{runs[0].number + 1}", self.ghost.base()
        self.ghost.bases[undo] = base
        run = self.chance.choice(runs).id
        if self._done(lambda: undoing.undo(self.scene.desk, run, reason="x"), Stale):
            view = self.scene.run(undo)
            assert view.summary.kind is RunKind.UNDO
            self._planned(view, base)
            self.seen["undone"] += 1

    def _time_passes(self) -> None:
        self.scene.clock.forward(hours=self.chance.choice((1, 10, 25, 24 * 8)))

    def _planned(self, view: RunView, base: Base) -> None:
        """Remember what the run was compared with and which rows were bad then."""
        users = self.scene.sis.users
        spoiled = frozenset(u for u, row in users.items() if row["enabledUser"] == "perhaps")
        self.ghost.bases.setdefault(view.summary.id, base)
        self.ghost.spoiled.setdefault(view.summary.id, spoiled)
        self.seen["held"] += bool(view.holds)
        self.seen["paused"] += bool(view.pauses)
        self.seen["spoiled"] += bool(view.findings_error)

    def _done(self, act: Callable[[], object], *errors: type[RollbookError]) -> bool:
        """Whether the act was done; one that was refused has changed nothing."""
        try:
            act()
        except errors:
            assert self.scene.held() == self.ghost.held
            assert self.scene.generation() == self.ghost.generation
            self.seen["refused as stale"] += 1
            return False
        return True


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, server: Server | None) -> Saved:
    """Two schools of seven students, with limits that are reached often."""
    folder = tmp_path_factory.mktemp("life")
    scene = new_scene(folder, small_sis(2, 7, classes=2), server=server)
    scene.configure(thresholds=LIMITS)
    scene.sync_through()
    return saved(scene, folder / "saved", server)


def test_a_district_lives_through_anything(template: Saved) -> None:
    """On a server a few lives have to do: the same ones, as far as they go."""
    lives, often = (4, 0) if template.server else (40, 5)
    seen: Counter[str] = Counter()
    machine = cast(type[RuleBasedStateMachine], lambda: DistrictLife(template, seen))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=lives,
            stateful_step_count=15,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    for what in (
        *("add applied", "update applied", "remove applied", "losses over a limit"),
        *("held", "approved", "rejected", "paused", "refused", "merged", "split", "undone"),
        *("previews applied", "spoiled", "refused as stale", "settled"),
    ):
        assert seen[what] >= often, f"{what}: {seen[what]}"
    assert min(seen["add applied"], seen["remove applied"], seen["held"], seen["settled"]) > 0
