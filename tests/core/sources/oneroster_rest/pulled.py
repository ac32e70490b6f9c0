"""Pulling from a server of ours, and reading what was pulled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rollbook.config.connections import Bearer, Http
from rollbook.config.sources import OneRosterRest
from rollbook.roster.findings import Finding
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Values
from rollbook.sources.normal_form import NormalSet
from rollbook.sources.normal_form.normal_set import origins_of
from rollbook.sources.oneroster_csv import read
from rollbook.sources.oneroster_rest import pull
from rollbook.sources.roster import Roster
from servers.keys import bearer
from servers.oneroster_app import BASES, Served, oneroster_app
from servers.running import serving

TOKEN = "canary-token-of-the-tests"

PATIENT = Http(requests_per_minute=60_000, max_wait_minutes=0.5)
HASTY = Http(requests_per_minute=60_000, max_wait_minutes=0.02)
"""For what never gets better."""

Everything = dict[Kind, dict[str, Values]]


@contextmanager
def asked(district: Served, **settings: Any) -> Iterator[OneRosterRest]:
    """A source that is a server of this district; the token is in ``ROLLBOOK_TEST_TOKEN``."""
    with serving(oneroster_app(district, bearer(TOKEN))) as address:
        yield source_at(f"{address}{BASES[district.version]}", **settings)


def source_at(url: str, **settings: Any) -> OneRosterRest:
    """A source at an address."""
    return OneRosterRest(
        type="oneroster-rest",
        url=url,
        auth=Bearer(type="bearer", token="env:ROLLBOOK_TEST_TOKEN"),
        **{"http": PATIENT, **settings},
    )


@dataclass(frozen=True)
class Pulled:
    """The roster that a pull gave, and everything there was to say."""

    roster: Roster
    findings: tuple[Finding, ...]

    @property
    def records(self) -> Everything:
        """The fields of every record."""
        return everything(self.roster)


def pulled(source: OneRosterRest, folder: Path) -> Pulled:
    """Pull into a folder and read the set there."""
    with NormalSet(folder) as normal:
        pull(source, normal)
    return taken(normal)


def taken(normal: NormalSet) -> Pulled:
    """What stands in a normal set that was written."""
    roster = read(normal.folder, tobedeleted="remove")
    told = origins_of(normal.folder).told(roster.findings)
    return Pulled(roster, (*normal.findings.all(), *told))


def everything(roster: Roster) -> Everything:
    """The fields of every record of a roster."""
    return {
        kind: {record.id: record.values for record in records.values()}
        for kind, records in roster.records.items()
    }
