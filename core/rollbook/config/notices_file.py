"""``notices.toml`` in the home folder: how notices are sent, and who gets those of nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from rollbook.config.home import Home
from rollbook.config.home_files import from_home_file
from rollbook.config.notices import EmailAddress
from rollbook.config.secrets.reference import SecretReference

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class _Table(BaseModel):
    # A secret that somebody wrote into the file is not to be repeated by an error.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Smtp(_Table):
    """The server that takes mail. With ``ca_bundle``, a file of certificates in PEM, only the
    authorities in it count. A password never goes over a network in clear.
    """

    host: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:-]+$")]
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: Annotated[str, StringConstraints(min_length=1)] | None = None
    password: SecretReference | None = None
    ca_bundle: Path | None = None
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 30.0

    @model_validator(mode="after")
    def _goes_together(self) -> Smtp:
        if (self.user is None) != (self.password is None):
            raise ValueError("user and password go together")
        if self.security == "none" and self.user and self.host not in _LOOPBACK:
            raise ValueError("a password may not go over a network in clear: use starttls or tls")
        return self


class NoticesFile(_Table):
    """What ``notices.toml`` says. ``apprise`` are references to addresses of chats, as Apprise
    writes them: with what stands in them anybody could write there."""

    sender: Annotated[EmailAddress, Field(alias="from")]
    to: tuple[EmailAddress, ...] = ()
    smtp: Smtp | None = None
    apprise: tuple[SecretReference, ...] = ()


def notices_file(home: Home) -> NoticesFile | None:
    """What ``notices.toml`` says, ``None`` where there is none. Raises ``ConfigInvalid``."""
    return from_home_file(home.root / "notices.toml", NoticesFile, "Mend the file.")
