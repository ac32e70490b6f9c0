"""Walking a district through its checklists, with data that tick and people who do."""

from datetime import date, timedelta

import pytest

from core.scene import NORTH, Scene
from rollbook.desk import auditing, checklists, decisions, people
from rollbook.desk.checklist_documents import checklist_markdown
from rollbook.desk.pausing import pause, resume
from rollbook.desk.views import ChecklistView, StepState, StepView
from rollbook.errors import ConfigInvalid, NotFound
from rollbook.rollover.checklist import family_of
from rollbook.rollover.checklists import CHECKLISTS, find

NAMES = {
    *("end-of-year", "roll-up", "back-to-school", "new-term", "blackout", "first-sync"),
    "switch-of-provider",
}


def step(scene: Scene, name: str, wanted: str) -> StepView:
    view = checklists.checklist(scene.desk, NORTH, name)
    return next(s for s in view.steps if s.id == wanted)


def state(scene: Scene, name: str, wanted: str) -> StepState:
    return step(scene, name, wanted).state


def test_there_are_seven_each_with_steps_of_their_own_names(scene: Scene) -> None:
    views = checklists.checklists(scene.desk, NORTH)
    assert {view.name for view in views} == NAMES == {c.name for c in CHECKLISTS}
    for listed in CHECKLISTS:
        ids = [one.id for one in listed.steps]
        assert len(ids) == len(set(ids))
        assert any(one.rule for one in listed.steps)
        assert any(one.rule is None for one in listed.steps)


def test_a_first_sync_ticks_itself_on_the_way(empty_scene: Scene) -> None:
    scene = empty_scene
    assert state(scene, "first-sync", "source-read") is StepState.OPEN
    assert state(scene, "first-sync", "applied") is StepState.OPEN
    view = scene.sync()
    assert state(scene, "first-sync", "source-read") is StepState.DONE
    assert state(scene, "first-sync", "no-findings") is StepState.DONE
    assert state(scene, "first-sync", "applied") is StepState.BLOCKED
    assert state(scene, "first-sync", "schools-enrolled") is StepState.OPEN
    scene.approve(view.holds[0])
    assert state(scene, "first-sync", "applied") is StepState.DONE
    assert state(scene, "first-sync", "schools-enrolled") is StepState.DONE
    scene.configure(thresholds={"review_after_pause_days": 9})
    unproven = step(scene, "switch-of-provider", "source-read")
    assert (unproven.state, "has changed since" in unproven.evidence) == (StepState.OPEN, True)
    scene.sync()
    assert state(scene, "switch-of-provider", "source-read") is StepState.DONE


def test_the_expected_number_of_students_ticks(scene: Scene) -> None:
    assert state(scene, "first-sync", "students-expected") is StepState.BLOCKED
    scene.configure(expected={"students": 63})
    done = step(scene, "first-sync", "students-expected")
    assert (done.state, done.evidence) == (
        StepState.DONE,
        "60 students, 63 expected (4.8 % apart)",
    )
    scene.configure(expected={"students": 64})
    assert state(scene, "first-sync", "students-expected") is StepState.BLOCKED


def test_holds_pauses_duplicates_and_classes_tick(scene: Scene) -> None:
    name = "back-to-school"
    assert state(scene, name, "no-holds") is StepState.DONE
    assert state(scene, name, "resumed") is StepState.DONE
    assert state(scene, name, "no-duplicates") is StepState.DONE
    assert state(scene, name, "classes-taught") is StepState.DONE
    made = pause(scene.desk, NORTH, school="s2", reason="x")
    scene.sis.drop_students("s1", 6)
    scene.sis.add_student("s1", "double", givenName="Givens1-20", familyName="Familys1-20")
    scene.sis.demographics["double"] = dict(scene.sis.demographics["s1-20"])
    scene.sis.classes["c-new"] = dict(scene.sis.classes["c-s1-1"])
    view = scene.sync()
    assert state(scene, name, "no-holds") is StepState.BLOCKED
    assert state(scene, name, "resumed") is StepState.BLOCKED
    assert state(scene, name, "no-duplicates") is StepState.OPEN
    assert state(scene, name, "classes-taught") is StepState.OPEN
    decisions.reject(scene.desk, view.holds[0].id, reason="x")
    resume(scene.desk, made.id)
    people.distinct(scene.desk, NORTH, "double", "s1-20")
    scene.sis.enroll("t-s1-1", "c-new", "teacher")
    scene.sync()
    for settled in ("resumed", "no-duplicates", "classes-taught"):
        assert state(scene, name, settled) is StepState.DONE


