"""``[notices]`` of a district's file: who is told about it."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from rollbook.config.schedule import WallTime

_ADDRESS = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$"

EmailAddress = Annotated[str, StringConstraints(pattern=_ADDRESS, max_length=254)]
"""An address in plain letters; nothing in it can begin another line of a mail's head."""


class Notices(BaseModel):
    """Who is told about a district, and when its digest of a day is made, by its own clocks.

    Where ``to`` names nobody, it is whom ``notices.toml`` names.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    to: tuple[EmailAddress, ...] = ()
    digest: WallTime = "07:00"


def is_address(text: str) -> bool:
    """Whether a text is one address in plain letters."""
    return len(text) <= 254 and re.fullmatch(_ADDRESS[1:-1], text) is not None
