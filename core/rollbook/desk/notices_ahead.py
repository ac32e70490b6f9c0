"""How many notices a run is about, before any of them has gone out."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from rollbook.config.home import Home
from rollbook.config.notices_file import notices_file
from rollbook.desk.told_districts import told_district
from rollbook.directory.holds import HoldRow
from rollbook.directory.runs import RunRow
from rollbook.errors import ConfigInvalid
from rollbook.notices.channels import channels
from rollbook.notices.gathering import count_told
from rollbook.roster.states import RunKind


def notices_ahead(
    connection: Connection, home: Home, run: RunRow, undecided: Sequence[HoldRow]
) -> int:
    """The notices about what a sync holds; of a preview those that the sync would bring.

    None where nobody is told about the district, or where the files that say so cannot be read.
    """
    if run.kind != RunKind.SYNC:
        return 0
    try:
        ways = channels(notices_file(home))
    except ConfigInvalid:
        return 0
    if not ways or told_district(home, run.district) is None:
        return 0
    return count_told(connection, run, undecided)
