"""A source that is Clever's API."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from rollbook.config.connections import Bearer, Http, WebAddress
from rollbook.config.sources.asked_for_changes import AskedForChanges

Role = Literal["student", "teacher", "staff", "district_admin", "contact"]
ContactType = Literal["Parent/Guardian", "Emergency", "Primary", "Secondary", "Family", "Other", ""]

REQUESTS_PER_MINUTE = 1200
"""What Clever allows one token (``formats.md`` §4)."""


class CleverApi(AskedForChanges):
    """Clever's API v3.1 with the token of one district.

    ``roles`` are those of the people who are read: whoever has none of them counts as gone.
    ``contact_types`` are the relations that make a contact a guardian, all of them where nothing
    is said. ``page_size`` is in objects. Changes are Clever's events, which it keeps for 30 days.
    """

    type: Literal["clever-api"]
    url: WebAddress = "https://api.clever.com/v3.1"
    auth: Bearer
    http: Http = Http(requests_per_minute=REQUESTS_PER_MINUTE)
    roles: Annotated[tuple[Role, ...], Field(min_length=1)] = (
        *("student", "teacher", "staff", "district_admin", "contact"),
    )
    contact_types: tuple[ContactType, ...] | None = None
    page_size: Annotated[int, Field(ge=1, le=10_000)] = 1000
    whole_every_days: Annotated[int, Field(ge=1, le=28)] = 7

    @property
    def where(self) -> str:
        """The address."""
        return self.url

    def decides(self) -> dict[str, Any]:
        """What is read, and from where; not how the connection is made."""
        how = {"auth", "http", "page_size", "changes_only", "whole_every_days"}
        return self.model_dump(mode="json", exclude=how)
