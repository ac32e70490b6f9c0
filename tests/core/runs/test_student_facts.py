"""Attendance and discipline: in with a run, restated by the newest set, never lost with a year."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from sqlalchemy import select

from core.mutation import Mutant
from core.scene import NORTH, Saved, Scene, new_scene, saved
from core.scripted_clock import Clock
from core.small_sis import Row, small_sis
from core.sources.dialects.exports import schoolstatus, write
from core.sources.dialects.translated import source_of
from postgres.server import Server
from rollbook.config.home import find_district, save_district
from rollbook.desk import decisions, districts, pausing, people, relinking, syncing, undoing
from rollbook.desk.fact_views import FactsTold, StudentFacts, Topic
from rollbook.desk.views import Kind, RunState, RunView, Verb
from rollbook.directory.tables import student_fact_changes, student_facts
from rollbook.errors import Stale
from rollbook.roster.student_facts import STUDENT

Tables = dict[str, list[Row]]


def absent(student: str, day: str, kind: str = "absent", **more: str) -> Row:
    return {"studentSourcedId": student, "date": day, "type": kind, **more}


def spoken(student: str, day: str, kind: str = "fighting", **more: str) -> Row:
    return {"student_id": student, "date": day, "type": kind, "action": "talk", "days": "", **more}


class School:
    """A district that sends SchoolStatus' files, with attendance and discipline."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.attendance = [
            absent("s1-01", "2026-02-01", excused="yes", number="0.5"),
            absent("s1-01", "2026-02-03", "tardy"),
            absent("s1-02", "2026-02-03"),
        ]
        self.discipline = [spoken("s1-02", "2026-01-12", days="3")]

    def sync(self, *, preview: bool = False) -> RunView:
        """Write everything anew and sync."""
        self.write()
        return syncing.sync(self.scene.desk, NORTH, preview=preview)

    def write(self) -> None:
        """Write everything anew."""
        for file in self.scene.drop.glob("*.csv"):
            file.unlink()
        files: Tables = dict(schoolstatus(self.scene.sis))
        files["attendance.csv"] = _even(self.attendance)
        files["discipline.csv"] = _even(self.discipline)
        write({name: rows for name, rows in files.items() if rows}, self.scene.drop)

    def card(self, student: str) -> dict[Topic, StudentFacts]:
        view = people.person(self.scene.desk, NORTH, student)
        return {facts.topic: facts for facts in view.facts}

    def totals(self, student: str) -> dict[str, float]:
        found = self.card(student).get(Topic.ATTENDANCE)
        return dict(found.totals) if found else {}


def _even(rows: list[Row]) -> list[Row]:
    names = dict.fromkeys(name for row in rows for name in row)
    return [{name: row.get(name, "") for name in names} for row in rows]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory, server: Server | None) -> Saved:
    """The first run is held as a whole; nothing is in before it is."""
    folder = tmp_path_factory.mktemp("facts")
    scene = new_scene(folder, small_sis(1, 6, classes=2), Clock(), server=server)
    district = find_district(scene.desk.home, NORTH)
    source = source_of("schoolstatus-csv", scene.drop)
    save_district(scene.desk.home, district.model_copy(update={"source": source}))
    view = School(scene).sync()
    assert view.summary.state is RunState.HELD
    assert view.facts[Topic.ATTENDANCE] == FactsTold(0, 2)
    assert not stored(scene)
    view = scene.approve(decisions.holds(scene.desk, NORTH)[0])
    assert view.facts[Topic.ATTENDANCE] == FactsTold(2, 0)
    return saved(scene, folder / "saved", server)


@pytest.fixture
def school(begun: Saved) -> Iterator[School]:
    scene = begun.rewound()
    yield School(scene)
    scene.close()


def stored(scene: Scene) -> dict[tuple[str, str, str], list[object]]:
    with scene.desk.store.read() as connection:
        rows = connection.execute(select(student_facts)).all()
    return {(r.topic, r.school_year, r.student_id): r.entries for r in rows if r.entries}


