"""What a roster read from damaged files may not say: that somebody is gone who still stands there.

A row is still there when its line is, or when its id begins a line, whatever is wrong with the
rest. It is also there when its id stands within a line that has the commas of two rows: then the
line end between them was lost. A row of which nothing is left but pieces within others cannot be
told from one that was taken out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fuzz.damage import Damaged
from fuzz.good_set import KINDS
from rollbook.roster.kinds import Kind
from rollbook.sources.roster import Roster

_GONE_WORDS = (b"tobedeleted", b"inactive")


@dataclass(frozen=True)
class GoodRow:
    """A row of the good file: its id, its line, and where line and id cell begin and end."""

    id: str
    line: bytes
    start: int
    id_stop: int


def good_rows(content: bytes) -> list[GoodRow]:
    """The data rows of a good file, whose first cell is the id."""
    rows: list[GoodRow] = []
    start = 0
    for number, line in enumerate(content.splitlines(keepends=True)):
        cell = line.split(b",")[0]
        if number:
            row_id = cell.strip(b'"').decode()
            rows.append(GoodRow(row_id, line.rstrip(b"\r\n"), start, start + len(cell) + 1))
        start += len(line)
    return rows


def still_there(damaged: Damaged) -> Iterator[GoodRow]:
    """The good rows that the damaged file still has, sound or not.

    A row that came to say of itself that it is gone is not among them.
    """
    lines = set(damaged.lines())
    header = damaged.good.splitlines()[0]
    commas = 2 * header.count(b",")
    for row in good_rows(damaged.good):
        found = damaged.where(row.start, row.id_stop)
        if row.line in lines or (
            any(begins or line.count(b",") >= commas for begins, line in found)
            and not any(word in line.lower() for _, line in found for word in _GONE_WORDS)
        ):
            yield row


def wrongly_gone(good: Roster, read: Roster, files: dict[str, Damaged]) -> list[tuple[Kind, str]]:
    """Records of the good set that the damaged one calls gone though their rows are there."""
    wrong: list[tuple[Kind, str]] = []
    rejected = {facts.name: facts.rejected >= facts.rows for facts in read.files}
    for file, damaged in files.items():
        if file not in KINDS or file == "roles" or rejected.get(f"{file}.csv"):
            continue
        kind = KINDS[file]
        wrong += [(kind, row.id) for row in still_there(damaged) if _gone(kind, row.id, read)]
    sound = {
        file: {row.id for row in good_rows(d.good) if row.line in set(d.lines())}
        for file, d in files.items()
        if file in KINDS
    }
    if "roles" not in files:
        wrong += _roles_gone(good, read, sound["users"])
    elif len(sound["roles"]) == len(good_rows(files["roles"].good)):
        wrong += _roles_gone(good, read, {record.id for record in read.records[Kind.USER].values()})
    wrong += _guardians_gone(good, read, sound["users"])
    return wrong


def _roles_gone(good: Roster, read: Roster, users: set[str]) -> Iterator[tuple[Kind, str]]:
    """Roles of people whose rows are as they were."""
    for record in good.records[Kind.ROLE].values():
        if record.values["user_id"] in users and _gone(Kind.ROLE, record.id, read):
            yield Kind.ROLE, record.id


def _guardians_gone(good: Roster, read: Roster, users: set[str]) -> Iterator[tuple[Kind, str]]:
    """Links between people whose rows are as they were."""
    for record in good.records[Kind.GUARDIAN].values():
        both = {record.values["student_id"], record.values["guardian_id"]}
        if both <= users and _gone(Kind.GUARDIAN, record.id, read):
            yield Kind.GUARDIAN, record.id


def _gone(kind: Kind, record: str, read: Roster) -> bool:
    """Whether the roster lets one conclude that the record is gone."""
    owners = {Kind.ROLE: record.split(":")[0], Kind.GUARDIAN: record.split(":")[0]}
    return (
        kind in read.complete
        and record not in read.records[kind]
        and record not in read.protected[kind]
        and owners.get(kind) not in read.protected[Kind.USER]
    )
