"""What sources have in common that are OneRoster services."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, field_validator

from rollbook.config.connections import Authentication, Http, WebAddress
from rollbook.config.sources.asked_for_changes import AskedForChanges

List = Literal[
    "orgs", "academicSessions", "courses", "classes", "users", "enrollments", "demographics"
]

_ALL: tuple[List, ...] = (
    *("orgs", "academicSessions", "courses", "classes", "users", "enrollments"),
    "demographics",
)
_INDISPENSABLE = frozenset({"orgs", "users"})


class RestSource(AskedForChanges):
    """A OneRoster service, asked for its lists page by page.

    ``lists`` are those that are read: the directory keeps what it has of the others. ``page_size``
    is in rows, ``parallel`` in requests side by side. ``sort`` asks for rows in order of their ids,
    for servers that shuffle them otherwise. ``metadata`` are the names of the records' own fields
    that are read.
    """

    url: WebAddress
    auth: Authentication
    http: Http = Http()
    lists: tuple[List, ...] = _ALL
    page_size: Annotated[int, Field(ge=2, le=10_000)] = 1000
    parallel: Annotated[int, Field(ge=1, le=16)] = 4
    sort: bool = False
    metadata: tuple[Annotated[str, StringConstraints(pattern=r"^[^\s,\"]+$")], ...] = ()

    @field_validator("lists")
    @classmethod
    def _has_people_and_places(cls, value: tuple[List, ...]) -> tuple[List, ...]:
        if missing := _INDISPENSABLE - set(value):
            raise ValueError(f"there is no roster without {' and '.join(sorted(missing))}")
        return value

    @property
    def where(self) -> str:
        """The address."""
        return self.url

    @property
    def service(self) -> str:
        """The address of the OneRoster service."""
        return self.url

    def decides(self) -> dict[str, Any]:
        """What is read, and from where; not how the connection is made."""
        how = {"auth", "http", "page_size", "parallel", "sort", "changes_only", "whole_every_days"}
        return self.model_dump(mode="json", exclude=how)
