"""The districts that anybody is told about."""

from __future__ import annotations

from rollbook.config.district import District
from rollbook.config.home import Home, find_district
from rollbook.errors import ConfigInvalid, NotFound


def readable_district(home: Home, district_id: str) -> District | None:
    """A district's file, where there is one that can be read."""
    try:
        return find_district(home, district_id)
    except (NotFound, ConfigInvalid):
        return None


def told_district(home: Home, district_id: str) -> District | None:
    """The same, where it says that anybody is told."""
    district = readable_district(home, district_id)
    return district if district is not None and district.notices is not None else None
