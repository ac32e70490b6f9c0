"""The mappings of dialects that are tables of a roster under names of their own."""

from __future__ import annotations

from pathlib import Path

from rollbook.config.sources import (
    CleverCsv,
    MappedCsv,
    RemindCsv,
    SchoolStatusCsv,
    SdsCsv,
)

_FOLDER = Path(__file__).parent
_ONLY_SDS_1, _NOT_SDS_2 = "school.csv", "roles.csv"


def profile_path(name: str) -> Path:
    """Where a shipped profile stands."""
    return _FOLDER / f"{name}.toml"


def profile_names() -> tuple[str, ...]:
    """The profiles that are shipped."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def profile_of(
    source: CleverCsv | SdsCsv | RemindCsv | SchoolStatusCsv | MappedCsv, folder: Path
) -> Path:
    """The mapping by which a source's files in ``folder`` are read: the district's own, if it has
    one, else the one that is shipped for that format."""
    if isinstance(source, MappedCsv):
        return source.mapping
    if source.profile is not None:
        return source.profile
    match source:
        case CleverCsv():
            return profile_path("clever")
        case RemindCsv():
            return profile_path(f"remind-{source.version}")
        case SchoolStatusCsv():
            return profile_path("schoolstatus")
        case SdsCsv():
            names = {path.name.casefold() for path in folder.iterdir()}
            if _ONLY_SDS_1 in names:
                return profile_path("sds-1")
            return profile_path(
                "sds-2.1" if _NOT_SDS_2 in names or "users.csv" not in names else "sds-2"
            )
