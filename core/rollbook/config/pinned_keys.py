"""Writing a server's key into a district's file, and leaving the rest of it as it is."""

from __future__ import annotations

import os

from rollbook.config.home import Home, load_district
from rollbook.errors import ConfigInvalid
from rollbook.owner_only import owner_only_text


def pin_host_key(home: Home, district_id: str, fingerprint: str) -> None:
    """Make a fingerprint the only one under ``[source.sftp]`` of a district's file.

    Its comments and its order stay. Raises ``ConfigInvalid`` where the file cannot be written.
    """
    # Nothing else edits what a person wrote.
    import tomlkit

    path = home.district_file(district_id)
    begun = path.with_name(f"{path.name}.new")
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8"))
        document["source"]["sftp"]["host_keys"] = [fingerprint]
        with owner_only_text(begun) as stream:
            stream.write(tomlkit.dumps(document))
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(begun, path)
    except OSError as error:
        raise ConfigInvalid(
            f"{path} cannot be written: {error.strerror}.",
            remedy="Give this user leave to write, or put the key there by hand.",
        ) from None
    load_district(path)
