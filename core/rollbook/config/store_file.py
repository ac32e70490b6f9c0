"""``store.toml`` in the home folder: where the store is, when it is not ``store.db`` beside it."""

from __future__ import annotations

import tomllib
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from rollbook.config.home import Home
from rollbook.errors import ConfigInvalid

_REMEDY = 'It has one line: url = "postgresql://ROLE@HOST/DATABASE".'


class StoreFile(BaseModel):
    """What ``store.toml`` says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Annotated[str, StringConstraints(min_length=1)]


def named_store(home: Home) -> str | None:
    """The URL that ``store.toml`` names; ``None`` without that file.

    Raises ``ConfigInvalid``, with nothing of what the file says: a password may be in it.
    """
    path = home.store_file
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigInvalid(
            f"{path}: cannot be read: {error.strerror}.", remedy="Give this user leave to read it."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise ConfigInvalid(f"{path}: not TOML.", remedy=_REMEDY) from None
    try:
        return StoreFile.model_validate(document).url
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'document'}: {e['msg']}" for e in error.errors()
        )
        raise ConfigInvalid(f"{path}: {problems}.", remedy=_REMEDY) from None
