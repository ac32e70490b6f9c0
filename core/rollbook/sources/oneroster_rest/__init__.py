"""OneRoster REST, versions 1.1 and 1.2, and ClassLink's flavour of it (``formats.md`` §2)."""

from __future__ import annotations

from rollbook.sources.oneroster_rest.gone import confirm_gone, gone_by_id
from rollbook.sources.oneroster_rest.pull import pull, pull_changes

__all__ = ["confirm_gone", "gone_by_id", "pull", "pull_changes"]
