"""Bringing a source's files into the house: fetched as a whole, hashed, then kept or dropped."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from rollbook.config.locations import Location, SftpAddress
from rollbook.config.sources import FileSource, OneRosterCsv, Source
from rollbook.errors import InputRefused, RollbookError, SourceUnreachable
from rollbook.roster.findings import Finding, Severity
from rollbook.roster.kinds import Kind
from rollbook.sources.base import About, Base, write_about
from rollbook.sources.folder import csv_files
from rollbook.sources.hashing import Digests, digests_of, quick_digest
from rollbook.sources.location import fetch

if TYPE_CHECKING:
    # With it comes the reader, which a source that is as it was does not need.
    from rollbook.sources.normal_form import NormalSet, Origins
    from rollbook.sources.sftp.drops import Drop

KEEP = 5
"""Snapshots of a district that are kept, beside the one that was applied last."""

KEPT_ORIGINS = "origins"
"""The folder within a kept set where the origins of its lines are, if it was made of files."""

_STAGING = "staging-"
_FETCHED, _FACTS = "fetched", "facts"
_BESIDE = (_FETCHED, "origins", _FACTS, "pieces")
"""Folders beside a staged set, by the end of their names: they go when it goes."""

_MANIFEST = "manifest.csv"


@dataclass(frozen=True, slots=True)
class Staged:
    """A fetched input. ``folder`` is the OneRoster set that is compared: the files themselves, or
    what they were translated into.

    ``sha256`` is over the names and digests of the source's files, in name order; ``files`` has
    the SHA-256 of each of them, ``quick`` the digest by which it is known again, ``sizes`` its
    bytes. ``findings`` are a translator's own; ``origins`` say where the lines of a set that was
    translated came from, ``drop`` what the files were on an SFTP server. ``about`` goes with the
    set when it is kept, and the origins too where ``of_files`` they tell the order. One that
    is ``of_changes`` of some kinds was made by putting these into the set before.
    """

    folder: Path
    sha256: str
    files: dict[str, str]
    quick: dict[str, str]
    sizes: dict[str, int]
    about: About
    findings: tuple[Finding, ...] = ()
    origins: Origins | None = None
    drop: Drop | None = None
    set_aside: Mapping[Kind, int] = field(default_factory=dict)
    of_files: bool = False
    of_changes: frozenset[Kind] = frozenset()

    @property
    def has_facts(self) -> bool:
        """Whether anything about students came with the set."""
        return _beside(self.folder, _FACTS).is_dir()

    def told(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Everything there is to say about the input, about the source's own files and lines."""
        found = tuple(findings) if self.origins is None else self.origins.told(findings)
        return (*self.findings, *found)

    def refusal(self, error: InputRefused) -> InputRefused:
        """A refusal of the set that is compared, about the source's own files and lines."""
        return error if self.origins is None else self.origins.refusal(error)


def stage(
    source: Source, folder: Path, base: Base | None = None, now: datetime | None = None
) -> Staged:
    """Fetch what a source has into the empty ``folder`` as a OneRoster set, and hash it.

    ``base`` is the set that came last; changes only are put into it. An API is asked for changes
    only where it is known what time it is ``now``.

    Raises ``SourceUnreachable`` and ``InputRefused`` as ``rollbook.sources.location.fetch`` and
    the dialect's translator do, ``SourceUnreachable`` too where the copy cannot be written, and
    ``NothingArrived`` where what came last was put away and the place is empty.
    """
    drop(folder)
    try:
        if isinstance(source, OneRosterCsv):
            digests, found = _fetched(source, folder, base)
            staged = _of(digests, folder, folder, About(source.type))
            return _whole(source, replace(staged, drop=found), base, now)
        if isinstance(source, FileSource):
            came = _beside(folder, _FETCHED)
            digests, found = _fetched(source, came, base)
            had = base.about.had if base and base.about.type == source.type else ()
            findings, origins, has = _translated(source, came, folder, had)
            about = About(source.type, had=has, complete_at=now.isoformat() if now else None)
            staged = replace(_of(digests, came, folder, about), drop=found)
            shutil.rmtree(came)
        else:
            return _pulled(source, folder, base, now)
        return replace(staged, findings=findings, origins=origins, of_files=True)
    except OSError as error:
        raise SourceUnreachable(
            f"The input could not be copied into {folder.parent}: {error.strerror}.",
            remedy="Make room there, give this user leave to write, and sync again.",
        ) from None


def _fetched(
    source: FileSource, into: Path, base: Base | None
) -> tuple[dict[str, Digests], Drop | None]:
    into.mkdir(parents=True, mode=0o700)
    if not isinstance(source.path, SftpAddress):
        return fetch(source.path, into), None
    # Most districts have their files here, and need nothing that speaks SFTP.
    from rollbook.sources import sftp

    assert source.sftp is not None
    put_away = base is not None and base.about.put_away == source.where
    return sftp.fetch(source.path, source.sftp, into, put_away=put_away)


