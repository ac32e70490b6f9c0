"""Items 41-67: sets that are well formed and mean something that they should not."""

from __future__ import annotations

from bad_inputs.corpus import BadInput, Outcome, Spoil
from bad_inputs.district import rename_users
from bad_inputs.spoiling import cell, line, table
from core.scene import NORTH, Scene
from core.small_sis import SmallSis
from rollbook.desk import people
from rollbook.desk.views import RunView
from rollbook.roster.kinds import Kind
from rollbook.roster.records import role_id

_REFUSED, _SET_ASIDE, _HELD, _TAKEN, _NOBODY_LOST = Outcome

_SEAT = "e-s1-20-c-s1-1"
_LONG = "N" * 300
ODD_NAMES = ("X", "-", "Prince", _LONG, "\U0001f469\u200d\U0001f52c", "\u0645\u062d\u0645\u062f")


def _again(record: str, file: str = "users") -> Spoil:
    def changed(rows: list[list[str]]) -> None:
        rows.append(list(next(row for row in rows if row[0] == record)))

    return table(changed, file)


def _again_as(record: str, header: str, value: str) -> Spoil:
    """The row once more at the end, with another value."""

    def changed(rows: list[list[str]]) -> None:
        row = list(next(row for row in rows if row[0] == record))
        row[rows[0].index(header)] = value
        rows.append(row)

    return table(changed)


def _class_named_like_a_student(sis: SmallSis) -> None:
    sis.classes["s1-20"] = dict(sis.classes["c-s1-1"])
    sis.enroll("s1-20", "s1-20")


def _both_kinds_hold_it(scene: Scene, view: RunView) -> None:
    held = scene.held()
    assert "s1-20" in held[Kind.USER]
    assert "s1-20" in held[Kind.CLASS]


def _without_school(sis: SmallSis) -> None:
    del sis.tables["orgs"]["s3"]


def _cycle(sis: SmallSis) -> None:
    sis.tables["orgs"]["d"]["parentSourcedId"] = "s2"


def _is_told_as_an_error(scene: Scene, view: RunView) -> None:
    assert view.findings_error == 1


def _school_is_whole(scene: Scene, view: RunView) -> None:
    assert "s3" in scene.held()[Kind.ORG]
    students = [u for u in scene.users().values() if u.get("primary_org_id") == "s3"]
    assert len(students) == 100


def _reversed_terms(sis: SmallSis) -> None:
    term = sis.tables["academicSessions"]["fall"]
    term["startDate"], term["endDate"] = term["endDate"], term["startDate"]


def _overlapping_terms(sis: SmallSis) -> None:
    sis.tables["academicSessions"]["fall"]["endDate"] = "2026-03-31"


def _ends_before_it_begins(sis: SmallSis) -> None:
    sis.enrollments[_SEAT] |= {"beginDate": "2026-01-10", "endDate": "2025-08-18"}


def _one_becomes_a_teacher(sis: SmallSis) -> None:
    sis.users["s1-20"]["role"] = "teacher"


def _school_becomes_teachers(sis: SmallSis) -> None:
    for student in sis.students("s1"):
        sis.users[student]["role"] = "teacher"


def _nobody_is_staff_yet(scene: Scene, view: RunView) -> None:
    held = scene.held()
    students = [u for u in held[Kind.USER] if u.startswith("s1-")]
    assert {held[Kind.USER][u]["primary_role"] for u in students} == {"student"}
    assert {role_id(u, "student", "s1") for u in students} <= held[Kind.ROLE].keys()
    assert not {role_id(u, "teacher", "s1") for u in students} & held[Kind.ROLE].keys()


def _at_two_schools(sis: SmallSis) -> None:
    sis.users["s1-20"]["orgs"] = "s1,s2"


def _has_two_roles(scene: Scene, view: RunView) -> None:
    roles = scene.held()[Kind.ROLE]
    assert {role_id("s1-20", "student", org) for org in ("s1", "s2")} <= roles.keys()


def _two_primary_teachers(sis: SmallSis) -> None:
    sis.enroll("t-s1-2", "c-s1-1", "teacher")


def _same_email(sis: SmallSis) -> None:
    sis.add_student("s1", "new-1", email=sis.users["s1-20"]["email"])


def _another_person(sis: SmallSis, student: str) -> None:
    sis.users[student] |= {
        "givenName": "Quite",
        "familyName": "Another",
        "username": f"another.{student}",
        "email": f"another.{student}@north.example.org",
        "identifier": f"x{student}",
    }
    sis.demographics[student]["birthDate"] = "2011-11-11"


def _one_other_person(sis: SmallSis) -> None:
    _another_person(sis, "s1-20")


def _many_other_people(sis: SmallSis) -> None:
    for student in sis.students("s1"):
        _another_person(sis, student)


def _new_ids_for_people(sis: SmallSis) -> None:
    rename_users(sis, {user: f"new-{user}" for user in sis.users})


def _new_ids_for_all(sis: SmallSis) -> None:
    _new_ids_for_people(sis)
    sis.tables["enrollments"] = {f"new-{e}": row for e, row in sis.enrollments.items()}


