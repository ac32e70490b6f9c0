"""Proposing a mapping from the headers of an export."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import tomli_w

from rollbook.errors import InputRefused, SourceUnreachable
from rollbook.sources.mapped_csv.guess_words import (
    COLUMNS,
    NEEDED,
    PEOPLE,
    SUBJECTS,
    Subject,
)
from rollbook.sources.normal_form.columns import FACT_FILES
from rollbook.sources.normal_form.source_file import plainly
from rollbook.sources.oneroster_csv.collected import Findings
from rollbook.sources.oneroster_csv.header import is_secret
from rollbook.sources.oneroster_csv.table import Table

_DATES = ["YYYY-MM-DD", "M/D/YYYY"]
_TEACHER = re.compile(r"teacher( \d+)?( sis)? id").fullmatch


@dataclass(frozen=True, slots=True)
class Guess:
    """What a file is likely to be: the column of each field, those found by a word that may mean
    something else, those that are missing, and the headers that are left."""

    file: str
    subject: Subject
    columns: Mapping[str, str]
    unsure: frozenset[str]
    missing: tuple[str, ...]
    left: tuple[str, ...]


def guess_mapping(folder: Path) -> str:
    """A mapping as TOML, with comments about what is sure and what is not.

    Raises ``SourceUnreachable`` where there is no CSV file, and ``InputRefused`` as the reader of
    a table does.
    """
    try:
        paths = sorted(p for p in folder.iterdir() if p.suffix.lower() == ".csv" and p.is_file())
    except OSError as error:
        raise SourceUnreachable(
            f"{folder} cannot be read: {error.strerror}.", remedy="Name the folder of the export."
        ) from None
    if not paths:
        raise SourceUnreachable(
            f"{folder} holds no CSV file.", remedy="Name the folder of the export."
        )
    guesses = [_guess(path.name, header) for path, header in _headers(paths)]
    found = [guess for guess in guesses if guess is not None]
    lines = [
        "# A proposal, made of the headers alone. Read every line, and look at `rollbook district",
        "# check` and `rollbook sync --preview` before anything is applied.",
        'name = "Export"',
        "",
    ]
    for guess in found:
        lines += _section(guess, {one.subject.name: one for one in found})
    known = {guess.file for guess in found}
    if strangers := [path.name for path in paths if path.name not in known]:
        lines += [f"# What {name!r} holds could not be told." for name in strangers]
    for subject in ("orgs", "students"):
        if not any(guess.subject.name == subject for guess in found):
            lines.append(f"# No file of {subject} was found, without which there is no roster.")
    return "\n".join(lines).rstrip() + "\n"


def _headers(paths: Iterable[Path]) -> Iterator[tuple[Path, list[str]]]:
    for path in paths:
        try:
            with Table(path, Findings()) as table:
                yield path, table.header
        except InputRefused as error:
            if error.code not in ("header-only", "empty-file"):
                raise


def _guess(file: str, header: list[str]) -> Guess | None:
    """The subject that most of a file's headers speak of; its name decides between equals."""
    best: Guess | None = None
    rank: tuple[bool, bool, int] = (False, False, 0)
    for subject in SUBJECTS:
        guess = _as(subject, file, header)
        named = any(word in plainly(file) for word in subject.file_words)
        mine = (not guess.missing, named, len(guess.columns))
        if mine > rank and (named or not guess.missing):
            best, rank = guess, mine
    return best


def _as(subject: Subject, file: str, header: list[str]) -> Guess:
    left = {plainly(name): name for name in header if not is_secret(name)}
    columns: dict[str, str] = {}
    unsure: set[str] = set()
    for place in range(max(len(words) for words in COLUMNS[subject.name].values())):
        for field, words in COLUMNS[subject.name].items():
            if field in columns or place >= len(words) or words[place] not in left:
                continue
            columns[field] = left.pop(words[place])
            if place >= subject.sure:
                unsure.add(field)
    if "sourcedId" not in columns and "identifier" in columns:
        columns["sourcedId"] = columns["identifier"]
        unsure.add("sourcedId")
    missing = tuple(field for field in NEEDED[subject.name] if field not in columns)
    return Guess(file, subject, columns, frozenset(unsure), missing, tuple(left.values()))


