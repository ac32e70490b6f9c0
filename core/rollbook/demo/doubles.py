"""Children who were entered twice, and people who only look as if they had been."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from rollbook.demo.draft import Draft
from rollbook.demo.names import given_name
from rollbook.demo.shape import District, Student


def duplicate_students(district: District, count: int) -> District:
    """The same day with ``count`` children entered a second time by another office.

    The second record has the same name, birth date and school under an id, number, user name
    and address of its own, three of the first one's classes, and no guardians. Beside
    them stand two traps: a pair of twins (a birth date, a family name, guardians and a grade in
    common, given names not), and two guardians of one student who share an e-mail address.
    ``doubled`` and ``twins`` find them again.
    """
    draft = Draft(district, "doubles")
    users = draft.enrollments_by_user()
    known = [s for s in district.students if len(users.get(s.id, ())) >= 3]
    chosen = draft.chance.sample(known, count + 1)
    for student in chosen[:count]:
        second = _entered_again(draft, student)
        for enrollment in draft.chance.sample(users[student.id], 3):
            draft.enroll(enrollment.class_id, second.id, late=True)
    twin = _twin(draft, chosen[count])
    for enrollment in users[chosen[count].id]:
        draft.enroll(enrollment.class_id, twin.id)
    _share_an_address(draft)
    return draft.finish()


def doubled(district: District) -> list[tuple[str, str]]:
    """Every two students' ids with the same name and birth date, the earlier entered first."""
    found: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for s in district.students:
        found[(s.given, s.family, s.birth_date)].append(s.id)
    return [(ids[0], other) for ids in found.values() for other in ids[1:]]


def twins(district: District) -> list[tuple[str, str]]:
    """Every two students' ids with the same guardians and birth date, and other given names."""
    found: dict[tuple[object, ...], list[Student]] = defaultdict(list)
    for student in district.students:
        if student.guardian_ids:
            found[(student.guardian_ids, student.birth_date)].append(student)
    return [
        (group[0].id, other.id)
        for group in found.values()
        for other in group[1:]
        if other.given != group[0].given
    ]


def _entered_again(draft: Draft, student: Student) -> Student:
    number = str(100_000 + draft.next_number())
    username = draft.username(student.username)
    second = replace(
        student,
        id=draft.fixed_id("student", number),
        number=number,
        username=username,
        middle="",
        email=f"{username}@{draft.district.host}" if student.email else "",
        guardian_ids=(),
    )
    draft.students[second.id] = second
    return second


def _twin(draft: Draft, student: Student) -> Student:
    number = str(100_000 + draft.next_number())
    given = student.given
    while given == student.given:
        given = given_name(draft.chance, student.sex, student.family)
    username = draft.username(f"{student.username}-{number[-3:]}")
    twin = replace(
        student,
        id=draft.fixed_id("student", number),
        number=number,
        username=username,
        given=given,
        middle="",
        email=f"{username}@{draft.district.host}" if student.email else "",
    )
    draft.students[twin.id] = twin
    return twin


def _share_an_address(draft: Draft) -> None:
    """Let the two guardians of some student share one address."""
    couples = [s.guardian_ids for s in draft.students.values() if len(s.guardian_ids) == 2]
    if couples:
        first, second = (draft.guardians[i] for i in draft.chance.choice(couples))
        shared = f"{first.username}.family@example.org"
        for guardian in (first, second):
            draft.guardians[guardian.id] = replace(guardian, email=shared)
