"""The likely cause of a hold: what can be seen in the data, in a sentence without names."""

from core.small_sis import SmallSis, small_sis

from .cases import Reader, compared, raised


def causes(read: Reader, before: SmallSis, after: SmallSis, **limits: float) -> list[str]:
    found = [hold.cause for hold in raised(compared(read, before, after), **limits)]
    assert found
    return found


def test_another_districts_file(reading: Reader) -> None:
    before, after = small_sis(), small_sis()
    for user in list(after.users):
        row = after.users.pop(user)
        after.users[f"x-{user}"] = row | {"familyName": f"Other{user}", "agents": ""}
        after.demographics.pop(user, None)
    after.tables["enrollments"].clear()
    for number in range(1, 4):
        after.enroll("x-s1-01", f"c-s1-{number}")
    [cause, *_] = causes(reading, before, after)
    assert cause == (
        "Only 0 of 126 known people are in this input: "
        "it looks like another district's file, or the ids are new."
    )


def test_a_school_that_is_gone(reading: Reader) -> None:
    before, after = small_sis(), small_sis()
    del after.tables["orgs"]["s1"]
    for class_id in ("c-s1-1", "c-s1-2", "c-s1-3"):
        after.drop_class(class_id)
    del after.tables["courses"]["k-s1"]
    for row in after.users.values():
        row["orgs"] = "s2"
    [cause, *_] = causes(reading, before, after)
    assert cause == "Lincoln is no longer in orgs.csv."


def test_a_short_file_of_users(reading: Reader) -> None:
    before, after = small_sis(), small_sis()
    for student in after.students("s1")[:12]:
        del after.users[student]
    [cause] = causes(reading, before, after)
    assert cause == (
        "36 rows of other files still refer to people who are missing from users.csv: "
        "that file is probably short."
    )


def test_a_new_id_scheme(reading: Reader) -> None:
    before, after = small_sis(), small_sis()
    for student in after.students("s1")[:12]:
        row = dict(after.users[student])
        after.drop_user(student)
        after.users[f"new-{student}"] = row
    [cause, *_] = causes(reading, before, after)
    assert cause == "12 of 12 come back under new ids: the id scheme has changed."


def test_graduates(reading: Reader) -> None:
    before = small_sis()
    for student in before.students("s1")[:12]:
        before.users[student]["grades"] = "12"
    after = before.copy()
    after.drop_students("s1", 12)
    after.tables["academicSessions"]["y27"] = {
        **after.tables["academicSessions"]["y26"],
        "schoolYear": "2027",
    }
    [cause] = causes(reading, before, after)
    assert cause.startswith("12 of 12 were in grade 12 and the academic sessions change")


def test_a_new_school_year(reading: Reader) -> None:
    before, after = small_sis(), small_sis()
    after.tables["academicSessions"]["y27"] = {
        **after.tables["academicSessions"]["y26"],
        "schoolYear": "2027",
    }
    for class_id in list(after.classes):
        row = dict(after.classes[class_id])
        after.drop_class(class_id)
        after.classes[f"new-{class_id}"] = row
        after.enroll("s1-01", f"new-{class_id}")
    found = causes(reading, before, after)
    assert found[0] == ("A new school year (2027) has begun in the SIS: classes are replaced.")


def test_parents_of_children_who_leave(reading: Reader) -> None:
    before, after = small_sis(), small_sis()
    for student in after.drop_students("s1", 12):
        after.drop_user(f"g-{student}")
    guardians, students = causes(reading, before, after)
    assert guardians == "12 of 12 are guardians of students who leave as well."
    assert students == "No cause is seen in the data: the file may be short, or they really left."


def test_most_of_them_at_one_school(reading: Reader) -> None:
    before = small_sis(schools=4, students=20, classes=0)
    after = before.copy()
    after.drop_students("s1", 7)
    after.drop_students("s2", 2)
    [cause] = causes(reading, before, after, removal_percent=100, removal_cap_user=9)
    assert cause == "7 of 9 belong to Lincoln: its export may be short."


def test_additions_of_which_nothing_is_known(reading: Reader) -> None:
    before, after = small_sis(), small_sis()
    for number in range(60):
        after.add_student("s1", f"new-{number:02}")
    [cause] = causes(reading, before, after)
    assert cause == "No cause is seen in the data: ask what was added to the export."


def test_no_cause_names_a_person(reading: Reader) -> None:
    before, after = small_sis(), small_sis()
    for student in after.students("s1")[:12]:
        del after.users[student]
    changeset = compared(reading, before, after)
    for hold in raised(changeset):
        for word in (f"{hold.why} {hold.cause}").split():
            assert not word.startswith(("Given", "Family"))
    assert not any("Given" in finding.message for finding in changeset.findings)