def test_the_card_shows_the_year_with_totals_and_entries(school: School) -> None:
    card = school.card("s1-01")
    attendance = card[Topic.ATTENDANCE]
    assert (attendance.school_year, attendance.label) == ("2026", "2025-26")
    assert not attendance.is_over
    assert attendance.in_words == "tardy 1, absent 0.5"
    newest, oldest = attendance.entries
    assert newest == {"date": "2026-02-03", "type": "tardy"}
    assert oldest == {"date": "2026-02-01", "type": "absent", "excused": True, "number": 0.5}
    assert Topic.DISCIPLINE not in card
    [incident] = school.card("s1-02")[Topic.DISCIPLINE].entries
    assert incident == {"date": "2026-01-12", "type": "fighting", "action": "talk", "days": 3.0}
    assert not school.card("t-s1-1")


def test_the_same_set_again_says_nothing_in_whatever_order(school: School) -> None:
    generation = school.scene.generation()
    assert "byte by byte" in school.sync().summary.message
    school.attendance.reverse()
    view = school.sync()
    assert view.summary.state is RunState.NOOP
    assert not view.facts
    assert school.scene.generation() == generation


def test_a_new_absence_goes_in_by_itself_and_a_withdrawn_one_goes(school: School) -> None:
    generation = school.scene.generation()
    school.attendance[0] = absent("s1-03", "2026-03-01")
    school.discipline = [spoken("s1-04", "2026-03-01")]
    view = school.sync()
    assert view.summary.state is RunState.APPLIED
    # One has lost an absence, one an incident, and two have got one.
    assert "what is known of 4 students is brought up to date" in view.summary.message
    assert view.facts == {Topic.ATTENDANCE: FactsTold(2, 0), Topic.DISCIPLINE: FactsTold(2, 0)}
    assert not view.applied
    assert school.scene.generation() == generation + 1
    assert school.totals("s1-01") == {"tardy": 1}
    assert school.totals("s1-03") == {"absent": 1}
    assert Topic.DISCIPLINE not in school.card("s1-02")


def test_last_year_stays_when_the_new_one_begins_and_is_called_so(school: School) -> None:
    school.scene.clock.now = school.scene.clock.now.replace(month=9)
    view = school.sync()
    school.attendance = [absent("s1-03", "2026-09-01")]
    school.discipline = []
    view = school.sync()
    assert view.summary.state is RunState.APPLIED
    old = school.card("s1-01")[Topic.ATTENDANCE]
    assert (old.school_year, old.label, old.is_over) == ("2026", "2025-26, last year", True)
    assert school.card("s1-03")[Topic.ATTENDANCE].label == "2026-27"
    assert school.card("s1-02")[Topic.DISCIPLINE].is_over
    # An older set than the newest adds to its year and takes nothing back of it.
    school.attendance.append(absent("s1-01", "2026-05-30"))
    school.sync()
    assert school.totals("s1-01") == {"absent": 1}
    assert ("attendance", "2026", "s1-02") in stored(school.scene)


def test_what_cannot_be_read_is_told_by_line_and_takes_nothing_back(school: School) -> None:
    school.scene.configure(thresholds={"rejected_percent": 100})
    for hold in decisions.holds(school.scene.desk, NORTH):
        school.scene.approve(hold)
    school.attendance = [
        absent("s1-01", "2026-13-45"),
        absent("s1-03", "2026-03-01", excused="perhaps"),
        absent("s1-04", "2026-03-01", kind=""),
        absent("s1-05", "2026-03-01", number="-1"),
        absent("s1-06", "2026-03-01"),
    ]
    view = school.sync()
    found = [f for f in view.findings if f.file == "attendance.csv"]
    assert [(f.code, f.line, f.field or "") for f in found] == [
        ("bad-date", 2, "date"),
        ("bad-value", 3, "excused"),
        ("blank-value", 4, "type"),
        ("bad-value", 5, "number"),
    ]
    assert all(finding.severity == "error" for finding in found)
    for hold in decisions.holds(school.scene.desk, NORTH):
        school.scene.approve(hold)
    assert school.totals("s1-01") == {"tardy": 1, "absent": 0.5}
    assert school.totals("s1-06") == {"absent": 1}
    # Of whom nothing is said any more nothing is left, for every row was somebody's.
    assert not school.totals("s1-02")
    school.attendance = [absent("s1-01", "2026-02-03"), absent("", "2026-02-03")]
    view = school.sync()
    assert [f.code for f in view.findings if f.file == "attendance.csv"] == ["blank-id"]
    assert school.totals("s1-01") == {"absent": 1}
    assert school.totals("s1-06") == {"absent": 1}