def test_the_summer_pause_ticks_planned_and_in_force(scene: Scene) -> None:
    assert state(scene, "end-of-year", "paused") is StepState.OPEN
    pause(scene.desk, NORTH, preset="summer", starts=date(2026, 6, 5), reason="summer")
    assert step(scene, "end-of-year", "paused").evidence.startswith("planned: ")
    scene.clock.forward(days=100)
    assert step(scene, "end-of-year", "paused").evidence.startswith("paused: ")


def test_an_expired_hold_keeps_no_step_open(scene: Scene) -> None:
    scene.sis.drop_students("s1", 6)
    scene.sync()
    scene.clock.forward(days=8)
    assert state(scene, "end-of-year", "no-holds") is StepState.DONE


def test_a_step_is_ticked_by_hand_with_who_when_and_a_note(scene: Scene) -> None:
    before = scene.clock.now
    view = checklists.tick(scene.desk, NORTH, "end-of-year", "grading", note="asked Ms. B.")
    done = next(s for s in view.steps if s.id == "grading")
    assert (done.state, done.done_by, done.note) == (StepState.DONE, "sam", "asked Ms. B.")
    assert done.done_at is not None
    assert timedelta(0) < done.done_at - before < timedelta(minutes=1)
    assert view == checklists.checklist(scene.desk, NORTH, "end-of-year")
    [entry] = auditing.audit(scene.desk, limit=1)
    assert (entry.event, entry.subject) == ("checklist.ticked", "end-of-year/grading")
    view = checklists.tick(scene.desk, NORTH, "end-of-year", "grading", done=False)
    undone = next(s for s in view.steps if s.id == "grading")
    assert (undone.state, undone.done_by) == (StepState.OPEN, None)


def test_a_step_that_ticks_itself_is_not_ticked_by_hand(scene: Scene) -> None:
    scene.sis.drop_students("s1", 6)
    scene.sync()
    with pytest.raises(ConfigInvalid, match="ticks itself"):
        checklists.tick(scene.desk, NORTH, "end-of-year", "no-holds")
    assert state(scene, "end-of-year", "no-holds") is StepState.BLOCKED


def test_what_there_is_not_is_said_with_what_there_is(scene: Scene) -> None:
    with pytest.raises(NotFound, match=r"no checklist 'spring'.*end-of-year, roll-up"):
        checklists.checklist(scene.desk, NORTH, "spring")
    with pytest.raises(NotFound, match=r"no step 'x'.*grading"):
        checklists.tick(scene.desk, NORTH, "end-of-year", "x")


def test_yearly_ticks_start_afresh_the_others_stay(scene: Scene) -> None:
    checklists.tick(scene.desk, NORTH, "end-of-year", "grading")
    checklists.tick(scene.desk, NORTH, "first-sync", "operators")
    scene.clock.forward(days=365)
    assert state(scene, "end-of-year", "grading") is StepState.OPEN
    assert state(scene, "first-sync", "operators") is StepState.DONE


def test_the_year_is_the_districts(scene: Scene) -> None:
    """New Year's Eve in Chicago is the first of January in UTC already."""
    scene.clock.now = scene.clock.now.replace(month=12, day=31, hour=23)
    checklists.tick(scene.desk, NORTH, "end-of-year", "grading")
    scene.clock.forward(hours=4)
    assert state(scene, "end-of-year", "grading") is StepState.DONE
    scene.clock.forward(hours=4)
    assert state(scene, "end-of-year", "grading") is StepState.OPEN


def counted(view: ChecklistView) -> tuple[int, int, str | None]:
    return view.summary.done, view.summary.total, view.summary.next_step


def test_the_summary_counts_the_steps_and_names_the_next(scene: Scene) -> None:
    for name in NAMES:
        view = checklists.checklist(scene.desk, NORTH, name)
        left = [s for s in view.steps if s.state is not StepState.DONE]
        assert counted(view) == (len(view.steps) - len(left), len(view.steps), left[0].title)
        assert view.summary in checklists.checklists(scene.desk, NORTH)


def test_it_can_be_handed_on_as_a_document(scene: Scene) -> None:
    view = checklists.tick(scene.desk, NORTH, "end-of-year", "grading", note="done in May")
    text = checklist_markdown(view)
    assert text.startswith("# End of year: north\n")
    assert "- [x] Teachers have finished grading" in text
    assert "sam, 2026-03-02 12:" in text
    assert ": done in May" in text
    assert "- [ ] The sync is paused for the summer" in text
    assert text.count("- [") == view.summary.total


def test_what_people_and_the_sis_wrote_is_no_markup_in_it(scene: Scene) -> None:
    note = "see [here](http://x) <b>now</b>\n- [x] *forged*\x1b[2J"
    view = checklists.tick(scene.desk, NORTH, "end-of-year", "grading", note=note)
    text = checklist_markdown(view)
    written = r"see \[here\]\(http://x\) \<b\>now\</b\> \- \[x\] \*forged\* \[2J"
    assert f"UTC: {written}" in text
    assert "\x1b" not in text
    assert text.count("\n- [") == view.summary.total


