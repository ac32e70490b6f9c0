"""``store.toml`` in the home folder: where the store is, when it is not ``store.db`` beside it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from rollbook.config.home import Home
from rollbook.config.home_files import from_home_file

_REMEDY = 'It has one line: url = "postgresql://ROLE@HOST/DATABASE".'


class StoreFile(BaseModel):
    """What ``store.toml`` says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Annotated[str, StringConstraints(min_length=1)]


def named_store(home: Home) -> str | None:
    """The URL that ``store.toml`` names; ``None`` without that file.

    Raises ``ConfigInvalid``, with nothing of what the file says: a password may be in it.
    """
    found = from_home_file(home.store_file, StoreFile, _REMEDY)
    return found.url if found is not None else None
