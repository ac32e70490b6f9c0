"""A source that is the CSV files of Microsoft School Data Sync."""

from __future__ import annotations

from typing import Literal

from rollbook.config.sources.source_table import FileSource


class SdsCsv(FileSource):
    """The files of School Data Sync, version 1 or 2.1, told apart by their names."""

    type: Literal["sds-csv"]