def test_a_note_stands_on_any_step_and_changes_nothing_else(scene: Scene) -> None:
    scene.sis.drop_students("s1", 6)
    scene.sync()
    view = checklists.put_note(scene.desk, NORTH, "roll-up", "no-holds", "Ms. Ortiz looks")
    noted = next(s for s in view.steps if s.id == "no-holds")
    assert (noted.state, noted.note) == (StepState.BLOCKED, "Ms. Ortiz looks")
    assert noted.blocker == noted.evidence == "1 hold waits for a decision"
    assert (noted.noted_by, noted.done_by) == ("sam", None)
    checklists.tick(scene.desk, NORTH, "roll-up", "announced", note="by phone")
    view = checklists.put_note(scene.at("lee"), NORTH, "roll-up", "announced", "by letter")
    kept = next(s for s in view.steps if s.id == "announced")
    assert (kept.state, kept.done_by, kept.note) == (StepState.DONE, "sam", "by letter")
    [entry] = auditing.audit(scene.desk, limit=1)
    assert (entry.who, entry.event) == ("lee", "checklist.noted")


def test_a_list_is_walked_anew_when_its_time_comes(scene: Scene) -> None:
    def period(name: str) -> str:
        return checklists.checklist(scene.desk, NORTH, name).period

    assert period("first-sync") == "once"
    assert period("switch-of-provider") == "oneroster-csv"
    assert period("end-of-year") == period("blackout") == "2026"
    checklists.tick(scene.desk, NORTH, "new-term", "old-term")
    before = period("new-term")
    assert state(scene, "new-term", "old-term") is StepState.DONE
    scene.configure(
        calendar={
            "years": {
                "2026": {
                    "first_day": "2025-08-18",
                    "last_day": "2026-06-05",
                    "terms": [{"name": "T3", "first_day": "2026-03-20", "last_day": "2026-06-05"}],
                }
            },
            "blackouts": [{"starts": "2026-04-20", "ends": "2026-04-24", "name": "Testing"}],
        }
    )
    assert (before, period("new-term")) == ("2026-01-10", "2026-03-20")
    assert state(scene, "new-term", "old-term") is StepState.OPEN
    assert period("blackout") == "2026-04-20"
    assert step(scene, "blackout", "days-known").evidence == "Testing: 2026-04-20 to 2026-04-24"
    checklists.tick(scene.desk, NORTH, "blackout", "told")
    found = []
    for day in (22, 25, 30):
        scene.clock.now = scene.clock.now.replace(month=4, day=day)
        found.append((state(scene, "blackout", "over"), state(scene, "blackout", "told")))
    assert found == [(StepState.OPEN, StepState.DONE), *[(StepState.DONE, StepState.DONE)] * 2]
    scene.clock.forward(days=3)
    assert period("blackout") == "2026"
    assert state(scene, "blackout", "over") is StepState.OPEN


def test_the_list_whose_time_has_come_is_due(graded_scene: Scene, empty_scene: Scene) -> None:
    def due(scene: Scene) -> set[str]:
        return {view.name for view in checklists.checklists(scene.desk, NORTH) if view.due}

    assert due(empty_scene) == {"first-sync"}
    found = {}
    for month, day in ((1, 15), (3, 10), (5, 25), (6, 25)):
        graded_scene.clock.now = graded_scene.clock.now.replace(month=month, day=day)
        found[month] = due(graded_scene)
    assert found == {1: {"new-term"}, 3: set(), 5: {"end-of-year"}, 6: {"roll-up"}}


@pytest.mark.parametrize(
    ("source", "on_sftp", "has", "lacks"),
    [
        ("clever-api", False, {"shared"}, {"settled-drops"}),
        ("clever-csv", True, {"shared"}, {"settled-drops"}),
        ("classlink", False, {"shared"}, {"settled-drops"}),
        ("oneroster-csv", True, {"settled-drops"}, {"shared"}),
        ("oneroster-rest", False, set(), {"shared", "settled-drops"}),
        ("mapped-csv", False, set(), {"shared", "settled-drops"}),
    ],
)
def test_each_family_of_sources_has_its_own_steps(
    source: str, on_sftp: bool, has: set[str], lacks: set[str]
) -> None:
    family = family_of(source, on_sftp)
    ids = {step.id for step in find("first-sync").steps_for(family)}
    assert has <= ids
    assert not lacks & ids
    [rests] = [s for s in find("end-of-year").steps_for(family) if s.id == "source-rests"]
    assert len(rests.help_for(family)) > len(rests.help)
