"""How a source is reached over a network: the tables that the types of source have in common."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from rollbook.config.secrets.reference import SecretReference

_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")
_Seconds = Annotated[float, Field(gt=0, le=3600)]
_Minutes = Annotated[float, Field(gt=0, le=24 * 60)]


def _names_nobody(address: str) -> str:
    if "@" in address.partition("//")[2].partition("/")[0]:
        raise ValueError("no user and no password may stand in an address: put them under auth")
    return address


WebAddress = Annotated[
    str,
    StringConstraints(pattern=r"^https?://[^\s/?#]+[^\s?#]*$"),
    AfterValidator(_names_nobody),
]
"""An address without a user, a password or parameters: it is shown and kept in the trail."""


class _Table(BaseModel):
    # A secret that somebody wrote into the file is not to be repeated by an error.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Http(_Table):
    """``[source.http]``: how requests are made.

    With ``ca_bundle``, a file of certificates in PEM, only the authorities in it count.
    ``plain_http`` lets a password and pupils' data go over the network for anybody to read.
    ``timeout_seconds`` is how long the server may be silent, ``max_wait_minutes`` how long one
    page may take with all its retries.
    """

    ca_bundle: Path | None = None
    plain_http: Literal["allowed"] | None = None
    timeout_seconds: _Seconds = 60.0
    requests_per_minute: Annotated[int, Field(ge=1, le=60_000)] = 600
    max_wait_minutes: _Minutes = 15.0


class OAuth1(_Table):
    """Every request is signed with a consumer's key and secret, without a token (OAuth 1.0a)."""

    type: Literal["oauth1"]
    key: SecretReference
    secret: SecretReference
    signature: Literal["HMAC-SHA256", "HMAC-SHA1"] = "HMAC-SHA256"


class OAuth2(_Table):
    """A token is asked for with a client's id and secret (OAuth 2, client credentials)."""

    type: Literal["oauth2"]
    token_url: WebAddress
    client_id: SecretReference
    client_secret: SecretReference
    scopes: tuple[Annotated[str, Field(pattern=r"^[!#-\[\]-~]+$")], ...] = ()


class Bearer(_Table):
    """One token that does not change."""

    type: Literal["bearer"]
    token: SecretReference


Authentication = Annotated[OAuth1 | OAuth2 | Bearer, Field(discriminator="type")]


class Sftp(_Table):
    """``[source.sftp]``: who rollbook is on the server, and how the server proves who it is.

    ``host_keys`` are fingerprints as ``ssh-keygen -l`` prints them; a server that shows another
    key is not talked to. A drop is complete once the file ``marker`` is there or, without one,
    once nothing in the folder changed for ``settle_seconds``; after ``max_wait_minutes`` the sync
    gives up. What was read is moved into ``processed_folder`` where one is named.
    """

    password: SecretReference | None = None
    key: SecretReference | None = None
    passphrase: SecretReference | None = None
    host_keys: tuple[str, ...] = ()
    marker: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    settle_seconds: Annotated[float, Field(ge=0, le=3600)] = 5.0
    max_wait_minutes: _Minutes = 10.0
    timeout_seconds: _Seconds = 60.0
    processed_folder: Annotated[str, Field(min_length=1, max_length=1000)] | None = None

    @field_validator("host_keys")
    @classmethod
    def _are_fingerprints(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for fingerprint in value:
            if not _FINGERPRINT.fullmatch(fingerprint):
                raise ValueError(
                    "a fingerprint is SHA256: and 43 characters, as ssh-keygen -l says"
                )
        return value

    @field_validator("marker")
    @classmethod
    def _is_a_name(cls, value: str | None) -> str | None:
        if value is not None and ("/" in value or value in (".", "..")):
            raise ValueError("a marker is the name of a file in the folder")
        return value

    @model_validator(mode="after")
    def _can_log_in(self) -> Sftp:
        if (self.password is None) == (self.key is None):
            raise ValueError("give either a password or a key")
        if self.passphrase is not None and self.key is None:
            raise ValueError("a passphrase belongs to a key")
        return self