def _section(guess: Guess, found: Mapping[str, Guess]) -> list[str]:
    lines = [f"# {guess.file!r}: {guess.subject.name}."]
    lines += [f"# MISSING: no column looks like {field}." for field in guess.missing]
    if guess.left:
        lines.append(f"# Not used as they are: {', '.join(map(repr, guess.left))}.")
    columns: dict[str, object] = dict(guess.columns)
    if guess.subject.name in PEOPLE:
        lines += ["[[people]]", _toml("file", guess.file)]
        role, orgs = columns.pop("role", None), columns.pop("orgs", None)
        lines.append(f"role = {_value(role or {'value': PEOPLE[guess.subject.name]})}")
        lines.append(f"orgs = {_value(orgs or 'MISSING')}")
        lines.append("[people.columns]")
        columns["enabledUser"] = {"value": "true"}
        columns.setdefault("username", columns.get("email", columns.get("sourcedId", "MISSING")))
    else:
        lines += ["[[records]]", _toml("to", guess.subject.to), _toml("file", guess.file)]
        lines.append("[records.columns]")
        columns |= dict(guess.subject.constants)
        if guess.subject.name == "enrollments":
            _complete_enrollment(guess, columns, found.get("classes"))
        if guess.subject.to in FACT_FILES and "schoolYear" not in columns:
            columns["schoolYear"] = _school_year(columns.get("date", "MISSING"))
    for field in guess.missing:
        columns.setdefault(field, "MISSING")
    for field, cell in columns.items():
        if field in ("role", "orgs") and guess.subject.name in PEOPLE:
            continue
        is_date = field == "date" or "Date" in field
        dates = {"column": cell, "date": _DATES} if is_date else cell
        note = "  # not sure" if field in guess.unsure else ""
        lines.append(f"{field} = {_value(dates)}{note}")
    return [*lines, "", *_teaching(guess)]


def _school_year(date: object) -> dict[str, object]:
    """The school year of a date, where a row does not say it."""
    return {"column": date, "date": _DATES, "school_year": 7}


def _complete_enrollment(guess: Guess, columns: dict[str, object], classes: Guess | None) -> None:
    """Whose enrollments they are, and the school by way of the class where it is not there."""
    if "teacher" in plainly(guess.file):
        columns["role"] = {"value": "teacher"}
    if "schoolSourcedId" not in columns and classes is not None:
        columns["schoolSourcedId"] = {
            "column": columns.get("classSourcedId", "MISSING"),
            "lookup": {
                "file": classes.file,
                "by": classes.columns.get("sourcedId", "MISSING"),
                "column": classes.columns.get("schoolSourcedId", "MISSING"),
            },
        }


def _teaching(guess: Guess) -> list[str]:
    """The enrollments of teachers who stand in columns of their classes."""
    teachers = [name for name in guess.left if _TEACHER(plainly(name))]
    if guess.subject.name != "classes" or not teachers or guess.missing:
        return []
    return [
        "[[records]]",
        _toml("to", "enrollments.csv"),
        _toml("file", guess.file),
        f"each = {_value(teachers)}",
        "[records.columns]",
        f"classSourcedId = {_value(guess.columns['sourcedId'])}",
        f"schoolSourcedId = {_value(guess.columns['schoolSourcedId'])}",
        'userSourcedId = "@each"',
        'role = { value = "teacher" }',
        'primary = "@first"',
        "",
    ]


def _toml(key: str, value: str) -> str:
    return tomli_w.dumps({key: value}).rstrip("\n")


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return tomli_w.dumps({"v": value}).removeprefix("v = ").rstrip("\n")
