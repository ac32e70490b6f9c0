"""Districts of a few dozen people and what becomes of them overnight, out of a seed.

Everything that a rule looks for happens now and then: people leave, come, move, are disabled, get
other roles or other ids, fields go blank, a year ends.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from rollbook.changes.changeset import Changeset
from rollbook.changes.plan import plan
from rollbook.changes.rekeyed import counterparts, linked
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Values, guardian_id, role_id

from .made_rosters import Held, closed, directory, roster

_ROLES = ("student",) * 6 + ("teacher", "administrator", "parent", "parent", "aide")
_SHARES = (0.1, 0.5, 1.0)


def changeset(seed: int) -> tuple[Changeset, Held]:
    """What a night changes, and the district before it."""
    random = Random(seed)
    before = closed(district(random))
    after = before
    for _ in range(random.randint(1, 8)):
        after = random.choice(NIGHTS)(random, _copy(after))
    found = plan(roster(after), directory(before))
    if random.random() < 0.25:
        found = linked(found, counterparts(found.changes))
    return found, before


def district(random: Random) -> Held:
    """Schools, classes and people who are enrolled at random."""
    held: Held = {kind: {} for kind in Kind}
    schools = [f"s{at}" for at in range(random.randint(1, 5))]
    for school in schools:
        held[Kind.ORG][school] = {"name": f"School {school}", "type": "school"}
    held[Kind.ACADEMIC_SESSION]["T1"] = {"title": "T1", "type": "term", "school_year": "2026"}
    held[Kind.COURSE]["k"] = {"title": "Art", "org_id": random.choice(schools)}
    for at in range(random.randint(0, 8)):
        held[Kind.CLASS][f"C{at}"] = {
            "title": f"Class {at}",
            "class_code": str(at % 3),
            "course_id": "k",
            "school_id": random.choice(schools),
            "term_ids": ["T1"],
        }
    for at in range(random.randint(0, 30)):
        _add_person(random, held, f"U{at}", random.choice(_ROLES), random.choice(schools))
    for parent in _people(held, "parent"):
        students = _people(held, "student")
        for student in random.sample(students, min(len(students), random.randint(0, 2))):
            pair: Values = {"student_id": student, "guardian_id": parent}
            held[Kind.GUARDIAN][guardian_id(student, parent)] = pair
    return held


def _add_person(random: Random, held: Held, user: str, role: str, school: str) -> None:
    values: Values = {
        "given_name": random.choice("ABCDE"),
        "family_name": random.choice("FGHIJKL"),
        "primary_role": role,
        "primary_org_id": school,
        "enabled": True,
        "email": f"{user}@example.org",
    }
    if role == "student":
        values["grades"] = [random.choice(["11", "12", "12"])]
    for field in ("identifier", "phone"):
        if random.random() < 0.5:
            values[field] = user
    held[Kind.USER][user] = values
    _give_role(held, user, role, school)
    if random.random() < 0.7:
        held[Kind.DEMOGRAPHICS][user] = {"birth_date": f"2010-01-{len(held[Kind.USER]):02}"}
    classes = sorted(held[Kind.CLASS])
    for taken in random.sample(classes, min(len(classes), random.randint(0, 3))):
        held[Kind.ENROLLMENT][f"E{user}-{taken}"] = {
            "user_id": user,
            "class_id": taken,
            "role": "student" if role == "student" else "teacher",
            "school_id": held[Kind.CLASS][taken]["school_id"],
        }


def _give_role(held: Held, user: str, role: str, school: str) -> None:
    values: Values = {"user_id": user, "role": role, "org_id": school}
    held[Kind.ROLE][role_id(user, role, school)] = values


def _people(held: Held, role: str) -> list[str]:
    return [user for user, v in held[Kind.USER].items() if v["primary_role"] == role]


def _copy(held: Held) -> Held:
    return {kind: {i: dict(v) for i, v in held[kind].items()} for kind in Kind}


def _some(random: Random, held: Held, kind: Kind) -> list[str]:
    share = random.choice(_SHARES)
    return [record_id for record_id in held[kind] if random.random() < share]


def _records_go(random: Random, held: Held) -> Held:
    kind = random.choice(list(Kind))
    for record_id in _some(random, held, kind):
        del held[kind][record_id]
    return held


def _people_change(random: Random, held: Held) -> Held:
    field, value = random.choice([("email", "e"), ("given_name", "N"), ("phone", "1")])
    for user in _some(random, held, Kind.USER):
        held[Kind.USER][user][field] = f"{value}-{user}"
    return held


def _a_field_goes_blank(random: Random, held: Held) -> Held:
    field = random.choice(["email", "phone", "identifier"])
    for values in held[Kind.USER].values():
        values.pop(field, None)
    return held


def _people_are_disabled(random: Random, held: Held) -> Held:
    for user in _some(random, held, Kind.USER):
        held[Kind.USER][user]["enabled"] = False
    return held


def _people_get_other_roles(random: Random, held: Held) -> Held:
    for user in [u for u in held[Kind.USER] if random.random() < 0.2]:
        values = held[Kind.USER][user]
        for role_at in [r for r, v in held[Kind.ROLE].items() if v["user_id"] == user]:
            del held[Kind.ROLE][role_at]
        values["primary_role"] = random.choice(["teacher", "student", "administrator", "parent"])
        _give_role(held, user, str(values["primary_role"]), "s0")
        for taken in random.sample(sorted(held[Kind.CLASS]), min(1, len(held[Kind.CLASS]))):
            seat: Values = {"user_id": user, "class_id": taken, "role": "teacher"}
            held[Kind.ENROLLMENT][f"desk-{user}"] = seat
    return held


def _people_move(random: Random, held: Held) -> Held:
    for user in [u for u in held[Kind.USER] if random.random() < 0.3]:
        school = random.choice(["s0", "s1", "s2"])
        held[Kind.USER][user]["primary_org_id"] = school
        for role_at in [r for r, v in held[Kind.ROLE].items() if v["user_id"] == user]:
            _give_role(held, user, str(held[Kind.ROLE].pop(role_at)["role"]), school)
    return held


def _seats_change(random: Random, held: Held) -> Held:
    for seat in _some(random, held, Kind.ENROLLMENT):
        field, kind = random.choice([("user_id", Kind.USER), ("class_id", Kind.CLASS)])
        if held[kind]:
            held[Kind.ENROLLMENT][seat][field] = random.choice(sorted(held[kind]))
    return held


def _people_come(random: Random, held: Held) -> Held:
    for at in range(random.choice([1, 10, 40])):
        _add_person(random, held, f"New{at}", random.choice(_ROLES), "s0")
    for user in random.sample(sorted(held[Kind.USER]), 1):
        _give_role(held, user, "aide", "s0")
    return held


def _a_year_ends(random: Random, held: Held) -> Held:
    held[Kind.ACADEMIC_SESSION] = {"T2": {"title": "T1", "school_year": "2027"}}
    for user in [u for u, v in held[Kind.USER].items() if v.get("grades") == ["12"]]:
        del held[Kind.USER][user]
    for taken in list(held[Kind.CLASS]):
        held = renamed(held, Kind.CLASS, taken, f"2{taken}")
    held[Kind.ENROLLMENT] = {f"2{seat}": v for seat, v in held[Kind.ENROLLMENT].items()}
    return held


def _ids_change(random: Random, held: Held) -> Held:
    kind = random.choice([Kind.USER, Kind.CLASS, Kind.ENROLLMENT])
    small = random.random() < 0.5
    for record_id in _some(random, held, kind):
        held = renamed(held, kind, record_id, record_id.lower() if small else f"n{record_id}")
    return held


def renamed(held: Held, kind: Kind, old: str, new: str) -> Held:
    """The same district in which a record, and all that refers to it, has another id for it."""
    fields = {
        Kind.USER: ("user_id", "student_id", "guardian_id"),
        Kind.CLASS: ("class_id",),
    }.get(kind, ())
    found: Held = {of: {} for of in Kind}
    for of in Kind:
        for at, was in held[of].items():
            values = was | {field: new for field in fields if was.get(field) == old}
            record_id = new if of is kind and at == old else at
            if of is Kind.DEMOGRAPHICS and kind is Kind.USER and at == old:
                record_id = new
            elif of is Kind.ROLE:
                record_id = role_id(*(str(values[n]) for n in ("user_id", "role", "org_id")))
            elif of is Kind.GUARDIAN:
                record_id = guardian_id(str(values["student_id"]), str(values["guardian_id"]))
            found[of][record_id] = values
    return found


NIGHTS: tuple[Callable[[Random, Held], Held], ...] = (
    _records_go,
    _people_change,
    _a_field_goes_blank,
    _people_are_disabled,
    _people_get_other_roles,
    _people_move,
    _seats_change,
    _people_come,
    _a_year_ends,
    _ids_change,
)
