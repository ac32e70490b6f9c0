"""Changing one thing in a district's file and leaving the rest of it as a person wrote it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from rollbook.config.home import Home, load_district
from rollbook.errors import ConfigInvalid
from rollbook.owner_only import owner_only_text

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


def edit_district(home: Home, district_id: str, edit: Callable[[TOMLDocument], None]) -> None:
    """Change a district's file in place; its comments and its order stay.

    Raises ``ConfigInvalid`` where the file cannot be written, and where it would not be a
    district's file any more: then it stays what it was.
    """
    # Few commands edit what a person wrote.
    import tomlkit

    path = home.district_file(district_id)
    begun = path.with_name(f"{district_id}.new") / path.name
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8"))
        edit(document)
        begun.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            with owner_only_text(begun) as stream:
                stream.write(tomlkit.dumps(document))
                stream.flush()
                os.fsync(stream.fileno())
            load_district(begun)
            os.replace(begun, path)
        finally:
            begun.unlink(missing_ok=True)
            begun.parent.rmdir()
    except OSError as error:
        raise ConfigInvalid(
            f"{path} cannot be written: {error.strerror}.",
            remedy="Give this user leave to write, or make the change by hand.",
        ) from None
