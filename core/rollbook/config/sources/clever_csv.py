"""A source that is Clever's CSV files."""

from __future__ import annotations

from typing import Literal

from rollbook.config.sources.source_table import FileSource


class CleverCsv(FileSource):
    """The files that a district uploads to Clever."""

    type: Literal["clever-csv"]
