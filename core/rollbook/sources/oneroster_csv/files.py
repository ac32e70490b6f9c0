"""Which of the CSV files in a folder are OneRoster's, and which are somebody else's."""

from __future__ import annotations

from pathlib import Path

from rollbook.errors import InputRefused
from rollbook.sources.oneroster_csv.collected import Findings
from rollbook.sources.oneroster_csv.header import nearest

MANIFEST = "manifest"

FILES_1P1 = frozenset(
    {
        "academicSessions",
        "categories",
        "classes",
        "classResources",
        "courses",
        "courseResources",
        "demographics",
        "enrollments",
        "lineItems",
        "orgs",
        "resources",
        "results",
        "users",
    }
)

FILES: dict[str, frozenset[str]] = {
    "1.1": FILES_1P1,
    "1.2": FILES_1P1
    | {
        "lineItemLearningObjectiveIds",
        "lineItemScoreScales",
        "resultLearningObjectiveIds",
        "resultScoreScales",
        "roles",
        "scoreScales",
        "userProfiles",
        "userResources",
    },
}
"""The files that a manifest of each version names (``formats.md`` §1.2)."""

OLD_FILES = {"courseResourses": "courseResources"}
"""A spelling from the specification's own table."""

_SPELT = {
    **{name.casefold(): name for name in FILES["1.2"] | {MANIFEST}},
    **{old.casefold(): name for old, name in OLD_FILES.items()},
}


def files_in(folder: Path, findings: Findings) -> dict[str, Path]:
    """The OneRoster files of a folder by their manifest names, ``manifest`` among them.

    Another spelling and a file of no known name give a warning. Raises ``InputRefused``
    (``duplicate-file``) when two files go by one name.
    """
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() != ".csv" or not path.is_file():
            continue
        name = _SPELT.get(path.stem.casefold())
        if name is None:
            _warn_unknown(path, findings)
            continue
        if name in found:
            raise InputRefused(
                f"There are two files for {name}: {found[name].name} and {path.name}.",
                code="duplicate-file",
                file=path.name,
                remedy="Keep the one that is meant.",
            )
        if path.name != f"{name}.csv":
            findings.warn(
                "file-name",
                f"The file was read as {name}.csv.",
                f"Call it {name}.csv.",
                file=path.name,
            )
        found[name] = path
    return found


def _warn_unknown(path: Path, findings: Findings) -> None:
    near = nearest(path.stem, FILES["1.2"] | {MANIFEST})
    findings.warn(
        "unknown-file",
        "OneRoster has no file of this name; it was not read.",
        f"Did you mean {near}.csv?" if near else "Nothing, if it was not meant to be read.",
        file=path.name,
    )
