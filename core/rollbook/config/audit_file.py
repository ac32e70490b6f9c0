"""``audit.toml`` in the home folder: where the head of the audit trail is written a second time."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from rollbook.config.home import Home, expanded
from rollbook.config.home_files import from_home_file

_REMEDY = 'It has one line: head = "/a/place/that/is/not/in/the/home/audit-head".'


class AuditFile(BaseModel):
    """What ``audit.toml`` says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    head: Path


def named_head(home: Home) -> Path | None:
    """The file that ``audit.toml`` names, from the home on; ``None`` without ``audit.toml``.

    Raises ``ConfigInvalid``.
    """
    found = from_home_file(home.root / "audit.toml", AuditFile, _REMEDY)
    return home.root / expanded(found.head) if found is not None else None