def _school_renamed(sis: SmallSis) -> None:
    sis.tables["orgs"]["s3"]["name"] = "Another Name"


def _move_all(sis: SmallSis, old: str, new: str, share: int) -> None:
    """Every ``share``-th person, class and course of a school goes to another one."""
    for number, row in enumerate(r for r in sis.users.values() if r["orgs"] == old):
        if number % share == 0:
            row["orgs"] = new
    tables = (("courses", "orgSourcedId"), ("classes", "schoolSourcedId"))
    for name, column in (*tables, ("enrollments", "schoolSourcedId")):
        for number, row in enumerate(r for r in sis.tables[name].values() if r[column] == old):
            if number % share == 0:
                row[column] = new


def _schools_merged(sis: SmallSis) -> None:
    _move_all(sis, "s3", "s2", 1)
    del sis.tables["orgs"]["s3"]


def _school_split(sis: SmallSis) -> None:
    sis.tables["orgs"]["s4"] = dict(sis.tables["orgs"]["s3"]) | {"name": "School 4"}
    _move_all(sis, "s3", "s4", 2)


def _rollover(sis: SmallSis) -> None:
    for school in ("s1", "s2", "s3"):
        sis.drop_students(school, 8)
    for student in sis.students():
        sis.users[student]["grades"] = "04"
    sis.tables["classes"] = {f"y27-{c}": row for c, row in sis.classes.items()}
    sis.tables["enrollments"] = {
        f"y27-{e}": row | {"classSourcedId": f"y27-{row['classSourcedId']}"}
        for e, row in sis.enrollments.items()
    }


def _another_district(sis: SmallSis) -> None:
    rename_users(sis, {user: f"x{user}" for user in sis.users})
    for name in ("orgs", "courses", "classes", "enrollments"):
        sis.tables[name] = {f"x{i}": row for i, row in sis.tables[name].items()}
    for row in sis.users.values():
        row["orgs"] = f"x{row['orgs']}"
    for name in ("orgs", "courses", "classes", "enrollments"):
        for row in sis.tables[name].values():
            for column in ("parentSourcedId", "orgSourcedId", "schoolSourcedId"):
                if row.get(column):
                    row[column] = f"x{row[column]}"
            for column in ("courseSourcedId", "classSourcedId"):
                if row.get(column):
                    row[column] = f"x{row[column]}"


def _test_data(sis: SmallSis) -> None:
    for number in range(3):
        sis.add_student("s1", f"test-{number}", givenName="Test", familyName="Student")


def _twins(sis: SmallSis) -> None:
    for name in ("Romulus", "Remus"):
        sis.add_student("s1", name, givenName=name, familyName="Twin", agents="g-s1-20")
        sis.demographics[name]["birthDate"] = "2016-03-21"


def _twins_are_two(scene: Scene, view: RunView) -> None:
    assert {"Romulus", "Remus"} <= scene.users().keys()
    assert not people.merges(scene.desk, NORTH)


def _no_birth_date(sis: SmallSis) -> None:
    sis.demographics["s1-20"]["birthDate"] = ""
    del sis.demographics["s1-21"]


def _odd_names(sis: SmallSis) -> None:
    for number, name in enumerate(ODD_NAMES):
        sis.add_student("s1", f"odd-{number}", givenName=name, familyName=name)


def _odd_names_are_kept(scene: Scene, view: RunView) -> None:
    users = scene.users()
    for number, name in enumerate(ODD_NAMES):
        assert users[f"odd-{number}"]["given_name"] == name
        assert users[f"odd-{number}"]["family_name"] == name


def _lost_reference(name: str, header: str) -> BadInput:
    """An enrollment that names a record that nobody ever heard of."""
    return BadInput(
        f"44-{name}",
        _SET_ASIDE,
        ("dangling-reference",),
        spoil=cell(_SEAT, header, "nobody", "enrollments"),
        file="enrollments.csv",
        line=_SEAT,
        field=header,
        protects=((Kind.ENROLLMENT, _SEAT),),
    )


