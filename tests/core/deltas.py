"""What a system exports in delta mode: the rows that differ between two of its states."""

from __future__ import annotations

import csv
from pathlib import Path
from tempfile import TemporaryDirectory

from core.small_sis import SmallSis, Version

Rows = dict[str, dict[str, str]]


def write_delta(
    before: SmallSis, after: SmallSis, folder: Path, stamp: str, version: Version = "1.1"
) -> Path:
    """Write into ``folder`` what takes a system from one state to the other, made at ``stamp``."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.csv"):
        file.unlink()
    with TemporaryDirectory() as place:
        was = _tables(before.write(Path(place) / "was", version))
        now = _tables(after.write(Path(place) / "now", version))
    manifest = [("propertyName", "value"), ("manifest.version", "1.0")]
    manifest.append(("oneroster.version", version))
    for name in sorted(was.keys() | now.keys()):
        changed = _changed(was.get(name, {}), now.get(name, {}), stamp)
        manifest.append((f"file.{name}", "delta" if changed else "absent"))
        if changed:
            write_rows(folder / f"{name}.csv", changed)
    with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(manifest)
    return folder


def read_rows(file: Path) -> list[dict[str, str]]:
    """The rows of a file."""
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write_rows(file: Path, rows: list[dict[str, str]]) -> None:
    """Write rows into a file."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _tables(folder: Path) -> dict[str, Rows]:
    return {
        file.stem: {row["sourcedId"]: row for row in read_rows(file)}
        for file in folder.glob("*.csv")
        if file.stem != "manifest"
    }


def _changed(was: Rows, now: Rows, stamp: str) -> list[dict[str, str]]:
    head = {"status": "active", "dateLastModified": stamp}
    changed = [row | head for record, row in now.items() if was.get(record) != row]
    gone = [was[record] for record in was if record not in now]
    return changed + [row | head | {"status": "tobedeleted"} for row in gone]
