"""Is everything in order?"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from rollbook.config.account_lists import refuse_unreadable
from rollbook.config.home import load_districts
from rollbook.config.locations import SftpAddress
from rollbook.config.sources import FileSource
from rollbook.desk.auditing import verify
from rollbook.desk.desk import Desk
from rollbook.desk.noticing import check_notices
from rollbook.desk.schedules import is_scheduled
from rollbook.desk.services import services
from rollbook.desk.views import Check
from rollbook.directory.store import HEAD, schema_version
from rollbook.errors import ConfigInvalid


def paths(desk: Desk) -> dict[str, Path | str]:
    """Where everything is kept: folders and files, or the URL of a store on PostgreSQL."""
    home = desk.home
    return {
        "home": home.root,
        "store": desk.store.place,
        "districts": home.districts,
        "snapshots": home.snapshots,
        "exports": home.exports,
        "logs": home.logs,
    }


def validate_config(desk: Desk) -> tuple[Check, ...]:
    """One check for each district file."""
    found, errors = load_districts(desk.home)
    good = [
        Check(district.id, True, f"{desk.home.district_file(district.id)} is valid")
        for district in found
    ]
    for district in found:
        if district.accounts is not None and district.accounts.file is not None:
            try:
                refuse_unreadable(district.accounts.file)
            except ConfigInvalid as error:
                errors.append(error)
    bad = [Check("district file", False, error.message, error.remedy) for error in errors]
    return (*good, *bad)


def doctor(desk: Desk) -> tuple[Check, ...]:
    """The home folder, the store, the audit chain, the district files and their sources."""
    checks = [_home(desk), _store(desk)]
    verdict = verify(desk)
    checks.append(
        Check(
            "audit trail",
            verdict.ok,
            verdict.message,
            "" if verdict.ok else "Keep the store as it is and find out who wrote to it.",
        )
    )
    checks += validate_config(desk)
    checks += check_notices(desk)
    checks += _service(desk)
    for district in load_districts(desk.home)[0]:
        # What is elsewhere is looked at by `district check`, not by a doctor who has to be quick.
        if not isinstance(district.source, FileSource):
            continue
        if isinstance(district.source.path, SftpAddress):
            continue
        there = district.source.path.exists()
        checks.append(
            Check(
                f"{district.id} source",
                there,
                f"{district.source.path} {'is there' if there else 'is not there'}",
                "" if there else "Is the drop mounted, and the path in the district's file right?",
            )
        )
    return tuple(checks)


def _home(desk: Desk) -> Check:
    mode = stat.S_IMODE(desk.home.root.stat().st_mode)
    if mode & 0o077:
        return Check(
            "home folder",
            False,
            f"{desk.home.root} can be read by others",
            f"chmod 700 {desk.home.root}",
        )
    writable = os.access(desk.home.root, os.W_OK)
    return Check("home folder", writable, f"{desk.home.root}", "" if writable else "Not writable.")


def _service(desk: Desk) -> list[Check]:
    """Whether anybody works on the schedules, where there are any."""
    scheduled = [d for d in load_districts(desk.home)[0] if is_scheduled(d)]
    if not scheduled:
        return []
    working = [f"{view.id} on {view.host}, process {view.pid}" for view in services(desk)]
    said = "; ".join(working) or f"nobody works on the schedules of {len(scheduled)} districts"
    return [Check("service", bool(working), said, "" if working else "Start `rollbook serve`.")]


def _store(desk: Desk) -> Check:
    with desk.store.read() as connection:
        version = schema_version(connection)
        name = connection.dialect.name
    return Check("store", version == HEAD, f"{name}, schema {version}, {desk.store.place}")
