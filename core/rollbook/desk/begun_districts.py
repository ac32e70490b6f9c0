"""Districts whose adding broke off: finished, where the trail has them already, or taken back.

A district's file is written beside its place, then the trail says that the district was added, then
the file is put in its place. Who dies in between leaves the file beside its place.
"""

from __future__ import annotations

from rollbook.config.home import (
    Home,
    begun_content,
    begun_districts,
    drop_begun,
    finish_district,
)
from rollbook.directory import audit
from rollbook.directory.store import Store
from rollbook.errors import Busy, ConfigInvalid
from rollbook.runs.lock import district_lock

ADDED = "district.added"
"""The event of the trail; its body has the SHA-256 of the file."""


def settle_begun_districts(store: Store, home: Home) -> None:
    """Finish or take back what was begun.

    What somebody is at just now, or what the disk refuses, is left for another time.
    """
    for district in begun_districts(home):
        try:
            with district_lock(store, home.locks, district):
                settle_begun(store, home, district)
        except (Busy, ConfigInvalid):
            continue


def settle_begun(store: Store, home: Home, district: str) -> str | None:
    """Finish or take back one district; the caller holds its lock.

    Returns the SHA-256 of the file that was put in its place, if one was.
    """
    content = begun_content(home, district)
    if content is None:
        return None
    with store.read() as connection:
        added = [body.get("sha256") for body in audit.bodies(connection, ADDED, district)]
    if content in added and not home.district_file(district).exists():
        finish_district(home, district)
        return content
    drop_begun(home, district)
    return None