def test_a_check_reads_them_too(school: School) -> None:
    school.attendance[1] = absent("s1-01", "2026-13-45")
    school.write()
    checks = {one.name: one for one in districts.check_district(school.scene.desk, NORTH)}
    assert (checks["attendance.csv"].ok, checks["attendance.csv"].detail) == (False, "3 rows")
    assert checks["discipline.csv"].ok
    [bad] = [f for f in checks["input"].findings if f.code == "bad-date"]
    assert (bad.file, bad.line) == ("attendance.csv", 3)


def test_rows_about_nobody_are_set_aside(school: School) -> None:
    school.attendance += [absent("ghost", "2026-02-03"), absent("ghost", "2026-02-04")]
    for _ in range(2):
        view = school.sync()
        [found] = [f for f in view.findings if f.code == "unknown-student"]
        assert (found.file, found.line, found.count) == ("attendance.csv", 5, 2)
        assert "ghost" not in str(stored(school.scene))
        school.attendance.append(absent("s1-05", "2026-02-04"))
    assert school.totals("s1-05") == {"absent": 1}


def test_facts_of_somebody_who_waits_wait_as_well(school: School) -> None:
    school.scene.sis.add_student("s1", "s1-77")
    school.attendance.append(absent("s1-77", "2026-03-01"))
    pause = pausing.pause(
        school.scene.desk, NORTH, verbs=[Verb.ADD], kinds=[Kind.USER], reason="not yet"
    )
    view = school.sync()
    assert view.facts[Topic.ATTENDANCE] == FactsTold(0, 1)
    pausing.resume(school.scene.desk, pause.id)
    assert school.sync().facts[Topic.ATTENDANCE] == FactsTold(1, 0)
    assert school.totals("s1-77") == {"absent": 1}


def test_who_leaves_keeps_what_is_known(school: School) -> None:
    school.scene.sis.drop_user("s1-02")
    school.attendance = school.attendance[:2]
    school.discipline = []
    view = school.sync()
    while waiting := decisions.holds(school.scene.desk, NORTH):
        view = school.scene.approve(waiting[0])
    assert people.person(school.scene.desk, NORTH, "s1-02").removed
    assert school.totals("s1-02") == {"absent": 1}
    assert "byte by byte" in school.sync().summary.message
    assert view.summary.state is RunState.APPLIED


@pytest.mark.parametrize("words", [{}, {"school": "s1"}, {"verbs": [Verb.UPDATE]}])
def test_a_pause_keeps_them_back_until_it_ends(school: School, words: dict[str, object]) -> None:
    pause = pausing.pause(school.scene.desk, NORTH, reason="quiet", **words)  # type: ignore[arg-type]
    school.attendance.append(absent("s1-01", "2026-03-01"))
    view = school.sync()
    assert view.summary.state is RunState.NOOP
    assert view.facts == {Topic.ATTENDANCE: FactsTold(0, 1)}
    assert "once a pause ends" in view.summary.message
    pausing.resume(school.scene.desk, pause.id)
    assert school.sync().facts == {Topic.ATTENDANCE: FactsTold(1, 0)}


def test_a_preview_writes_nothing_and_is_applied_as_it_was_shown(school: School) -> None:
    school.attendance.append(absent("s1-01", "2026-03-01"))
    shown = school.sync(preview=True)
    assert shown.summary.state is RunState.READY
    assert school.totals("s1-01") == {"tardy": 1, "absent": 0.5}
    view = syncing.apply(school.scene.desk, shown.summary.id)
    assert (view.summary.state, view.digest) == (RunState.APPLIED, shown.digest)
    assert school.totals("s1-01") == {"absent": 1.5, "tardy": 1}