def put_away(source: Source, staged: Staged, kept: Path) -> tuple[Finding, ...]:
    """Have what was read moved into the server's folder for it, where the district names one.

    It is noted with the set that was ``kept``: from then on an empty place says nothing new. Where
    it cannot be done it is told as a finding: everything else about the input is done.
    """
    if staged.drop is None or not isinstance(source, FileSource) or source.sftp is None:
        return ()
    if source.sftp.processed_folder is None or not isinstance(source.path, SftpAddress):
        return ()
    from rollbook.sources import sftp

    if kept.is_dir():
        write_about(kept, replace(staged.about, put_away=source.where))
    try:
        sftp.move_processed(source.path, source.sftp, staged.drop)
    except SourceUnreachable as error:
        return (
            Finding(
                severity=Severity.WARNING,
                code="not-put-away",
                message=f"The files were read, but could not be put away: {error.message}",
                remedy=error.remedy,
            ),
        )
    return ()


def _of(found: Mapping[str, Digests], came: Path, folder: Path, about: About) -> Staged:
    """What came into one folder, and is compared in another."""
    files = {name: found[name].sha256 for name in sorted(found)}
    quick = {name: found[name].quick for name in files}
    sizes = {name: (came / name).stat().st_size for name in files}
    return Staged(folder, _together(files), files, quick, sizes, about)


def _whole(source: OneRosterCsv, staged: Staged, base: Base | None, now: datetime | None) -> Staged:
    """A set as it came; one of changes only, put into the set that came last."""
    # With it comes the reader, which a source that is as it was does not need.
    from rollbook.sources.oneroster_csv.manifest import has_delta

    if base is not None and base.about.type != source.type:
        base = None
    if not has_delta(staged.folder, source.version):
        as_of = base.about.as_of if base is not None else None
        came_at = now.isoformat() if now else None
        return replace(staged, about=About(source.type, as_of, came_at, complete_at=came_at))
    # Most sets are whole.
    from rollbook.sources.normal_form import origins_of
    from rollbook.sources.oneroster_csv.delta import complete

    came = _beside(staged.folder, _FETCHED)
    os.replace(staged.folder, came)
    completed = complete(came, base, staged.folder, source.version, now)
    shutil.rmtree(came)
    return replace(
        staged,
        about=About(
            source.type, completed.as_of, complete_at=base.about.complete_at if base else None
        ),
        findings=completed.findings,
        set_aside=completed.set_aside,
        origins=origins_of(staged.folder),
        of_changes=completed.of_changes,
    )


def _pulled(source: Source, folder: Path, base: Base | None, now: datetime | None) -> Staged:
    """What an API has: everything, or what has changed, put into what came last."""
    # With it comes the reader, which a source that is files may not need.
    from rollbook.sources.dialects import translate
    from rollbook.sources.normal_form import NormalSet

    if base is not None and now is not None and _may_ask_for_changes(source, base, now):
        changed = _changed(source, folder, base, now)
        if changed is not None:
            return changed
        drop(folder)
    with NormalSet(folder) as normal:
        translate(source, None, normal)
    whole_at = now.isoformat() if now else None
    return _written(normal, About(source.type, normal.as_of, whole_at, source.identity()))


def _changed(source: Source, folder: Path, base: Base, now: datetime) -> Staged | None:
    """What came last with what an API says has changed; ``None`` where everything is needed."""
    from rollbook.sources.dialects import pull_changes
    from rollbook.sources.normal_form import NormalSet, merge

    came = _beside(folder, _FETCHED)
    try:
        with NormalSet(came) as changes:
            told = pull_changes(source, base, changes, now)
        if not told:
            return None
        with NormalSet(folder, changes.findings) as normal:
            if not merge(base, came, changes.touched, normal):
                return None
        whole = _written(normal, replace(base.about, as_of=changes.as_of))
        return replace(whole, of_changes=frozenset(Kind))
    except InputRefused:
        # Everything may be told where its changes are not.
        return None
    finally:
        drop(came)


def _written(normal: NormalSet, about: About) -> Staged:
    """A set that was written here: a pull has no files of its own."""
    from rollbook.sources.normal_form import origins_of

    folder = normal.folder
    digests = {file.name: digests_of(file) for file in folder.iterdir()}
    staged = _of(digests, folder, folder, about)
    return replace(staged, findings=normal.findings.all(), origins=origins_of(folder))


