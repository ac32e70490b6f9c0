"""Accidents with people: gone, renamed, under new ids, or somebody else."""

from __future__ import annotations

from core.small_sis import Row, SmallSis
from rollbook.demo.draft import latin
from year.accidents import Accident, Scene, has_several_schools, is_oneroster, one_school, students


def _drop(sis: SmallSis, users: list[str]) -> None:
    gone = set(users)
    for user in users:
        del sis.users[user]
        sis.demographics.pop(user, None)
    for enrollment in [e for e, r in sis.enrollments.items() if r["userSourcedId"] in gone]:
        del sis.enrollments[enrollment]
    for row in sis.users.values():
        row["agents"] = ",".join(a for a in row["agents"].split(",") if a and a not in gone)


def _empty_school(sis: SmallSis, scene: Scene) -> None:
    _drop(sis, sis.students(one_school(scene)))


def _part_of_a_school(sis: SmallSis, scene: Scene) -> None:
    here = sis.students(one_school(scene))
    _drop(sis, here[: max(5, len(here) // 5)])


def _everybody_is_exited(sis: SmallSis, scene: Scene) -> None:
    _drop(sis, sis.students())


def _school_missing(sis: SmallSis, scene: Scene) -> None:
    school = one_school(scene)
    _drop(sis, [u for u, row in sis.users.items() if row["orgs"] == school])
    for row in sis.users.values():
        row["orgs"] = ",".join(o for o in row["orgs"].split(",") if o != school) or row["orgs"]
    for class_id in [c for c, r in sis.classes.items() if r["schoolSourcedId"] == school]:
        sis.drop_class(class_id)
    courses = sis.tables["courses"]
    sis.tables["courses"] = {c: r for c, r in courses.items() if r["orgSourcedId"] != school}
    del sis.tables["orgs"][school]


def _only_the_orgs_line_missing(sis: SmallSis, scene: Scene) -> None:
    del sis.tables["orgs"][one_school(scene)]


def _teachers_gone(sis: SmallSis, scene: Scene) -> None:
    _drop(sis, [u for u, row in sis.users.items() if row["role"] == "teacher"])


def _guardians_gone(sis: SmallSis, scene: Scene) -> None:
    _drop(sis, [u for u, row in sis.users.items() if row["role"] == "parent"])


def _usernames_renamed(sis: SmallSis, scene: Scene) -> None:
    for row in students(sis):
        row["username"] = f"{latin(row['givenName'])}.{latin(row['familyName'])}{row['identifier']}"


def _a_third_renamed(sis: SmallSis, scene: Scene) -> None:
    for row in students(sis)[::3]:
        row["username"] = f"x{row['username']}"


def _emails_at_another_host(sis: SmallSis, scene: Scene) -> None:
    for row in students(sis):
        row["email"] = row["email"].replace(".example.org", ".example.net")


def _names_one_row_down(sis: SmallSis, scene: Scene) -> None:
    rows = students(sis)
    names = [(row["givenName"], row["familyName"]) for row in rows]
    for row, (given, family) in zip(rows, [names[-1], *names[:-1]], strict=True):
        row["givenName"], row["familyName"] = given, family


def _emails_one_row_down(sis: SmallSis, scene: Scene) -> None:
    rows = [row for row in sis.users.values() if row["role"] == "parent"]
    emails = [row["email"] for row in rows]
    for row, email in zip(rows, [emails[-1], *emails[:-1]], strict=True):
        row["email"] = email


def _mojibake(sis: SmallSis, scene: Scene) -> None:
    for row in sis.users.values():
        for column in ("givenName", "familyName"):
            row[column] = row[column].encode().decode("cp1252", errors="replace")


def _birth_dates_swapped(sis: SmallSis, scene: Scene) -> None:
    for row in sis.demographics.values():
        year, month, day = row["birthDate"].split("-")
        if int(day) <= 12:
            row["birthDate"] = f"{year}-{day}-{month}"


def _students_turned_staff(sis: SmallSis, scene: Scene) -> None:
    for row in students(sis)[:8]:
        row["role"] = "teacher"


def _all_disabled(sis: SmallSis, scene: Scene) -> None:
    for row in students(sis):
        row["enabledUser"] = "false"


def _grades_blank(sis: SmallSis, scene: Scene) -> None:
    for row in students(sis):
        row["grades"] = ""


def _all_at_one_school(sis: SmallSis, scene: Scene) -> None:
    for row in students(sis):
        row["orgs"] = scene.profile.schools[0].id


def _rekey(sis: SmallSis, new: dict[str, str]) -> None:
    """Other ids for people, everywhere."""
    sis.tables["users"] = {new.get(user, user): row for user, row in sis.users.items()}
    sis.tables["demographics"] = {new.get(u, u): row for u, row in sis.demographics.items()}
    for row in sis.users.values():
        row["agents"] = ",".join(new.get(a, a) for a in row["agents"].split(","))
    rows: dict[str, Row] = {}
    for row in sis.enrollments.values():
        row["userSourcedId"] = new.get(row["userSourcedId"], row["userSourcedId"])
        rows[f"e-{row['userSourcedId']}-{row['classSourcedId']}"] = row
    sis.tables["enrollments"] = rows


def _students_rekeyed(sis: SmallSis, scene: Scene) -> None:
    _rekey(sis, {student: f"99{student}" for student in sis.students()})


def _a_school_rekeyed(sis: SmallSis, scene: Scene) -> None:
    _rekey(sis, {student: f"99{student}" for student in sis.students(one_school(scene))})


def _zeros_lost(sis: SmallSis, scene: Scene) -> None:
    _rekey(sis, {student: student.lstrip("0") for student in sis.students()})


def _zeros_lost_in_users(sis: SmallSis, scene: Scene) -> None:
    for table in ("users", "demographics"):
        rows = sis.tables[table]
        sis.tables[table] = {user.lstrip("0"): row for user, row in rows.items()}


def _provider_switched(sis: SmallSis, scene: Scene) -> None:
    """Everything has an id of another provider, and user names are its addresses."""
    _rekey(sis, {user: f"cl-{user.lower()}" for user in sis.users})
    for row in sis.users.values():
        row["username"] = row["email"] or row["username"]
    classes, courses = sis.tables["classes"], sis.tables["courses"]
    sis.tables["classes"] = {f"cl-{c}": row for c, row in classes.items()}
    sis.tables["courses"] = {f"cl-{c}": row for c, row in courses.items()}
    for row in sis.classes.values():
        row["courseSourcedId"] = f"cl-{row['courseSourcedId']}"
    for row in sis.enrollments.values():
        row["classSourcedId"] = f"cl-{row['classSourcedId']}"
    sis.tables["enrollments"] = {f"cl-{e}": row for e, row in sis.enrollments.items()}


def _other_district(sis: SmallSis, scene: Scene) -> None:
    sis.tables = scene.other.copy().tables


def _test_data(sis: SmallSis, scene: Scene) -> None:
    few = sis.students()[:3]
    _drop(sis, [user for user in sis.users if user not in few])
    for number, student in enumerate(few):
        sis.users[student] |= {"givenName": "Test", "familyName": f"Student {number}"}


PEOPLE = (
    Accident("a school without students", ("R0",), rows=_empty_school, of=has_several_schools),
    Accident("a fifth of a school missing", ("R1",), rows=_part_of_a_school),
    Accident("every student exited", ("R0", "R8"), rows=_everybody_is_exited),
    Accident(
        "a school missing altogether", ("R0", "R8"), rows=_school_missing, of=has_several_schools
    ),
    Accident(
        "a school missing from the list of schools", ("R8", "R0"), rows=_only_the_orgs_line_missing
    ),
    Accident("the list of teachers gone", ("R0", "R1", "R8"), rows=_teachers_gone),
    Accident("all guardians gone", ("R0", "R1", "R8"), rows=_guardians_gone),
    Accident("all user names made anew", ("R5", "C1"), rows=_usernames_renamed),
    Accident("a third of the user names made anew", ("R5", "C1"), rows=_a_third_renamed),
    Accident("all addresses at another host", ("R5", "C1"), rows=_emails_at_another_host),
    Accident("names one row down", ("R5",), rows=_names_one_row_down),
    Accident("guardians' addresses one row down", ("R5",), rows=_emails_one_row_down),
    Accident("names in another encoding", ("R5", "C1", "R8"), rows=_mojibake),
    Accident("day and month of birth swapped", ("R5",), rows=_birth_dates_swapped),
    Accident("students turned teachers", ("R7",), rows=_students_turned_staff),
    Accident("all students disabled", ("R0",), rows=_all_disabled, of=is_oneroster),
    Accident("the grade column blank", ("R5", "C3"), rows=_grades_blank),
    Accident(
        "all students at the first school",
        ("R0", "R5"),
        rows=_all_at_one_school,
        of=has_several_schools,
    ),
    Accident("all students under new ids", ("R4", "R0"), rows=_students_rekeyed),
    Accident("a school under new ids", ("R4", "R0"), rows=_a_school_rekeyed),
    Accident("leading zeros lost", ("R4", "R0"), rows=_zeros_lost),
    Accident("leading zeros lost in one file", ("R8",), rows=_zeros_lost_in_users),
    Accident("another provider's ids", ("R4", "R0"), rows=_provider_switched),
    Accident("another district's file", ("R0", "R4", "R6", "R8"), rows=_other_district),
    Accident("test data", ("R8", "R0"), rows=_test_data),
)
