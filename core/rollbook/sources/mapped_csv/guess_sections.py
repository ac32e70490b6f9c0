"""What is written of a guess into a proposed mapping."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import tomli_w

from rollbook.sources.mapped_csv.guess_words import (
    BIRTH_DATES,
    PEOPLE,
    SEX_WORDS,
    SEXES,
    Subject,
)
from rollbook.sources.normal_form.columns import FACT_FILES
from rollbook.sources.normal_form.source_file import plainly

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


def section(guess: Guess, found: Mapping[str, Guess]) -> list[str]:
    """The lines of a mapping about a file; ``found`` are all guesses by their subjects."""
    lines = [f"# {guess.file!r}: {guess.subject.name}."]
    lines += [f"# MISSING: no column looks like {field}." for field in guess.missing]
    used = {*_traits(guess).values(), *_teachers(guess)}
    if left := [name for name in guess.left if name not in used]:
        lines.append(f"# Not used as they are: {', '.join(map(repr, left))}.")
    columns: dict[str, object] = dict(guess.columns)
    if guess.subject.name in PEOPLE:
        lines += ["[[people]]", _toml("file", guess.file)]
        role, orgs = columns.pop("role", None), columns.pop("orgs", None)
        lines.append(f"role = {_value(role or {'value': PEOPLE[guess.subject.name]})}")
        orgs = orgs or _where_the_student_is(columns, found.get("students"))
        lines.append(f"orgs = {_value(orgs)}")
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
    return [*lines, "", *_teaching(guess), *_demographics(guess)]


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
    teachers = _teachers(guess)
    if not teachers:
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


def _where_the_student_is(columns: Mapping[str, object], students: Guess | None) -> object:
    """The orgs of somebody of whom only a student is said."""
    student = columns.get("agentSourcedIds")
    if student is None or students is None or not {"sourcedId", "orgs"} <= students.columns.keys():
        return "MISSING"
    by, column = students.columns["sourcedId"], students.columns["orgs"]
    return {"column": student, "lookup": {"file": students.file, "by": by, "column": column}}


def _teachers(guess: Guess) -> list[str]:
    """The columns of a file of classes that name teachers."""
    if guess.subject.name != "classes" or guess.missing:
        return []
    return [name for name in guess.left if _TEACHER(plainly(name))]


def _traits(guess: Guess) -> dict[str, str]:
    """The columns of a file of students that are demographics."""
    found: dict[str, str] = {}
    if guess.subject.name == "students" and "sourcedId" in guess.columns:
        for field, words in (("birthDate", BIRTH_DATES), ("sex", SEXES)):
            name = next((name for name in guess.left if plainly(name) in words), None)
            if name is not None:
                found[field] = name
    return found


def _demographics(guess: Guess) -> list[str]:
    """The demographics of students that stand in columns of theirs."""
    traits = _traits(guess)
    if not traits:
        return []
    cells: dict[str, object] = {"sourcedId": guess.columns["sourcedId"]}
    if "birthDate" in traits:
        cells["birthDate"] = {"column": traits["birthDate"], "date": _DATES}
    if "sex" in traits:
        cells["sex"] = {"column": traits["sex"], "map": SEX_WORDS}
    return [
        "[[records]]",
        _toml("to", "demographics.csv"),
        _toml("file", guess.file),
        "[records.columns]",
        *(f"{field} = {_value(cell)}" for field, cell in cells.items()),
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
