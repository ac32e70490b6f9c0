"""``manifest.csv``: the version of a set, and which of its files are there and whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from rollbook.errors import InputRefused
from rollbook.sources.oneroster_csv.collected import Findings
from rollbook.sources.oneroster_csv.files import FILES, MANIFEST, OLD_FILES, files_in
from rollbook.sources.oneroster_csv.header import clean, nearest
from rollbook.sources.oneroster_csv.layouts import LAYOUTS
from rollbook.sources.oneroster_csv.table import Table

BULK, DELTA = "bulk", "delta"
_MODES = frozenset({"absent", BULK, DELTA})
_VERSION = "oneroster.version"
_MANIFEST_VERSION = "manifest.version"
_READ_AS = {"1.0": "1.1"}
"""The columns of 1.0 that have other names since are known by both."""

_HEADER = ["propertyName", "value"]
_OTHERS = frozenset({_VERSION, _MANIFEST_VERSION, "source.systemName", "source.systemCode"})

_OTHER_DIALECTS = {
    "Microsoft School Data Sync": {
        "school",
        "section",
        "studentenrollment",
        "teacherroster",
        "relationships",
        "userflags",
    },
    "Clever": {"schools", "sections", "students", "teachers"},
}
"""Files, in lower case, that only other formats have."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The version, the files that are there in whole (``bulk``), those that hold changes only, with
    the lines that say so (``delta``), and properties that look like misspelt ones, with the
    property that each is near to."""

    version: str
    bulk: frozenset[str]
    misspelt: Mapping[str, str]
    delta: Mapping[str, int] = field(default_factory=dict)


def contents(
    folder: Path, files: Mapping[str, Path], version: str | None, findings: Findings
) -> Manifest:
    """What the set says of itself; without a manifest, what ``version`` says of every file.

    Raises ``InputRefused``: ``no-manifest``, ``unknown-version``, ``bad-manifest`` and what
    ``Table`` raises.
    """
    if MANIFEST not in files:
        if version is None:
            _refuse_without(folder)
        read_as = _READ_AS.get(version, version)
        if read_as not in FILES:
            _refuse_version(version, None, None)
        return Manifest(read_as, frozenset(files.keys() & FILES[read_as]), {})
    path = files[MANIFEST]
    properties = _properties(path, findings)
    if _VERSION not in properties:
        _refuse(path.name, f"The manifest does not say {_VERSION}.", f"Add {_VERSION},1.1 or 1.2.")
    line, told = properties[_VERSION]
    stated = _READ_AS.get(told, told)
    if stated not in FILES:
        _refuse_version(told, path.name, line)
    _warn_other_version(properties, stated, version, path.name, findings)
    known = {f"file.{name}": name for name in FILES[stated]}
    known |= {f"file.{old}": name for old, name in OLD_FILES.items()}
    bulk: set[str] = set()
    delta: dict[str, int] = {}
    misspelt: dict[str, str] = {}
    for name, (line, value) in properties.items():
        if name in known:
            mode = _mode(name, value, line, path.name, findings)
            if mode == BULK:
                bulk.add(known[name])
            elif mode == DELTA:
                delta[known[name]] = line
        elif name not in _OTHERS:
            near = nearest(name, (known.keys() | _OTHERS) - properties.keys())
            if near:
                misspelt[near] = name
            findings.warn(
                "manifest-property",
                f"The manifest has no property {name}; it was passed over.",
                f"Did you mean {near}?" if near else "Nothing, if no file is missing for it.",
                file=path.name,
                line=line,
                field=name,
            )
    return Manifest(stated, frozenset(bulk), misspelt, delta)


def has_delta(folder: Path, version: str | None) -> bool:
    """Whether a set holds a file in delta mode that is read here. Raises ``InputRefused`` as
    ``contents`` does."""
    files = files_in(folder, Findings())
    if MANIFEST not in files:
        return False
    return bool(deltas_of(contents(folder, files, version, Findings())))


def deltas_of(manifest: Manifest) -> dict[str, int]:
    """The files in delta mode that are read here, and the lines of the manifest that say so."""
    names = {layout.name for layout in LAYOUTS[manifest.version]}
    return {name: line for name, line in manifest.delta.items() if name in names}


def _properties(path: Path, findings: Findings) -> dict[str, tuple[int, str]]:
    """Line and value of every property."""
    properties: dict[str, tuple[int, str]] = {}
    with Table(path, findings) as table:
        names = [clean(name).casefold() for name in table.header]
        if sorted(names) != sorted(name.casefold() for name in _HEADER):
            _refuse(
                path.name,
                "The manifest's columns are not propertyName and value.",
                "Have the export write the header propertyName,value.",
            )
        at = names.index(_HEADER[0].casefold())
        for line, cells, fault in table.rows():
            if fault:
                _refuse(path.name, "The row is not a property and its value.", "Mend it.", line)
            name, value = clean(cells[at]), cells[1 - at].strip()
            if properties.get(name, (line, value))[1] != value:
                _refuse(
                    path.name,
                    f"The property {name} is there twice, with two values.",
                    "Keep the one that is meant.",
                    line,
                )
            properties.setdefault(name, (line, value))
    return properties


def _mode(name: str, value: str, line: int, file: str, findings: Findings) -> str:
    mode = value.casefold()
    if mode not in _MODES:
        _refuse(
            file,
            f"The mode of {name} is none of absent, bulk and delta.",
            "Write bulk for a file that is there.",
            line,
            name,
        )
    if mode != value:
        findings.note("case-variant", file, line, "value")
    return mode


def _warn_other_version(
    properties: Mapping[str, tuple[int, str]],
    stated: str,
    configured: str | None,
    file: str,
    findings: Findings,
) -> None:
    if configured is not None and configured != stated:
        findings.warn(
            "version-differs",
            f"The manifest says OneRoster {stated}, the district's file {configured}; the "
            "manifest holds.",
            "Take version out of the district's file: it is for sets without a manifest.",
            file=file,
            line=properties[_VERSION][0],
            field=_VERSION,
        )
    line, own = properties.get(_MANIFEST_VERSION, (1, ""))
    if own != "1.0":
        findings.warn(
            "manifest-version",
            f"{_MANIFEST_VERSION} is not 1.0; the manifest was read as if it were.",
            f"Have the export write {_MANIFEST_VERSION},1.0.",
            file=file,
            line=line,
            field=_MANIFEST_VERSION,
        )


def _refuse_without(folder: Path) -> NoReturn:
    stems = {path.stem.casefold() for path in folder.glob("*") if path.suffix.lower() == ".csv"}
    foreign = next((f for f, names in _OTHER_DIALECTS.items() if stems & names), None)
    raise InputRefused(
        "There is no manifest.csv, so nothing says what the set is and whether it is whole."
        + (f" It looks like {foreign}, which is another format." if foreign else ""),
        code="no-manifest",
        file="manifest.csv",
        remedy="Have the source export OneRoster 1.1 or 1.2 CSV with its manifest; if it cannot "
        "write one, say version in the district's file (1.0 for sets that never had one).",
    )


def _refuse_version(version: str, file: str | None, line: int | None) -> NoReturn:
    raise InputRefused(
        f"OneRoster {version or '(blank)'} is not read; 1.0, 1.1 and 1.2 are.",
        code="unknown-version",
        file=file,
        line=line,
        field=_VERSION,
        remedy="Set the export to OneRoster 1.1 or 1.2.",
    )


def _refuse(
    file: str, message: str, remedy: str, line: int = 1, field: str | None = None
) -> NoReturn:
    raise InputRefused(
        message, code="bad-manifest", file=file, line=line, field=field, remedy=remedy
    )
