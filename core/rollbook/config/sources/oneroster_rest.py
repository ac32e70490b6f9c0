"""A source that is a OneRoster service."""

from __future__ import annotations

from typing import Literal

from rollbook.config.sources.rest_source import RestSource


class OneRosterRest(RestSource):
    """OneRoster REST, 1.1 or 1.2. ``url`` is the service's base, as
    ``https://sis.example.org/ims/oneroster/v1p1`` or ``…/ims/oneroster/rostering/v1p2``."""

    type: Literal["oneroster-rest"]
