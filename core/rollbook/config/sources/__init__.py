"""``[source]`` of a district's file: one model for each type of source, told apart by ``type``.

A model for a new type stands in a module of its own and joins ``Source`` here. Its ``type`` has no
default, so that it is always written into the file; only OneRoster CSV may go without.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Tag

from rollbook.config.sources.classlink import ClassLink
from rollbook.config.sources.clever_api import CleverApi
from rollbook.config.sources.oneroster_csv import OneRosterCsv
from rollbook.config.sources.oneroster_rest import OneRosterRest
from rollbook.config.sources.profiled import (
    CleverCsv,
    MappedCsv,
    ProfiledSource,
    RemindCsv,
    SchoolStatusCsv,
    SdsCsv,
)
from rollbook.config.sources.source_table import FileSource, SourceTable

__all__ = [
    "NO_TYPE",
    "ClassLink",
    "CleverApi",
    "CleverCsv",
    "FileSource",
    "MappedCsv",
    "OneRosterCsv",
    "OneRosterRest",
    "ProfiledSource",
    "RemindCsv",
    "SchoolStatusCsv",
    "SdsCsv",
    "Source",
    "SourceTable",
    "type_of",
]


def type_of(value: Any) -> Any:
    """The type of a source, model or table; that of OneRoster CSV where it names none."""
    if isinstance(value, SourceTable):
        return getattr(value, "type", None)
    return value.get("type", "oneroster-csv") if isinstance(value, dict) else None


NO_TYPE = "no_source_type"
"""The sort of the fault that a source is of no known type."""

Source = Annotated[
    Annotated[OneRosterCsv, Tag("oneroster-csv")]
    | Annotated[CleverCsv, Tag("clever-csv")]
    | Annotated[SdsCsv, Tag("sds-csv")]
    | Annotated[RemindCsv, Tag("remind-csv")]
    | Annotated[SchoolStatusCsv, Tag("schoolstatus-csv")]
    | Annotated[MappedCsv, Tag("mapped-csv")]
    | Annotated[OneRosterRest, Tag("oneroster-rest")]
    | Annotated[ClassLink, Tag("classlink")]
    | Annotated[CleverApi, Tag("clever-api")],
    Discriminator(
        type_of,
        custom_error_type=NO_TYPE,
        custom_error_message="no type of source that there is; docs/sources.md lists them",
    ),
]
"""Any source."""
