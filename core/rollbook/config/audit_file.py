"""``audit.toml`` in the home folder: where the head of the audit trail is written a second time."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from rollbook.config.home import Home, expanded
from rollbook.errors import ConfigInvalid

_REMEDY = 'It has one line: head = "/a/place/that/is/not/in/the/home/audit-head".'


class AuditFile(BaseModel):
    """What ``audit.toml`` says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    head: Path


def named_head(home: Home) -> Path | None:
    """The file that ``audit.toml`` names, from the home on; ``None`` without ``audit.toml``.

    Raises ``ConfigInvalid``.
    """
    path = home.root / "audit.toml"
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        found = AuditFile.model_validate(document)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigInvalid(
            f"{path}: cannot be read: {error.strerror}.", remedy="Give this user leave to read it."
        ) from None
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'document'}: {e['msg']}" for e in error.errors()
        )
        raise ConfigInvalid(f"{path}: {problems}.", remedy=_REMEDY) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise ConfigInvalid(f"{path}: not TOML.", remedy=_REMEDY) from None
    return home.root / expanded(found.head)
