"""Pictures of the console that are compared as text."""

from __future__ import annotations

import re
from typing import Any

from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual.app import App


class SvgPicture(SingleFileSnapshotExtension):
    """One SVG for each picture."""

    _write_mode = WriteMode.TEXT
    file_extension = "svg"


def picture(app: App[Any]) -> str:
    """The screen as an SVG, without the number that Textual makes up for its style classes."""
    return re.sub(r"terminal-\d+", "terminal", app.export_screenshot(title="rollbook"))
