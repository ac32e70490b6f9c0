"""Whether an id under which nothing was found is that of a district at all."""

from __future__ import annotations

from contextlib import suppress

from rollbook.config.home import find_district
from rollbook.desk.desk import Desk
from rollbook.errors import ConfigInvalid


def expect_district(desk: Desk, district_id: str | None) -> None:
    """Raise ``NotFound`` with the ids that there are where ``district_id`` is none of them.

    For lists that came out empty: of a district whose file is gone the rest can still be listed.
    """
    if district_id is not None:
        with suppress(ConfigInvalid):
            find_district(desk.home, district_id)
