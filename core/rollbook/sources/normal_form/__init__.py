"""The one form in which every roster is compared: a OneRoster 1.2 bulk CSV set.

Another dialect is translated into it while it is staged, row by row, with the origin of each row.
A translator renames, splits, joins and maps; it does not judge values, for the reader of the set
does that for all dialects alike, and protects what belongs to a row that it sets aside.
"""

from __future__ import annotations

from rollbook.sources.normal_form.merging import merge
from rollbook.sources.normal_form.normal_set import (
    MOST_TOUCHED,
    NormalSet,
    Origin,
    listed,
    origins_of,
)
from rollbook.sources.normal_form.origins import Origins
from rollbook.sources.normal_form.source_file import SourceFile

__all__ = [
    "MOST_TOUCHED",
    "NormalSet",
    "Origin",
    "Origins",
    "SourceFile",
    "listed",
    "merge",
    "origins_of",
]
