"""The life that faults are put into, act by act: what an operator does in some days.

Each act can be done again by somebody who does not know how far the last one came; done twice, it
has done the same as once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from core.scene import NORTH, Scene
from core.small_sis import SmallSis, small_sis
from rollbook.config.accounts import Accounts
from rollbook.config.home import find_district, save_district
from rollbook.desk import checklists, decisions, districts, history, pausing, people, syncing
from rollbook.desk import undoing as undo_desk
from rollbook.desk.views import HoldView, Kind, MergeState, RunKind, RunState, RunView, Verb
from rollbook.errors import SourceUnreachable

SECRET = "canary-4711-password"
"""The password of everybody in the source; it must not be found in anything that is kept."""

SPOILED = "s1-07"
"""A student whose row cannot be read for some days, and who must stay for all that."""

POLICY = {
    "student": {
        "username": ["{given.1}{family}", "{given.3}{family}"],
        "email": "{username}@students.north.example.org",
        "groups": ["students-{school_code}"],
        "left": {"suspend_after": 0, "delete_after": 30},
    },
    "staff": {"username": "{given}.{family}"},
}
"""Whoever comes, leaves, comes back, is merged or called otherwise has an account for it."""

LIMITS = {"removal_floor": 2, "removal_percent": 20, "rejected_percent": 50, "shrink_percent": 80}


@dataclass(frozen=True)
class Act:
    """``edit`` is what happens in the source before it, ``do`` what the operator does."""

    name: str
    do: Callable[[Scene], object]
    edit: Callable[[SmallSis], object] = lambda sis: None
    breaks_input: bool = False


def first_sis() -> SmallSis:
    """Two schools with seven students each, and passwords in the export."""
    sis = small_sis(2, 7, classes=2)
    for row in sis.users.values():
        row["password"] = SECRET
    return sis


def found(scene: Scene) -> None:
    """Add the district with its limits."""
    if not scene.desk.home.district_file(NORTH).exists():
        districts.add_district(
            scene.desk, NORTH, name="North", timezone="America/Chicago", path=scene.drop
        )
    district = find_district(scene.desk.home, NORTH)
    limits = district.thresholds.model_copy(update={**LIMITS, "rename_floor": 1})
    accounts = Accounts.model_validate(POLICY)
    if (district.thresholds, district.accounts) != (limits, accounts):
        changed = district.model_copy(update={"thresholds": limits, "accounts": accounts})
        save_district(scene.desk.home, changed)


def sync(scene: Scene) -> object:
    """One sync."""
    return _synced(scene)


def refused(scene: Scene) -> None:
    """One sync of an input that cannot be taken."""
    assert _synced(scene).summary.state is RunState.INPUT_REFUSED


def preview_and_apply(scene: Scene) -> None:
    """Look first, then let in what was seen."""
    run = _synced(scene, preview=True)
    if run.summary.state is RunState.READY:
        syncing.apply(scene.desk, run.summary.id)


def _synced(scene: Scene, *, preview: bool = False) -> RunView:
    """A run that has come as far as its input; one that has not is to be made again."""
    run = syncing.sync(scene.desk, NORTH, preview=preview)
    if run.summary.state is RunState.FETCH_FAILED:
        raise SourceUnreachable(run.summary.message)
    return run


def approve_all(scene: Scene) -> None:
    """Approve whatever waits, as two where it wants two."""
    for hold in _waiting(scene):
        _approve(scene, hold)


def reject_all(scene: Scene) -> None:
    """Turn down whatever waits."""
    for hold in _waiting(scene):
        if decisions.hold(scene.desk, hold.id).decided_at is None:
            decisions.reject(scene.desk, hold.id, reason="cut off")


def _waiting(scene: Scene) -> tuple[HoldView, ...]:
    return decisions.holds(scene.desk, NORTH)


def _approve(scene: Scene, hold: HoldView) -> None:
    for operator in ("sam", "lee"):
        now = decisions.hold(scene.desk, hold.id)
        if now.missing and operator not in {approval.who for approval in now.approvals}:
            desk = replace(scene.desk, operator=operator)
            decisions.approve(desk, hold.id, confirm=now.count, reason="seen")


def pause(scene: Scene) -> None:
    """Let nothing of the second school in for a while."""
    if not pausing.pauses(scene.desk, NORTH, ended=True):
        pausing.pause(scene.desk, NORTH, school="s2", reason="they move house")


def resume(scene: Scene) -> None:
    """Let the second school go on."""
    for view in pausing.pauses(scene.desk, NORTH):
        pausing.resume(scene.desk, view.id)


def merge(scene: Scene) -> None:
    """Make one of two."""
    if not people.merges(scene.desk, NORTH):
        people.merge(scene.desk, NORTH, "s1-01", "s1-02", reason="one child")


def split(scene: Scene) -> None:
    """Make two of one again."""
    for view in people.merges(scene.desk, NORTH):
        if view.state is MergeState.ACTIVE:
            people.split(scene.desk, view.id, reason="they are twins")


def undo(scene: Scene) -> None:
    """Take back the run that brought ``late``."""
    _undo_once(scene, _run_that_added(scene, "late"))


def undo_the_undo(scene: Scene) -> None:
    """Take that back too."""
    first = _run_that_added(scene, "late")
    _undo_once(scene, _undo_of(scene, first) or "")


def _run_that_added(scene: Scene, user: str) -> str:
    for run in history.runs(scene.desk, NORTH):
        if run.kind is RunKind.SYNC and run.state is RunState.APPLIED:
            rows = scene.rows(run.id, kind=Kind.USER, verb=Verb.ADD)
            if user in {row.id for row in rows}:
                return run.id
    raise AssertionError(f"no run added {user}")


def _undo_of(scene: Scene, run: str) -> str | None:
    undone = [r.id for r in history.runs(scene.desk, NORTH) if r.kind is RunKind.UNDO]
    return next((id_ for id_ in undone if history.run(scene.desk, id_).undo_of == run), None)


def _undo_once(scene: Scene, run: str) -> None:
    if _undo_of(scene, run) is None:
        undo_desk.undo(scene.desk, run, reason="too early")


def tick(scene: Scene) -> None:
    """Tick a step of a checklist."""
    checklists.tick(scene.desk, NORTH, "back-to-school", "spot-check", note="five looked up")


def _second_day(sis: SmallSis) -> None:
    """New ones, changed ones, one gone in the first school and three of seven in the second."""
    _add(sis, "s1", "new-1")
    sis.users["s1-03"]["email"] = "other@north.example.org"
    sis.drop_user("s1-04")
    sis.drop_students("s2", 3)


def _third_day(sis: SmallSis) -> None:
    """Three are missing who must not go, and there is a new one."""
    for student in ("s1-01", "s1-02", "s1-05"):
        sis.drop_user(student)
    _add(sis, "s2", "new-2")


def _fourth_day(sis: SmallSis) -> None:
    """The three are back, with a new one."""
    _bring_back(sis, "s1-01", "s1-02", "s1-05")
    _add(sis, "s1", "new-3")


def _paused_day(sis: SmallSis) -> None:
    """Both schools change; one row is spoiled."""
    sis.users["s1-03"]["givenName"] = "Another"
    sis.users["s1-05"]["familyName"] = "Stone"
    _add(sis, "s2", "new-4")
    sis.drop_user("s2-07")
    sis.users[SPOILED]["enabledUser"] = "perhaps"


def _mended_day(sis: SmallSis) -> None:
    sis.users[SPOILED]["enabledUser"] = "true"
    _add(sis, "s1", "late")


def _cut_off_day(sis: SmallSis) -> None:
    for student in ("s1-01", "s1-02", "s1-03"):
        sis.drop_user(student)


def _day_after(sis: SmallSis) -> None:
    _bring_back(sis, "s1-01", "s1-02", "s1-03")
    for student in ("s2-04", "s2-05"):
        sis.drop_user(student)


def _bring_back(sis: SmallSis, *students: str) -> None:
    """As they were on the first day, with all that is theirs."""
    first = first_sis()
    for student in students:
        sis.users[student] = first.users[student]
        sis.demographics[student] = first.demographics[student]
        for enrollment, row in first.enrollments.items():
            if row["userSourcedId"] == student:
                sis.enrollments[enrollment] = row


def _add(sis: SmallSis, school: str, student: str) -> None:
    sis.add_student(school, student, classes=(f"c-{school}-1",), password=SECRET)


ACTS = (
    Act("found", found),
    Act("first load", sync),
    Act("approve the first load", approve_all),
    Act("second day", sync, _second_day),
    Act("approve the removals", approve_all),
    Act("third day", sync, _third_day),
    Act("reject the removals", reject_all),
    Act("preview and apply", preview_and_apply, _fourth_day),
    Act("pause", pause),
    Act("paused day", sync, _paused_day),
    Act("resume", resume),
    Act("day after the pause", sync),
    Act("approve what waited", approve_all),
    Act("merge", merge),
    Act("split", split),
    Act("late one", sync, _mended_day),
    Act("undo", undo),
    Act("undo the undo", undo_the_undo),
    Act("cut off day", sync, _cut_off_day),
    Act("overtaken", sync, _day_after),
    Act("approve the second one", approve_all),
    Act("input refused", refused, breaks_input=True),
    Act("tick", tick),
    Act("last day", sync),
)
"""Between two acts there is an hour, and each is done at a desk that was just opened."""
