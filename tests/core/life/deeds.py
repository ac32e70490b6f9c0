"""What operators do: deeds for any desk, also for that of a process that dies over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from core.scene import NORTH, Scene
from rollbook.desk import decisions, expiring, history, pausing, people, relinking, syncing, undoing
from rollbook.desk.views import HoldView, Kind, MergeState, RunKind, RunState, Verb
from rollbook.errors import ConfigInvalid, Held, NotFound, NotPermitted, RollbookError, Stale

Refusals = tuple[type[RollbookError], ...]


@dataclass(frozen=True)
class Deed:
    """``do`` may be refused with ``may``, and has to be with ``must``.

    ``says`` is the hold that it approves, and by whom. ``input_of`` is the run whose input it takes
    up again.
    """

    name: str
    do: Callable[[Scene], object]
    may: Refusals = ()
    must: type[RollbookError] | None = None
    says: tuple[str, str] | None = None
    input_of: str | None = None

    @property
    def refusals(self) -> Refusals:
        """What it may be answered with."""
        return (*self.may, self.must) if self.must else self.may


def sync(*, preview: bool) -> Deed:
    """A sync, or a preview of one."""
    return Deed("sync", lambda scene: syncing.sync(scene.desk, NORTH, preview=preview))


def apply(scene: Scene) -> Deed | None:
    """Apply what was previewed or waits for something else; now and then it is turned down."""
    runs = history.runs(scene.desk, NORTH)
    waiting = [run.id for run in runs if run.state in (RunState.READY, RunState.HELD)]
    if not waiting:
        return None
    run = waiting[0]
    if runs[0].number % 4 == 0:
        return Deed(
            "turn down",
            lambda scene: decisions.reject_run(scene.desk, run, reason="x"),
            may=(Stale,),
        )
    return Deed("apply", lambda scene: syncing.apply(scene.desk, run), may=(Stale, Held))


VERDICTS = {
    **{"approve": 8, "relink": 4, "reject": 3, "wrong number": 1, "wrong digest": 1},
    "snooze": 1,
}


def verdict(scene: Scene, chance: Random, hold: HoldView) -> Deed:
    """One word about one hold; what has waited too long cannot be approved any more."""
    [what] = chance.choices(list(VERDICTS), list(VERDICTS.values()))
    if what == "relink" and not hold.relinkable:
        what = "approve"
    late = Stale if hold.expires_at <= scene.clock.now else None
    who = chance.choice(("sam", "lee"))
    match what:
        case "relink":
            return _relink(hold, who, late)
        case "reject":
            return Deed(
                "reject",
                lambda scene: decisions.reject(scene.desk, hold.id, reason="x"),
                may=(Stale,),
                must=late,
            )
        case "wrong number":
            wrong = hold.count + chance.choice((-1, 1, 100))
            return approve(hold, who, confirm=wrong, must=Stale, name="a wrong number")
        case "wrong digest":
            return approve(hold, who, digest="sha256:0", must=Stale, name="a wrong digest")
        case "snooze":
            until = scene.clock.now + timedelta(hours=3)
            return Deed(
                "snooze",
                lambda scene: decisions.snooze(scene.desk, hold.id, until=until),
                may=(Stale, ConfigInvalid),
            )
    return approve(hold, who, must=late, name="approve too late" if late else "approve")


def approve(
    hold: HoldView,
    who: str,
    *,
    confirm: int | None = None,
    digest: str | None = None,
    must: type[RollbookError] | None = None,
    name: str = "approve",
) -> Deed:
    """One person's approval."""
    number = hold.count if confirm is None else confirm

    def do(scene: Scene) -> object:
        desk = replace(scene.desk, operator=who)
        return decisions.approve(desk, hold.id, confirm=number, reason="seen", digest=digest)

    return Deed(name, do, may=(Stale, NotPermitted), must=must, says=(hold.id, who))


def _relink(hold: HoldView, who: str, late: type[RollbookError] | None) -> Deed:
    def do(scene: Scene) -> object:
        desk = replace(scene.desk, operator=who)
        plan = relinking.relink_preview(desk, hold.id)
        return relinking.relink(
            desk, hold.id, confirm=plan.count, reason="seen", digest=plan.digest
        )

    # Where nobody has one counterpart there is nothing to be linked, and no number to confirm.
    may = (Stale, NotPermitted)
    return Deed("re-link", do, may, must=late, says=(hold.id, who), input_of=hold.run)