def test_the_digest_stands_for_them_too(school: School) -> None:
    school.attendance.append(absent("s1-01", "2026-03-01"))
    one = school.sync(preview=True)
    school.attendance[-1] = absent("s1-01", "2026-03-02")
    other = school.sync(preview=True)
    assert one.digest != other.digest
    school.attendance[-1] = absent("s1-01", "2026-03-01")
    assert school.sync(preview=True).digest == one.digest


def test_an_undo_takes_them_back_but_for_what_a_newer_set_says(school: School) -> None:
    school.attendance += [absent("s1-01", "2026-03-01"), absent("s1-05", "2026-03-01")]
    run = school.sync()
    school.attendance.append(absent("s1-05", "2026-03-02"))
    school.sync()
    assert undoing.undo_preview(school.scene.desk, run.summary.id) == {}
    assert undoing.undo_facts_preview(school.scene.desk, run.summary.id) == 1
    undone = undoing.undo(school.scene.desk, run.summary.id, reason="wrong file")
    assert undone.summary.state is RunState.APPLIED
    assert undone.facts == {Topic.ATTENDANCE: FactsTold(1, 0)}
    assert school.totals("s1-01") == {"tardy": 1, "absent": 0.5}
    assert school.totals("s1-05") == {"absent": 2}
    # Its input is not taken for the one that has gone in.
    assert school.sync().facts == {Topic.ATTENDANCE: FactsTold(1, 0)}


def test_an_undo_takes_back_what_came_with_somebody_new(school: School) -> None:
    """Who leaves with it leaves nothing behind, and has it again when they are back."""
    before = stored(school.scene)
    school.scene.sis.add_student("s1", "s1-77")
    school.attendance.append(absent("s1-77", "2026-03-01"))
    school.discipline.append(spoken("s1-77", "2026-03-01"))
    run = school.sync()
    there = stored(school.scene)
    undone = undoing.undo(school.scene.desk, run.summary.id, reason="another school's child")
    assert undone.facts == {Topic.ATTENDANCE: FactsTold(1, 0), Topic.DISCIPLINE: FactsTold(1, 0)}
    assert stored(school.scene) == before
    assert not school.card("s1-77")
    undoing.undo(school.scene.desk, undone.summary.id, reason="ours after all")
    assert stored(school.scene) == there


def test_what_has_changed_meanwhile_is_not_written_over(school: School) -> None:
    school.attendance.append(absent("s1-01", "2026-03-01"))
    shown = school.sync(preview=True)
    with school.scene.desk.store.write() as connection:
        connection.execute(
            student_facts.update().where(student_facts.c.student_id == "s1-01").values(digest=1)
        )
    with pytest.raises(Stale, match="1 students has changed"):
        syncing.apply(school.scene.desk, shown.summary.id)
    with school.scene.desk.store.read() as connection:
        applied = select(student_fact_changes).where(
            student_fact_changes.c.run == shown.summary.id,
            student_fact_changes.c.applied_in.is_not(None),
        )
        assert connection.execute(applied).first() is None


def test_a_file_that_shrinks_is_refused_but_not_in_a_new_school_year(school: School) -> None:
    school.attendance = [absent("s1-01", date(2026, 1, 1 + n).isoformat()) for n in range(30)]
    school.sync()
    school.attendance = school.attendance[:10]
    view = school.sync()
    assert view.summary.state is RunState.INPUT_REFUSED
    assert view.findings[-1].code == "R8-shrunk"
    school.attendance = [absent("s1-01", "2026-09-02")]
    assert school.sync().summary.state is not RunState.INPUT_REFUSED


def test_a_set_without_the_files_leaves_what_is_known(school: School) -> None:
    school.attendance, school.discipline = [], []
    view = school.sync()
    assert view.summary.state is RunState.NOOP
    assert school.totals("s1-01") == {"tardy": 1, "absent": 0.5}


def test_a_merge_brings_both_peoples_facts_together(school: School) -> None:
    people.merge(school.scene.desk, NORTH, "s1-01", "s1-02", reason="one child")
    assert school.totals("s1-01") == {"absent": 1.5, "tardy": 1}
    school.attendance.append(absent("s1-02", "2026-03-01"))
    assert school.sync().facts[Topic.ATTENDANCE] == FactsTold(1, 0)
    assert school.totals("s1-01") == {"absent": 2.5, "tardy": 1}


