"""What every type of source has in common."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from rollbook.config.connections import Sftp
from rollbook.config.locations import Location, SftpAddress

NO_LOGIN = "no_login"
"""The sort of the fault that nobody says how to log in to a server."""


class SourceTable(BaseModel):
    """A table of a district's file that says where the roster comes from, and of what sort it is.

    Every model has a field ``type``, whose only value is the name of its dialect.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    @property
    def where(self) -> str:
        """The place that is read, for people."""
        raise NotImplementedError

    @property
    def whole_after_days(self) -> int | None:
        """Days after which everything is asked for again, where a source is asked for changes in
        between; ``None`` where it is not."""
        return None

    @property
    def set_version(self) -> str | None:
        """What a set without a manifest is read as; a set that was translated has one."""
        return None

    @property
    def set_tobedeleted(self) -> str:
        """What a row of that status means in the set that is compared, ``refuse`` or ``remove``."""
        return "remove"

    def identity(self) -> str:
        """A digest of what is read, where, and as whom: no secret, but the references to them."""
        told = {**self.decides(), "auth": self.model_dump(mode="json").get("auth")}
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    def decides(self) -> dict[str, Any]:
        """What of it decides over a changeset, in words and numbers that JSON knows."""
        return self.model_dump(mode="json")


class FileSource(SourceTable):
    """A source that is files: a folder with them, or a zip of them, here or on an SFTP server."""

    path: Location
    sftp: Sftp | None = None

    @model_validator(mode="after")
    def _goes_together(self) -> FileSource:
        if isinstance(self.path, SftpAddress) and self.sftp is None:
            raise PydanticCustomError(
                NO_LOGIN, "a path on a server needs a table [source.sftp], with a password or key"
            )
        if self.sftp is not None and not isinstance(self.path, SftpAddress):
            raise ValueError("[source.sftp] is for a path that begins with sftp://")
        return self

    def decides(self) -> dict[str, Any]:
        """Everything but how the server is logged in to."""
        return self.model_dump(mode="json", exclude={"sftp"})

    @property
    def where(self) -> str:
        """The path."""
        return str(self.path)
