"""The new-term check: each class as it is beside the class that it would become."""

import pytest

from core.desk.test_class_reuse import another_teacher, next_year, others_in
from core.scene import NORTH, Scene
from rollbook.desk import new_term
from rollbook.errors import NotFound


def test_each_class_stands_beside_what_it_would_become(scene: Scene) -> None:
    sis = scene.sis
    next_year(sis, "c-s1-1")
    sis.tables["courses"]["k-maths"] = {"title": "Maths", "orgSourcedId": "s1"}
    sis.classes["c-s1-1"] |= {"title": "Maths 1", "courseSourcedId": "k-maths"}
    another_teacher(sis, "c-s1-2", "t-s1-3")
    sis.drop_class("c-s2-3")
    sis.classes["c-new"] = dict(sis.classes["c-s2-1"])
    sis.enroll("s2-01", "c-new")
    run = scene.sync(preview=True).summary.id
    view = new_term.new_term(scene.desk, NORTH)
    assert (view.run, view.new, view.ended, view.new_seats, view.untouched) == (run, 1, 1, 1, 3)
    assert (view.reused, view.carried_over, view.teachers_changed) == (1, 1, 1)
    first, second = view.classes
    assert (first.id, first.reused, first.words) == (
        "c-s1-1",
        True,
        "another school year, another course",
    )
    assert (first.before.title, first.after.title) == ("Reading 1", "Maths 1")
    assert (first.before.course, first.after.course) == ("Reading", "Maths")
    assert (first.before.terms, first.after.terms) == (("Fall", "Spring"), ("2025-2026",))
    assert (second.id, second.reused, second.teacher_changed) == ("c-s1-2", False, True)
    assert [p for p, _ in second.before.teachers] == ["t-s1-2"]
    assert second.after.teachers == (("t-s1-3", "Familyt-s1-3, Givent-s1-3"),)
    assert second.before.students == second.after.students == 20


def test_a_hold_shows_its_own_classes(scene: Scene) -> None:
    others_in(scene.sis, "c-s1-1")
    another_teacher(scene.sis, "c-s1-1", "t-s1-2")
    next_year(scene.sis, "c-s2-1")
    view = scene.sync(preview=True)
    [one, two] = [hold for hold in view.holds if hold.rule == "C4"]
    assert [c.id for c in new_term.held_classes(scene.desk, one.id)] == ["c-s1-1"]
    [turn] = new_term.held_classes(scene.desk, two.id)
    assert (turn.id, turn.leaving, turn.arriving) == ("c-s2-1", 0, 0)
    other = next(hold for hold in view.holds if hold.rule != "C4")
    with pytest.raises(NotFound, match="not about class ids"):
        new_term.held_classes(scene.desk, other.id)


def test_it_looks_at_a_run_that_waits(scene: Scene) -> None:
    with pytest.raises(NotFound, match="no run of north waits"):
        new_term.new_term(scene.desk, NORTH)
    with pytest.raises(NotFound, match="does not wait"):
        new_term.new_term(scene.desk, NORTH, "north.1")
