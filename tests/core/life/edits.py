"""What may happen in a school information system, and to the files on their way from it."""

from __future__ import annotations

from pathlib import Path
from random import Random

from core.small_sis import SmallSis

SPOILED = "perhaps"
"""A truth value that nobody can read: the row is set aside, and its person has to stay."""

EDITS = {
    **{"drop": 6, "add": 3, "move": 4, "rename": 3, "double": 3, "spoil or mend": 3},
    **{"disable": 3, "reseat": 3, "re-key": 2, "bring back": 3},
}
"""What may happen to the rows, and how often."""

DAMAGE = {"nothing": 40, "the last rows are gone": 3, "twice": 2, "twice, and not the same": 2}
"""What may happen to a file that can still be read, and how often."""

RUIN = ("cut off", "header only", "nothing in it", "gone")
"""What may happen to a file so that it cannot be taken."""


def edit(sis: SmallSis, gone: SmallSis, chance: Random, number: int) -> str:
    """One edit; ``gone`` keeps who was dropped, ``number`` makes ids that were never there."""
    [what] = chance.choices(list(EDITS), list(EDITS.values()))
    school = chance.choice(("s1", "s2"))
    student = chance.choice(sis.students())
    match what:
        case "drop":
            drop(sis, gone, school, chance.randint(1, 4))
        case "bring back":
            _bring_back(sis, gone, chance)
        case "add":
            sis.add_student(school, f"new-{number}", classes=(f"c-{school}-1",))
        case "move":
            other = "s2" if sis.users[student]["orgs"] == "s1" else "s1"
            if len(sis.students(sis.users[student]["orgs"])) > 2:
                sis.move_student(student, other, (f"c-{other}-2",))
        case "rename":
            sis.users[student]["email"] = f"edit{number}@north.example.org"
        case "double":
            double = f"double-{number}"
            sis.users[double] = sis.users[student] | {"username": double}
            sis.demographics[double] = dict(sis.demographics[student])
        case "disable":
            for name in sis.students(school)[: chance.randint(1, 4)]:
                if sis.users[name]["enabledUser"] != SPOILED:
                    sis.users[name]["enabledUser"] = "false"
        case "reseat":
            for row in list(sis.enrollments.values())[: chance.randint(1, 6)]:
                if row["role"] == "student":
                    row["userSourcedId"] = student
        case "spoil or mend":
            row = sis.users[student]
            row["enabledUser"] = SPOILED if row["enabledUser"] == "true" else "true"
        case "re-key":
            for name in sis.students(school)[: chance.randint(1, 5)]:
                sis.rekey(name, f"key{number}-{name}")
    return what


def drop(sis: SmallSis, gone: SmallSis, school: str, number: int) -> None:
    """So many students of a school leave; two stay."""
    most = len(sis.students(school)) - 2
    for name in sis.students(school)[: min(number, max(most, 0))]:
        _drop(sis, gone, name)


def _drop(sis: SmallSis, gone: SmallSis, student: str) -> None:
    gone.users[student] = dict(sis.users[student])
    gone.demographics[student] = dict(sis.demographics.get(student, {}))
    sis.drop_user(student)


def _bring_back(sis: SmallSis, gone: SmallSis, chance: Random) -> None:
    """Somebody who had left is there again, without the old enrollments and guardians."""
    if gone.users:
        student = chance.choice(sorted(gone.users))
        sis.users[student] = gone.users.pop(student) | {"agents": ""}
        sis.demographics[student] = gone.demographics.pop(student)


def damage(drop: Path, sis: SmallSis, chance: Random) -> tuple[str, frozenset[str]]:
    """Something may happen to ``users.csv``; what, and whose row is in it but cannot be read."""
    [what] = chance.choices(list(DAMAGE), list(DAMAGE.values()))
    file = drop / "users.csv"
    lines = file.read_bytes().splitlines(keepends=True)
    one = chance.randrange(1, len(lines))
    spoiled = {user for user, row in sis.users.items() if row["enabledUser"] == SPOILED}
    match what:
        case "the last rows are gone":
            lines = lines[: -chance.randint(1, 6)]
            spoiled &= {_id(line) for line in lines}
        case "twice":
            lines.append(lines[one])
        case "twice, and not the same":
            lines.append(lines[one].replace(b"Given", b"Other"))
            spoiled.add(_id(lines[one]))
    file.write_bytes(b"".join(lines))
    return what, frozenset(spoiled)


def _id(line: bytes) -> str:
    return line.split(b",")[0].decode()


def ruin(drop: Path, chance: Random) -> str:
    """Make ``users.csv`` one that cannot be taken; what became of it."""
    what = chance.choice(RUIN)
    file = drop / "users.csv"
    content = file.read_bytes()
    match what:
        case "cut off":
            half = content.rindex(b"\n", 0, len(content) // 2) + 1
            file.write_bytes(content[: half + 20])
        case "header only":
            file.write_bytes(content[: content.index(b"\n") + 1])
        case "nothing in it":
            file.write_bytes(b"")
        case "gone":
            file.unlink()
    return what
