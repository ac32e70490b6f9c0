"""A generated district as a OneRoster CSV bulk set, version 1.1 or 1.2 (``formats.md`` §1)."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from rollbook.demo.shape import District
from rollbook.demo.tables import COLUMNS, FILES, RACES

Version = Literal["1.1", "1.2"]
Row = tuple[str, ...]

_ROLES_1P1 = {"principal": "administrator", "counselor": "aide"}
"""Version 1.1 has no word for these."""


def write_oneroster(district: District, folder: Path, version: Version = "1.1") -> Path:
    """Write the set into ``folder`` (made if need be; an earlier set there is replaced)."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = oneroster_files(district, version)
    for name in {file for files in FILES.values() for file in files}:
        if f"{name}.csv" not in texts:
            (folder / f"{name}.csv").unlink(missing_ok=True)
    for name, text in texts.items():
        (folder / name).write_bytes(text)
    return folder


def write_zip(district: District, path: Path, version: Version = "1.1") -> Path:
    """Write the set as one zip, files at its root; the same district gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in oneroster_files(district, version).items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED, 6)
    return path


def oneroster_files(district: District, version: Version = "1.1") -> dict[str, bytes]:
    """The files of the set by name, UTF-8 with CRLF line ends. Files without rows are left out."""
    tables: dict[str, Iterator[Row]] = {
        "academicSessions": _sessions(district),
        "orgs": _orgs(district),
        "courses": _courses(district),
        "classes": _classes(district),
        "users": _users_1p1(district) if version == "1.1" else _users_1p2(district),
        "enrollments": _enrollments(district),
        "demographics": _demographics(district),
    }
    if version == "1.2":
        tables["roles"] = _roles(district)
    files: dict[str, bytes] = {}
    for name, rows in tables.items():
        columns = COLUMNS.get(f"{name} {version}") or COLUMNS[name]
        held = [("sourcedId", "status", "dateLastModified", *columns)]
        held += rows
        if len(held) > 1:
            files[f"{name}.csv"] = _csv(held)
    return {"manifest.csv": _manifest(district, version, files), **files}


def _csv(rows: list[Row]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _manifest(district: District, version: Version, files: dict[str, bytes]) -> bytes:
    rows: list[Row] = [
        ("propertyName", "value"),
        ("manifest.version", "1.0"),
        ("oneroster.version", version),
    ]
    rows += (
        (f"file.{name}", "bulk" if f"{name}.csv" in files else "absent") for name in FILES[version]
    )
    rows.append(("source.systemName", f"{district.name} SIS"))
    rows.append(("source.systemCode", district.key))
    return _csv(rows)


def _list(items: tuple[str, ...]) -> str:
    return ",".join(items)


def _sessions(district: District) -> Iterator[Row]:
    for s in district.sessions:
        dates = (s.start.isoformat(), s.end.isoformat())
        yield s.id, "", "", s.title, s.type, *dates, s.parent_id, str(s.school_year)


def _orgs(district: District) -> Iterator[Row]:
    yield district.org_id, "", "", district.name, "district", "", ""
    for s in district.schools:
        yield s.id, "", "", s.name, "school", s.identifier, district.org_id


def _courses(district: District) -> Iterator[Row]:
    for c in district.courses:
        taught = (c.subject, c.subject_code)
        yield c.id, "", "", "", c.title, c.code, _list(c.grades), c.school_id, *taught


def _classes(district: District) -> Iterator[Row]:
    subjects = {c.id: (c.subject, c.subject_code) for c in district.courses}
    for c in district.classes:
        yield (
            *(c.id, "", "", c.title, _list(c.grades), c.course_id, c.code, c.type, c.location),
            *(c.school_id, _list(c.term_ids), *subjects[c.course_id], c.period),
        )


def _users_1p1(district: District) -> Iterator[Row]:
    for s in district.students:
        yield (
            *(s.id, "", "", "true", s.school_id, "student", s.username, "", s.given, s.family),
            *(s.middle, s.number, s.email, "", "", _list(s.guardian_ids), s.grade, ""),
        )
    for g in district.guardians:
        yield (
            *(g.id, "", "", "true", _list(g.school_ids), g.role, g.username, "", g.given),
            *(g.family, "", "", g.email, g.phone, "", "", "", ""),
        )
    for t in district.staff:
        role = _ROLES_1P1.get(t.role, t.role)
        yield (
            *(t.id, "", "", "true", t.school_id, role, t.username, "", t.given, t.family),
            *("", t.number, t.email, "", "", "", "", ""),
        )


def _users_1p2(district: District) -> Iterator[Row]:
    for s in district.students:
        yield (
            *(s.id, "", "", "true", s.username, "", s.given, s.family, s.middle, s.number),
            *(s.email, "", "", _list(s.guardian_ids), s.grade, "", "", "", "", "", ""),
            *(s.school_id, ""),
        )
    for g in district.guardians:
        yield (
            *(g.id, "", "", "true", g.username, "", g.given, g.family, "", "", g.email, g.phone),
            *("", "", "", "", "", "", "", "", "", g.school_ids[0], ""),
        )
    for t in district.staff:
        yield (
            *(t.id, "", "", "true", t.username, "", t.given, t.family, "", t.number, t.email),
            *("", "", "", "", "", "", "", "", "", "", t.school_id, ""),
        )


def _roles(district: District) -> Iterator[Row]:
    """A user's role at each of the user's schools; the first school's is the primary one."""
    people: list[tuple[str, str, tuple[str, ...]]] = [
        (s.id, "student", (s.school_id,)) for s in district.students
    ]
    people += ((g.id, g.role, g.school_ids) for g in district.guardians)
    people += ((t.id, t.role, (t.school_id,)) for t in district.staff)
    for user_id, role, school_ids in people:
        for school_id in school_ids:
            kind = "primary" if school_id == school_ids[0] else "secondary"
            role_id = f"{user_id}.{role}.{school_id}"
            yield role_id, "", "", user_id, kind, role, "", "", school_id, ""


def _enrollments(district: District) -> Iterator[Row]:
    for e in district.enrollments:
        primary = "true" if e.role == "teacher" else ""
        dates = (e.begin.isoformat(), e.end.isoformat())
        yield e.id, "", "", e.class_id, e.school_id, e.user_id, e.role, primary, *dates


def _demographics(district: District) -> Iterator[Row]:
    for s in district.students:
        flags = ("true" if race == s.race else "false" for race in RACES)
        hispanic = "true" if s.hispanic else "false"
        yield s.id, "", "", s.birth_date.isoformat(), s.sex, *flags, hispanic, "US", "", "", ""
