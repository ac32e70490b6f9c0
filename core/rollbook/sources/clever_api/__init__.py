"""Clever's API v3.1: lists by links, the district's state, and events (``formats.md`` §4)."""

from __future__ import annotations

from rollbook.sources.clever_api.gone import confirm_gone, gone_by_id
from rollbook.sources.clever_api.pull import pull

__all__ = ["confirm_gone", "gone_by_id", "pull"]
