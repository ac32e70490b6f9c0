"""OneRoster CSV, versions 1.1 and 1.2, bulk sets (``formats.md`` §1)."""

from __future__ import annotations

from rollbook.sources.oneroster_csv.bulk_set import BulkSet, open_set, read

__all__ = ["BulkSet", "open_set", "read"]
