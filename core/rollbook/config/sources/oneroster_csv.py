"""A source that is a OneRoster CSV set."""

from __future__ import annotations

from typing import Literal

from rollbook.config.sources.source_table import FileSource


class OneRosterCsv(FileSource):
    """A bulk set of OneRoster 1.1 or 1.2.

    ``version`` is for sets without a manifest: what they are to be read as.
    ``tobedeleted`` says what a row with that status means in a bulk file: the whole input is
    refused (the specification allows no status there), or the record is taken as gone.
    """

    type: Literal["oneroster-csv"] = "oneroster-csv"
    version: Literal["1.1", "1.2"] | None = None
    tobedeleted: Literal["refuse", "remove"] = "refuse"

    @property
    def set_version(self) -> str | None:
        """As the district's file says."""
        return self.version

    @property
    def set_tobedeleted(self) -> str:
        """As the district's file says."""
        return self.tobedeleted
