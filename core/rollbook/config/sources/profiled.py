"""Sources whose columns are named by a mapping file: the operator's own, or one that is shipped."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Literal

from rollbook.config.sources.source_table import FileSource


class ProfiledSource(FileSource):
    """A source of files whose columns stand in a profile; ``profile`` names one's own, corrected.

    ``rollbook source profile`` prints those that are shipped.
    """

    profile: Path | None = None

    def decides(self) -> dict[str, Any]:
        """Everything, and what the profile says: another one may read another roster."""
        return {**super().decides(), **digest_of(self.profile)}


def digest_of(file: Path | None) -> dict[str, Any]:
    """The SHA-256 of a file that belongs to a district's; blank for one that cannot be read."""
    if file is None:
        return {}
    try:
        return {"sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    except OSError:
        return {"sha256": ""}


class CleverCsv(ProfiledSource):
    """The files that a district uploads to Clever."""

    type: Literal["clever-csv"]


class SdsCsv(ProfiledSource):
    """The files of Microsoft School Data Sync, version 1 or 2.1, told apart by their names."""

    type: Literal["sds-csv"]


class RemindCsv(ProfiledSource):
    """The five files that a district uploads to Remind."""

    type: Literal["remind-csv"]
    version: Literal["1.0", "2.0"] = "2.0"


class SchoolStatusCsv(ProfiledSource):
    """The files that a district uploads to SchoolStatus Connect, in its flavour of OneRoster."""

    type: Literal["schoolstatus-csv"]


class MappedCsv(FileSource):
    """Any CSV export; ``mapping`` is the file that says which column means what."""

    type: Literal["mapped-csv"]
    mapping: Path

    def decides(self) -> dict[str, Any]:
        """Everything, and what the mapping says: another one may read another roster."""
        return {**super().decides(), **digest_of(self.mapping)}
