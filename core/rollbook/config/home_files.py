"""A file of a few lines in the home folder, which may be missing."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from rollbook.config.problems import problems
from rollbook.errors import ConfigInvalid

_Model = TypeVar("_Model", bound=BaseModel)


def from_home_file(path: Path, model: type[_Model], remedy: str) -> _Model | None:
    """What a TOML file says; ``None`` where there is no such file.

    Raises ``ConfigInvalid``, with nothing of the values in the file: a password may be in it.
    """
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigInvalid(
            f"{path}: cannot be read: {error.strerror}.", remedy="Give this user leave to read it."
        ) from None
    except ValidationError as error:
        raise ConfigInvalid(f"{path}: {problems(error)}.", remedy=remedy) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise ConfigInvalid(f"{path}: not TOML.", remedy=remedy) from None
