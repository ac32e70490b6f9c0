"""Sources that may be asked for what has changed, and not always for everything."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rollbook.config.sources.source_table import SourceTable


class AskedForChanges(SourceTable):
    """A service that is asked for everything, or mostly for changes.

    With ``changes_only`` it is asked for what has changed since the last time. ``whole_every_days``
    is how often it is asked for everything all the same.
    """

    changes_only: bool = False
    whole_every_days: Annotated[int, Field(ge=1, le=30)] = 7

    @property
    def whole_after_days(self) -> int | None:
        """As the district's file says."""
        return self.whole_every_days if self.changes_only else None
