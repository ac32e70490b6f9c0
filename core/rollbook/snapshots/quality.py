"""R8: is a snapshot good enough to be compared at all?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from rollbook.config.district import Thresholds
from rollbook.errors import InputRefused
from rollbook.roster.kinds import Kind
from rollbook.sources.roster import FileFacts

_FILES: dict[Kind, str] = {
    Kind.ORG: "orgs.csv",
    Kind.ACADEMIC_SESSION: "academicSessions.csv",
    Kind.COURSE: "courses.csv",
    Kind.CLASS: "classes.csv",
    Kind.USER: "users.csv",
    Kind.ROLE: "roles.csv",
    Kind.ENROLLMENT: "enrollments.csv",
    Kind.GUARDIAN: "users.csv",
    Kind.DEMOGRAPHICS: "demographics.csv",
}


SHRUNK = "R8-shrunk"
"""The code of a refusal for a file that is much shorter than usual."""

_OF_A_YEAR = _FILES[Kind.ACADEMIC_SESSION].lower()
"""Half of its rows leave with a school year. R1 sees that they do, and references that they did."""


def refuse_poor_quality(
    files: Iterable[FileFacts],
    dangling: Mapping[Kind, int],
    usual_rows: Mapping[str, float],
    thresholds: Thresholds,
    announced: Collection[Kind] = (),
) -> str:
    """Raise ``InputRefused`` when too many rows were set aside, or a file shrank too much.

    A file that lost fewer rows than ``removal_floor`` has not shrunk: a small district may close
    one of its three schools; nor has that of the academic sessions, of which half go with a year.
    ``dangling`` counts by kind the rows that refer to nothing,
    ``usual_rows`` is the median number of rows of each file over the last accepted snapshots.
    Where it was ``announced`` that the records of a kind are replaced, its file may shrink so long
    as rows are left in it; then the words for it are returned, which a person should read.
    """
    facts = list(files)
    may_shrink = {_FILES[kind].lower() for kind in announced}
    told: list[str] = []
    names = {file.name.lower(): file.name for file in facts}
    extra: dict[str, int] = {}
    for kind, count in dangling.items():
        name = names.get(_FILES[kind].lower(), "users.csv")
        extra[name] = extra.get(name, 0) + count
    for file in facts:
        rejected = file.rejected + extra.get(file.name, 0)
        if rejected and rejected * 100 >= thresholds.rejected_percent * file.rows:
            raise InputRefused(
                f"{rejected:,} of {file.rows:,} rows had to be set aside "
                f"({100 * rejected / file.rows:.1f} %, the limit is "
                f"{thresholds.rejected_percent:g} %).",
                code="R8-rejected-rows",
                file=file.name,
                remedy="Mend the export; the findings name every row.",
            )
        usual = usual_rows.get(file.name, 0)
        missing = usual - file.rows
        too_many = missing * 100 >= thresholds.shrink_percent * usual
        shrinks = bool(file.rows) and file.name.lower() == _OF_A_YEAR
        if missing >= thresholds.removal_floor and too_many and not shrinks:
            words = (
                f"{file.rows:,} rows where {usual:,.0f} are usual "
                f"(-{100 * missing / usual:.0f} %, the limit is -{thresholds.shrink_percent:g} %)."
            )
            if file.rows and file.name.lower() in may_shrink:
                told.append(f"{file.name} has {words}")
                continue
            raise InputRefused(
                words,
                code=SHRUNK,
                file=file.name,
                remedy="Ask for a whole export. If it is meant to be this small, raise "
                "thresholds.shrink_percent in the district's file; the next run is then a review.",
            )
    return " ".join(told)
