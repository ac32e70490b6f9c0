"""Trusting the key of a district's server: an act of its own, never a side effect."""

from __future__ import annotations

import re

from rollbook.config.home import find_district
from rollbook.config.locations import SftpAddress
from rollbook.config.pinned_keys import pin_host_key
from rollbook.config.sources import FileSource
from rollbook.desk.desk import Desk
from rollbook.desk.views import Check
from rollbook.directory import audit
from rollbook.errors import ConfigInvalid, SourceUnreachable
from rollbook.runs.lock import district_lock

_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")


def trust_host_key(desk: Desk, district_id: str, fingerprint: str) -> Check:
    """Write ``fingerprint`` into the district's file, if the server has a key with it.

    It takes the place of what was trusted before. Raises ``ConfigInvalid`` for a district without
    a server and for what is no fingerprint, ``SourceUnreachable`` where the server shows another
    key, ``NotPermitted`` and ``Busy``.
    """
    from rollbook.sources import sftp

    actor = desk.actor()
    source = find_district(desk.home, district_id).source
    if not isinstance(source, FileSource) or not isinstance(source.path, SftpAddress):
        raise ConfigInvalid(
            f"{district_id} is not fetched from an SFTP server.", remedy="There is no key to trust."
        )
    if not _FINGERPRINT.fullmatch(fingerprint):
        raise ConfigInvalid(
            "A fingerprint is SHA256: and 43 characters.",
            remedy="`rollbook district check` shows the server's, and ssh-keygen -l its owner's.",
        )
    address, settings = source.path, source.sftp
    assert settings is not None
    shown = sftp.shown_host_key(address, settings, fingerprint)
    if shown != fingerprint:
        raise SourceUnreachable(
            f"{address.host} has no key with {fingerprint}; it shows {shown}.",
            remedy="Do not trust it before its owner has said which one is right.",
        )
    with district_lock(desk.store, desk.home.locks, district_id):
        body = {
            "host": address.host,
            "port": address.port,
            "fingerprint": fingerprint,
            "before": list(settings.host_keys),
        }
        with desk.store.write() as connection:
            audit.write(
                connection, actor, "source.host_key_trusted", district=district_id, body=body
            )
        pin_host_key(desk.home, district_id, fingerprint)
    return Check("host key", True, f"{fingerprint} of {address.host} is trusted from now on")