def test_people_who_are_linked_anew_keep_what_is_known_and_nothing_doubles(school: School) -> None:
    for student in school.scene.sis.students():
        school.scene.sis.rekey(student, f"x-{student}")
    school.attendance = [row | {STUDENT: f"x-{row[STUDENT]}"} for row in school.attendance]
    hold = next(hold for hold in school.sync().holds if hold.rule == "R4")
    plan = relinking.relink_preview(school.scene.desk, hold.id)
    view = relinking.relink(
        school.scene.desk, hold.id, confirm=plan.count, reason="new ids", digest=plan.digest
    )
    assert view.summary.state is RunState.APPLIED
    assert view.facts[Topic.ATTENDANCE] == FactsTold(2, 0)
    assert school.totals("x-s1-01") == {"tardy": 1, "absent": 0.5}
    # The incident was told under the old id only.
    assert Topic.DISCIPLINE in school.card("x-s1-02")
    assert "byte by byte" in school.sync().summary.message


def test_nothing_of_them_is_in_findings_or_the_trail(school: School) -> None:
    school.attendance.append(absent("s1-01", "bad", reason="canary-illness"))
    school.discipline.append(spoken("s1-01", "2026-03-01", kind="canary-deed"))
    school.scene.configure(thresholds={"rejected_percent": 100})
    school.sync()
    with school.scene.desk.store.read() as connection:
        for name in ("audit", "findings", "runs"):
            told = connection.exec_driver_sql(f"SELECT * FROM {name}").all()
            assert "canary" not in str(told), name


_RUNS, _STORE = "rollbook.runs.student_facts", "rollbook.directory.student_facts"
_COMPARED = "rollbook.runs.compared_facts"

MUTANTS: dict[str, tuple[Mutant, Callable[[School], None]]] = {
    "the newest year": (
        Mutant(
            f"{_COMPARED}:_Comparing._is_told",
            "about.school_year == self.newest[about.topic]",
            "True",
        ),
        test_last_year_stays_when_the_new_one_begins_and_is_called_so,
    ),
    "a row of whom nobody knows": (
        Mutant(f"{_COMPARED}:_Comparing._is_told", "and not reading.unsure", ""),
        test_what_cannot_be_read_is_told_by_line_and_takes_nothing_back,
    ),
    "a row that was set aside": (
        Mutant(f"{_COMPARED}:_Comparing._is_told", "about.student in reading.protected", "False"),
        test_what_cannot_be_read_is_told_by_line_and_takes_nothing_back,
    ),
    "somebody unknown": (
        Mutant(f"{_COMPARED}:_Comparing.changes", "said.about.student not in known", "False"),
        test_rows_about_nobody_are_set_aside,
    ),
    "somebody who leaves": (
        Mutant(
            f"{_COMPARED}:_Comparing.changes",
            "elif said.about.student not in self.arrivals.leaving:",
            "else:",
        ),
        test_who_leaves_keeps_what_is_known,
    ),
    "somebody who is not here yet": (
        Mutant(f"{_STORE}:apply", "true() if anybody else here", "true()"),
        test_facts_of_somebody_who_waits_wait_as_well,
    ),
    "what was found": (
        Mutant(f"{_STORE}:apply", "<> c.before_digest", "= c.before_digest AND false"),
        test_what_has_changed_meanwhile_is_not_written_over,
    ),
    "the digest": (
        Mutant(f"{_RUNS}:with_facts", "if not digest:", "if True:"),
        test_the_digest_stands_for_them_too,
    ),
    "what stands otherwise": (
        Mutant(
            f"{_RUNS}:facts_to_undo",
            "if fact_digest(stands.get(about, ())) == row.digest",
            "if True",
        ),
        test_an_undo_takes_them_back_but_for_what_a_newer_set_says,
    ),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_every_guard_broken_on_purpose_is_caught(
    name: str, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant, check = MUTANTS[name]
    mutant.put_in(monkeypatch)
    with pytest.raises((AssertionError, ValueError, pytest.fail.Exception, Stale)):
        check(school)
