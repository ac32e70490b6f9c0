"""Writing a server's key into a district's file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rollbook.config.edited_file import edit_district
from rollbook.config.home import Home

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


def pin_host_key(home: Home, district_id: str, fingerprint: str) -> None:
    """Make a fingerprint the only one under ``[source.sftp]`` of a district's file.

    Raises ``ConfigInvalid`` where the file cannot be written.
    """

    def pin(document: TOMLDocument) -> None:
        document["source"]["sftp"]["host_keys"] = [fingerprint]

    edit_district(home, district_id, pin)