def approve_what_is_over(scene: Scene, chance: Random) -> Deed | None:
    """Approve a hold that has been decided about, or overtaken."""
    still = {hold.id for hold in decisions.holds(scene.desk, NORTH)}
    over = [h for h in decisions.holds(scene.desk, NORTH, decided=True) if h.id not in still]
    if not over:
        return None
    name = "approve what is over"
    return approve(chance.choice(over), chance.choice(("sam", "lee")), must=Stale, name=name)


def pause(scene: Scene, chance: Random) -> Deed:
    """A pause of something, from today or in some days, for a while or without end."""
    today = scene.clock.now.date()
    starts = chance.choice((None, None, None, today + timedelta(days=1), today + timedelta(days=3)))
    days = chance.choice((None, 0, 3, 9))
    ends = None if days is None else (starts or today) + timedelta(days=days)
    school = chance.choice((None, "s1", "s2"))
    kinds = chance.choice(((), (Kind.USER,), (Kind.ENROLLMENT, Kind.CLASS)))
    verbs = chance.choice(((), (Verb.REMOVE,), (Verb.UPDATE, Verb.REMOVE)))

    def do(scene: Scene) -> object:
        return pausing.pause(
            scene.desk,
            NORTH,
            school=school,
            kinds=kinds,
            verbs=verbs,
            starts=starts,
            ends=ends,
            reason="x",
        )

    # In Chicago it may be another day than in Greenwich; the first load may have been undone.
    return Deed("pause", do, may=(ConfigInvalid, NotFound))


def resume_all() -> Deed:
    """End every pause."""

    def do(scene: Scene) -> None:
        for view in pausing.pauses(scene.desk, NORTH):
            pausing.resume(scene.desk, view.id)

    return Deed("resume", do)


def tidy_up() -> Deed:
    """What a service does between its syncs about what nobody has decided, or used, in time."""

    def do(scene: Scene) -> None:
        expiring.close_expired(scene.desk)
        expiring.reopen_unused(scene.desk)

    return Deed("tidy up", do)


def merge(scene: Scene, chance: Random) -> Deed | None:
    """Make one of two students, with some fields by hand of the one who is merged away."""
    users = scene.users().items()
    students = sorted(user for user, values in users if values["primary_role"] == "student")
    if not students:  # the first load was undone
        return None
    keep, lose = chance.choice(students), chance.choice(students)
    fields = chance.sample(("email", "username", "given_name", "identifier"), chance.randint(0, 3))
    choices = {field: chance.choice(("keep", "lose")) for field in fields}

    def do(scene: Scene) -> object:
        return people.merge(scene.desk, NORTH, keep, lose, reason="x", choices=choices)

    return Deed("merge", do, may=(ConfigInvalid,))


def split(scene: Scene, chance: Random) -> Deed | None:
    """Make two of one again."""
    active = [m for m in people.merges(scene.desk, NORTH) if m.state is MergeState.ACTIVE]
    if not active:
        return None
    of = chance.choice(active).id
    return Deed("split", lambda scene: people.split(scene.desk, of, reason="x"))


def undo(scene: Scene, chance: Random) -> Deed | None:
    """Take back one of the newest runs, be it an undo itself."""
    runs = history.runs(scene.desk, NORTH, limit=4)
    undone = [run for run in runs if run.kind is RunKind.UNDO]
    run = chance.choice(undone if undone and chance.random() < 0.6 else runs)
    name = "undo an undo" if run.kind is RunKind.UNDO else "undo"
    return Deed(name, lambda scene: undoing.undo(scene.desk, run.id, reason="x"), may=(Stale,))


def next_changeover(now: datetime) -> datetime | None:
    """A minute before the clocks in Chicago change next in 2026."""
    for change in ("2026-03-08T07:59:00+00:00", "2026-11-01T06:59:00+00:00"):
        if (moment := datetime.fromisoformat(change)) > now:
            return moment
    return None
