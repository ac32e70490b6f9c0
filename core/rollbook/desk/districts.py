"""Districts: adding one, and how each of them stands."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection

from rollbook.config.district import District
from rollbook.config.home import (
    begin_district,
    expanded,
    find_district,
    finish_district,
    load_district,
    load_districts,
)
from rollbook.config.problems import problems
from rollbook.config.sources import FileSource, Source
from rollbook.desk.begun_districts import ADDED, settle_begun
from rollbook.desk.desk import Desk
from rollbook.desk.presenting import active_pauses, pause_view, run_summary
from rollbook.desk.standing import broken, summary
from rollbook.desk.standing import summaries as lines
from rollbook.desk.views import Check, DistrictDetail, DistrictSummary, RunSummary
from rollbook.directory import audit, runs
from rollbook.directory.audit import Actor
from rollbook.directory.records import count_live, count_live_by_school, school_names
from rollbook.errors import ConfigInvalid, InputRefused, NothingArrived, RollbookError
from rollbook.runs.kept_base import kept_base
from rollbook.runs.lock import district_lock
from rollbook.sources.base import Base

RECENT = 12
"""Runs that a district's detail shows."""


def add_district(
    desk: Desk,
    district_id: str,
    *,
    name: str,
    timezone: str = "UTC",
    source_type: str = "oneroster-csv",
    path: Path | str | None = None,
    version: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> DistrictSummary:
    """Write ``districts/ID.toml`` for a new district.

    ``options`` are the other keys of ``[source]``; relative paths are from the present folder.
    One that was added just so, and whose file could not be put in its place then, is finished.
    Raises ``ConfigInvalid``, and ``Busy`` where somebody else is about to add it.
    """
    actor = desk.actor()
    given = {"path": path, "version": version, **(options or {})}
    source = {key: value for key, value in given.items() if value is not None}
    try:
        district = District.model_validate(
            {
                "id": district_id,
                "name": name,
                "timezone": timezone,
                "source": {"type": source_type, **source},
            }
        )
    except ValidationError as error:
        raise ConfigInvalid(f"district {district_id!r}: {problems(error)}.") from None
    district = district.model_copy(update={"source": from_here(district.source)})
    file = desk.home.district_file(district_id)
    with district_lock(desk.store, desk.home.locks, district_id):
        finished = settle_begun(desk.store, desk.home, district_id)
        if finished is None or load_district(file) != district:
            if file.exists():
                raise ConfigInvalid(
                    f"district {district_id!r} is there already.",
                    remedy=f"Edit {file} to change it.",
                )
            _add(desk, actor, district)
    with desk.store.read() as connection:
        return summary(connection, district, desk.clock(), desk.home.locks)


def from_here(source: Source) -> Source:
    """The source with its paths written out in full."""
    paths = {k: expanded(v).resolve() for k, v in source if isinstance(v, Path)}
    return source.model_copy(update=paths)


def _add(desk: Desk, actor: Actor, district: District) -> None:
    """The trail and the file have to agree, whatever breaks off: see ``begun_districts``."""
    content = begin_district(desk.home, district)
    source = district.source
    with desk.store.write() as connection:
        runs.ensure_district(connection, district.id, actor.at)
        body = {
            "name": district.name,
            "source": source.type,
            "path": source.where,
            "sha256": content,
        }
        audit.write(connection, actor, ADDED, district=district.id, body=body)
    finish_district(desk.home, district.id)


def districts(desk: Desk) -> tuple[DistrictSummary, ...]:
    """Every district by id; a file that cannot be read is listed as broken, with the reason."""
    found, errors = load_districts(desk.home)
    with desk.store.read() as connection:
        now = desk.clock()
        good = list(lines(connection, found, now, desk.home.locks))
    return tuple(sorted([*good, *map(broken, errors)], key=lambda view: view.id))


def district(desk: Desk, district_id: str) -> DistrictDetail:
    """One district with its counts, pauses, limits, newest runs and checklists."""
    # A list of districts shows none.
    from rollbook.desk.checklists import summaries

    config = find_district(desk.home, district_id)
    with desk.store.read() as connection:
        now = desk.clock()
        names = school_names(connection, district_id)
        by_school = count_live_by_school(connection, district_id)
        schools = sorted(
            ((school, names.get(school, school), kinds) for school, kinds in by_school.items()),
            key=lambda item: (item[1], item[0]),
        )
        return DistrictDetail(
            summary=summary(connection, config, now, desk.home.locks),
            counts=count_live(connection, district_id),
            schools=tuple(schools),
            thresholds=config.thresholds.model_dump(),
            pauses=tuple(
                pause_view(row, names, config.timezone, now)
                for row in active_pauses(connection, district_id, config.timezone, now)
            ),
            recent=_recent(connection, desk, district_id),
            checklists=summaries(connection, config, now),
        )


def check_district(desk: Desk, district_id: str) -> tuple[Check, ...]:
    """Look at the source, without writing anything, and say what was found.

    Files are read once, all of them; an API is asked for one page of each list.
    """
    config = find_district(desk.home, district_id)
    valid = Check("configuration", True, f"{desk.home.district_file(district_id)} is valid")
    with desk.store.read() as connection:
        base = kept_base(connection, desk.home, district_id)
    return (valid, *check_source(config.source, base))


def check_source(source: Source, base: Base | None = None) -> Iterator[Check]:
    """The checks of a source, one by one as they come. Nothing is written.

    ``base`` is the set that came last, for one that sends changes only.
    """
    if isinstance(source, FileSource):
        yield from _read_once(source, base)
    else:
        yield from _looked_at(source)


def _looked_at(source: Source) -> Iterator[Check]:
    from rollbook.sources.dialects import look

    try:
        for found in look(source):
            if found.error is None:
                yield Check(found.name, True, found.found)
            else:
                yield _failed(found.name, found.error)
    except RollbookError as error:
        yield _failed("connection", error)


def _read_once(source: Source, base: Base | None) -> Iterator[Check]:
    # Only a check reads a source.
    from rollbook.runs.read_through import read_through
    from rollbook.snapshots.stage import stage
    from rollbook.sources.normal_form.facts_reading import facts_read_through

    with tempfile.TemporaryDirectory(prefix="rollbook-check-") as folder:
        try:
            staged = stage(source, Path(folder) / "staged", base)
            yield Check("source", True, f"{len(staged.files)} files fetched")
            try:
                came = read_through(source, staged.folder, Path(folder) / "pieces")
            except InputRefused as refused:
                raise staged.refusal(refused) from None
            facts, told = facts_read_through(staged.folder)
        except NothingArrived:
            yield Check("source", True, "nothing new has arrived since what came last was put away")
            return
        except RollbookError as error:
            yield _failed("input", error)
            return
        findings = staged.told((*came.findings, *told))
    files = (*came.files, *facts)
    for file in files:
        rows = "1 row" if file.rows == 1 else f"{file.rows:,} rows"
        yield Check(file.name, not file.rejected, rows)
    errors = sum(file.rejected for file in files)
    yield Check(
        "input",
        not errors,
        f"OneRoster {came.version}, {came.people:,} people, {errors:,} rows set aside",
        "" if not errors else "`rollbook sync --preview` lists every finding.",
        findings,
    )


def _failed(name: str, error: RollbookError) -> Check:
    return Check(name, False, str(error).removesuffix(error.remedy).strip(), error.remedy)


def _recent(connection: Connection, desk: Desk, district_id: str) -> tuple[RunSummary, ...]:
    now = desk.clock()
    rows = runs.newest(connection, district_id, limit=RECENT)
    return tuple(run_summary(connection, row, now) for row in rows)
