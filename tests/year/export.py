"""What a district's system sends on a day, in its own dialect."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

from core.small_sis import Row, SmallSis
from core.sources.dialects import exports
from year.profiles import Profile
from year.world import World


def sent(world: World) -> SmallSis:
    """The rows that are sent today: all of the year, or what belongs to the running term."""
    if world.profile.exports == "year":
        return world.sis
    shown = SmallSis(dict(world.sis.tables))
    running = {class_id: row for class_id, row in world.sis.classes.items() if _runs(world, row)}
    # Between the years the classes that ran last are still sent.
    running = running or world.sis.classes
    shown.tables["classes"] = running
    shown.tables["enrollments"] = {
        e: row for e, row in world.sis.enrollments.items() if row["classSourcedId"] in running
    }
    return shown


def _runs(world: World, row: Row) -> bool:
    term = world.year_of(row["schoolSourcedId"]).term_on(world.today)
    return term.id in row["termSourcedIds"].split(",")


def write(profile: Profile, sis: SmallSis, folder: Path) -> Path:
    """Write a set as the district's files; what was there is replaced."""
    if profile.source == "clever":
        return exports.write(_clever(sis), folder)
    return sis.write(folder, "1.2" if profile.source.endswith("1.2") else "1.1")


def deliver(profile: Profile, folder: Path, drop: Path) -> None:
    """Put written files where the district's source looks for them."""
    if not profile.zipped:
        shutil.rmtree(drop, ignore_errors=True)
        shutil.copytree(folder, drop)
        return
    with zipfile.ZipFile(drop, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.writestr(zipfile.ZipInfo(file.name), file.read_bytes(), compresslevel=1)


def _clever(sis: SmallSis) -> exports.Files:
    files = exports.clever(sis)
    sessions = sis.tables["academicSessions"]
    for section, row in zip(files["sections.csv"], sis.classes.values(), strict=True):
        terms = [sessions[term] for term in row["termSourcedIds"].split(",")]
        section["Term_name"] = terms[0]["title"] if len(terms) == 1 else "Full Year"
        section["Term_start"] = min(term["startDate"] for term in terms)
        section["Term_end"] = max(term["endDate"] for term in terms)
    for student in files["students.csv"]:
        student["Grade"] = student["Grade"].replace("KG", "Kindergarten")
    return {name: rows for name, rows in files.items() if rows}
