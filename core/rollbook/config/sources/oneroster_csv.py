"""A source that is a OneRoster CSV set."""

from __future__ import annotations

from typing import Literal

from rollbook.config.sources.source_table import FileSource


class OneRosterCsv(FileSource):
    """A set of OneRoster 1.0, 1.1 or 1.2, in bulk or of changes.

    ``version`` is for sets without a manifest, such as those of 1.0: what they are to be read as.
    ``tobedeleted`` says what a row with that status means in a bulk file: the whole input is
    refused (the specification allows no status there), or the record is taken as gone. In 1.0
    every row has a status, so there it is always taken as gone.
    """

    type: Literal["oneroster-csv"] = "oneroster-csv"
    version: Literal["1.0", "1.1", "1.2"] | None = None
    tobedeleted: Literal["refuse", "remove"] = "refuse"

    @property
    def set_version(self) -> str | None:
        """As the district's file says."""
        return self.version

    @property
    def set_tobedeleted(self) -> str:
        """As the district's file says, but for 1.0."""
        return "remove" if self.version == "1.0" else self.tobedeleted