def _may_ask_for_changes(source: Source, base: Base, now: datetime) -> bool:
    """Whether a set has come from this API, and everything was asked for not too long ago."""
    days, about = source.whole_after_days, base.about
    if days is None or (about.type, about.where) != (source.type, source.identity()):
        return False
    if base.turned_down:
        return False
    if about.as_of is None or about.whole_at is None:
        return False
    return now - datetime.fromisoformat(about.whole_at) < timedelta(days=days)


def _translated(
    source: Source, came: Path, folder: Path, had: tuple[str, ...]
) -> tuple[tuple[Finding, ...], Origins, tuple[str, ...]]:
    """Write the set of a source of another dialect from its files.

    ``had`` are the parts that it may lack and had last time; those that it has now come back.
    """
    # With them comes the reader, which a source that is as it was does not need.
    from rollbook.sources.dialects import translate
    from rollbook.sources.normal_form import NormalSet, origins_of

    with NormalSet(folder, had_last=frozenset(had)) as normal:
        translate(source, came, normal)
    return normal.findings.all(), origins_of(folder), tuple(sorted(normal.has))


def is_the_same(path: Location, sizes: Mapping[str, int], quick: Mapping[str, str]) -> bool:
    """Whether a folder holds what was staged before, by the sizes and quick digests of the files.

    Nothing is copied, and nothing is read but where every file has the size that it had. False for
    whatever is no folder, cannot be read, or changes meanwhile.
    """
    try:
        if isinstance(path, SftpAddress) or not path.is_dir():
            return False
        before = csv_files(path)
        if {name: size for name, (size, _) in before.items()} != sizes:
            return False
        if any(quick_digest(path / name) != quick.get(name) for name in before):
            return False
        return csv_files(path) == before
    except OSError:
        return False


def _together(files: Mapping[str, str]) -> str:
    whole = hashlib.sha256()
    for name, digest in files.items():
        whole.update(f"{name}\0{digest}\n".encode())
    return whole.hexdigest()


def drop(staged: Path) -> None:
    """Remove what was staged, and what lies beside it."""
    for folder in (staged, *(_beside(staged, name) for name in _BESIDE)):
        shutil.rmtree(folder, ignore_errors=True)


def _beside(folder: Path, name: str) -> Path:
    return folder.with_name(f"{folder.name}-{name}")


def staging_folder(folder: Path, run: str) -> Path:
    """Where a run stages its input; what runs that were killed left behind is removed."""
    clear_staging(folder)
    return folder / f"{_STAGING}{run}"


@contextmanager
def pieces_folder(staged: Staged) -> Iterator[Path]:
    """A folder beside a staged input for what does not fit into memory; it goes when it is left."""
    folder = _beside(staged.folder, "pieces")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear_staging(folder: Path) -> None:
    """Remove what killed runs left in the snapshots folder of a district."""
    for left in folder.glob(f"{_STAGING}*"):
        drop(left)


def districts_with_staging(snapshots: Path) -> list[str]:
    """The districts in whose folders something is staged just now, or was left by a killed run."""
    return sorted({left.parent.name for left in snapshots.glob(f"*/{_STAGING}*")})


def keep(staged: Staged, place: Path, read: Mapping[str, bool], applied: str | None = None) -> None:
    """Move the files of a staged input that were ``read``, and the manifest, to their kept place.

    ``read`` says of each file whether it may hold passwords: these are taken out. The oldest
    snapshots are removed, but not the one that was ``applied`` last. Raises ``RollbookError`` where
    the disk refuses.
    """
    # With it comes the reader, which an input that was not new does not need.
    from rollbook.snapshots.passwords import blank_passwords

    try:
        for file in staged.folder.iterdir():
            if file.name in read or file.name.lower() == _MANIFEST:
                if read.get(file.name, True):
                    blank_passwords(file)
            else:
                file.unlink()
        write_about(staged.folder, staged.about)
        if staged.of_files and staged.origins is not None:
            os.replace(staged.origins.folder, staged.folder / KEPT_ORIGINS)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.rmtree(place, ignore_errors=True)
        os.replace(staged.folder, place)
        drop(staged.folder)
        _keep_newest(place.parent, applied)
    except OSError as error:
        raise RollbookError(
            f"The input was compared, but could not be kept in {place.parent}: "
            f"{error.strerror}; nothing was applied.",
            remedy="Make room there, give this user leave to write, and sync again.",
        ) from None


def _keep_newest(snapshots: Path, applied: str | None) -> None:
    kept = sorted(
        (folder for folder in snapshots.iterdir() if folder.name[1:].isdigit()),
        key=lambda folder: int(folder.name[1:]),
    )
    for folder in kept[:-KEEP]:
        if folder.name == applied:
            continue
        shutil.rmtree(folder, ignore_errors=True)