CASES: list[BadInput] = [
    BadInput(
        "41-same-row-twice",
        _TAKEN,
        ("duplicate-row",),
        spoil=_again("s1-20"),
        line=302,
        says="s1-20",
    ),
    BadInput(
        "41-same-enrollment-twice",
        _TAKEN,
        ("duplicate-row",),
        spoil=_again(_SEAT, "enrollments"),
        file="enrollments.csv",
        line=302,
    ),
    BadInput(
        "42-same-id-for-two-people",
        _SET_ASIDE,
        ("duplicate-id",),
        spoil=_again_as("s1-20", "givenName", "Another"),
        line="s1-20",
        protects=((Kind.USER, "s1-20"),),
    ),
    BadInput(
        "42-same-id-at-two-schools",
        _SET_ASIDE,
        ("duplicate-id",),
        spoil=_again_as("s1-20", "orgSourcedIds", "s2"),
        line="s1-20",
        protects=((Kind.USER, "s1-20"),),
    ),
    BadInput(
        "42-same-id-once-damaged",
        _SET_ASIDE,
        ("bad-value", "duplicate-id"),
        spoil=_again_as("s1-20", "enabledUser", "perhaps"),
        line=301,
        protects=((Kind.USER, "s1-20"),),
    ),
    BadInput(
        "43-one-id-for-two-kinds",
        _TAKEN,
        edit=_class_named_like_a_student,
        same=False,
        look=_both_kinds_hold_it,
    ),
    _lost_reference("enrollment-of-nobody", "userSourcedId"),
    _lost_reference("enrollment-in-no-class", "classSourcedId"),
    BadInput(
        "44-class-at-no-school",
        _REFUSED,
        ("dangling-reference", "R8-rejected-rows"),
        spoil=cell("c-s1-1", "schoolSourcedId", "nowhere", "classes"),
        file="classes.csv",
        line="c-s1-1",
        field="schoolSourcedId",
    ),
    BadInput(
        "44-user-at-no-org",
        _SET_ASIDE,
        ("dangling-reference",),
        spoil=cell("s1-20", "orgSourcedIds", "nowhere"),
        line="s1-20",
        field="orgSourcedIds",
        protects=((Kind.USER, "s1-20"), (Kind.ROLE, role_id("s1-20", "student", "s1"))),
        look=_is_told_as_an_error,
    ),
    BadInput(
        "45-orgs-in-a-circle",
        _REFUSED,
        ("org-cycle",),
        edit=_cycle,
        file="orgs.csv",
        line=2,
        field="parentSourcedId",
    ),
    BadInput(
        "46-school-missing-and-its-people-there",
        _HELD,
        edit=_without_school,
        rules=("R0",),
        look=_school_is_whole,
    ),
    BadInput(
        "47-term-dates-reversed",
        _TAKEN,
        ("dates-reversed",),
        edit=_reversed_terms,
        file="academicSessions.csv",
        line="fall",
        same=False,
    ),
    BadInput("47-terms-overlap", _TAKEN, edit=_overlapping_terms, same=False),
    BadInput(
        "48-enrollment-ends-before-it-begins",
        _TAKEN,
        ("dates-reversed",),
        edit=_ends_before_it_begins,
        file="enrollments.csv",
        line=_SEAT,
        same=False,
    ),
    BadInput(
        "49-student-becomes-teacher",
        _HELD,
        edit=_one_becomes_a_teacher,
        rules=("R7",),
        look=_nobody_is_staff_yet,
    ),
    BadInput(
        "49-school-becomes-teachers",
        _HELD,
        edit=_school_becomes_teachers,
        rules=("R5", "R7"),
        look=_nobody_is_staff_yet,
    ),
    BadInput("50-at-two-schools", _TAKEN, edit=_at_two_schools, same=False, look=_has_two_roles),
    BadInput("51-two-primary-teachers", _TAKEN, edit=_two_primary_teachers, same=False),
    BadInput("52-one-address-for-two", _TAKEN, edit=_same_email, same=False),
    BadInput("54-id-of-another-person", _HELD, edit=_one_other_person, rules=("C9",)),
    BadInput("54-ids-of-other-people", _HELD, edit=_many_other_people, rules=("R5", "C9")),
    BadInput("55-new-ids-for-people", _HELD, edit=_new_ids_for_people, rules=("R4",)),
    BadInput("55-new-ids-for-people-and-seats", _HELD, edit=_new_ids_for_all, rules=("R4",)),
    BadInput("56-school-renamed", _TAKEN, edit=_school_renamed, same=False),
    BadInput("56-schools-merged", _HELD, edit=_schools_merged, rules=("R0",)),
    BadInput("56-school-split", _NOBODY_LOST, edit=_school_split),
    BadInput("57-rollover", _HELD, edit=_rollover, rules=("R1",)),
    BadInput(
        "58-one-to-be-deleted",
        _REFUSED,
        ("status-in-bulk",),
        spoil=cell("s1-20", "status", "tobedeleted"),
        line="s1-20",
        field="status",
        says="1 row is to be deleted",
    ),
    BadInput(
        "58-inactive-enrollment",
        _REFUSED,
        ("status-in-bulk",),
        spoil=line(_SEAT, lambda row: row.replace(",,,", ",inactive,,", 1), "enrollments"),
        file="enrollments.csv",
        line=_SEAT,
        field="status",
    ),
    BadInput(
        "59-delta-of-rows-that-say-nothing",
        _REFUSED,
        ("delta-rows",),
        spoil=cell("file.users", "value", "delta", "manifest"),
        file="users.csv",
        line=2,
        field="status",
    ),
    BadInput("63-another-districts-file", _HELD, edit=_another_district, rules=("R0",)),
    BadInput("64-test-data", _TAKEN, edit=_test_data, same=False),
    BadInput("65-twins", _TAKEN, edit=_twins, same=False, look=_twins_are_two),
    BadInput("66-no-birth-date", _TAKEN, edit=_no_birth_date, same=False),
    BadInput(
        "67-odd-names",
        _TAKEN,
        ("placeholder-kept",),
        edit=_odd_names,
        line=303,
        same=False,
        look=_odd_names_are_kept,
    ),
]
