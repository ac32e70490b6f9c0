"""The folder that holds everything rollbook keeps, and the district files in it."""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import tomli_w
from pydantic import ValidationError

from rollbook.config.district import ID_PATTERN, District
from rollbook.config.problems import problems
from rollbook.errors import ConfigInvalid, NotFound
from rollbook.owner_only import owner_only


@dataclass(frozen=True, slots=True)
class Home:
    """The layout of the home folder."""

    root: Path

    @property
    def store(self) -> Path:
        """The SQLite file of the store."""
        return self.root / "store.db"

    @property
    def store_file(self) -> Path:
        """The file that names another store."""
        return self.root / "store.toml"

    @property
    def districts(self) -> Path:
        """The folder of the district files."""
        return self.root / "districts"

    @property
    def snapshots(self) -> Path:
        """The folder of the staged and kept snapshots."""
        return self.root / "snapshots"

    @property
    def exports(self) -> Path:
        """Where exports go when no other place is named."""
        return self.root / "exports"

    @property
    def logs(self) -> Path:
        """The folder of the log files."""
        return self.root / "logs"

    @property
    def templates(self) -> Path:
        """Where an operator's own templates of notices are."""
        return self.root / "templates"

    @property
    def locks(self) -> Path:
        """The folder of the lock files, one a district."""
        return self.root / "locks"

    def create(self) -> None:
        """Make the folders, readable by their owner alone: they hold pupils' data."""
        folders = (self.districts, self.snapshots, self.exports, self.logs, self.locks)
        for folder in (self.root, *folders):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def district_file(self, district_id: str) -> Path:
        """The file of a district."""
        return self.districts / f"{district_id}.toml"


def default_home() -> Path:
    """``ROLLBOOK_HOME``, else the platform's data folder."""
    if named := os.environ.get("ROLLBOOK_HOME"):
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("rollbook", appauthor=False)


def expanded(path: Path) -> Path:
    """The path with its ``~`` or ``~name`` put in. Raises ``ConfigInvalid`` for an unknown name."""
    try:
        return path.expanduser()
    except RuntimeError:
        raise ConfigInvalid(
            f"{path}: nobody of that name has a home here.", remedy="Write the path out."
        ) from None


def load_district(path: Path) -> District:
    """The district in a file. Raises ``ConfigInvalid`` with file, key and reason."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotFound(f"no district file {path}.") from None
    except OSError as error:
        raise ConfigInvalid(
            f"{path}: cannot be read: {error.strerror}.", remedy="Give this user leave to read it."
        ) from None
    except (ValueError, RecursionError) as error:
        raise ConfigInvalid(f"{path}: not TOML: {error}.", remedy="Mend the file.") from None
    document.setdefault("id", path.stem)
    try:
        district = District.model_validate(document)
    except ValidationError as error:
        raise ConfigInvalid(f"{path}: {problems(error)}.", remedy="Mend the file.") from None
    if district.id != path.stem:
        raise ConfigInvalid(
            f"{path}: id is {district.id!r}, but the file is called {path.name}.",
            remedy="Make the two agree.",
        )
    return district


def load_districts(home: Home) -> tuple[list[District], list[ConfigInvalid]]:
    """Every district by id, and what is wrong with the files that could not be read."""
    districts: list[District] = []
    errors: list[ConfigInvalid] = []
    for path in sorted(home.districts.glob("*.toml")):
        try:
            districts.append(load_district(path))
        except ConfigInvalid as error:
            errors.append(error)
    return districts, errors


def find_district(home: Home, district_id: str) -> District:
    """The district of that id. Raises ``NotFound`` with the ids that there are."""
    path = home.district_file(district_id)
    if not ID_PATTERN.fullmatch(district_id) or not path.is_file():
        known = ", ".join(p.stem for p in sorted(home.districts.glob("*.toml"))) or "none yet"
        raise NotFound(f"no district {district_id!r}.", remedy=f"Districts here: {known}.")
    return load_district(path)


def timezone_of(home: Home, district_id: str) -> str:
    """A district's time zone, UTC for one whose file is gone or cannot be read."""
    try:
        return find_district(home, district_id).timezone
    except (NotFound, ConfigInvalid):
        return "UTC"


def save_district(home: Home, district: District) -> Path:
    """Write a district's file; values that are the default are left out.

    Raises ``ConfigInvalid`` where it cannot be written.
    """
    begin_district(home, district)
    return finish_district(home, district.id)


def begin_district(home: Home, district: District) -> str:
    """Write a district's file beside its place; the SHA-256 of what is in it."""
    text = tomli_w.dumps(district.model_dump(mode="json", exclude_defaults=True)).encode()
    begun = _begun_file(home, district.id)
    with _told(begun), owner_only(begun) as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    return hashlib.sha256(text).hexdigest()


def finish_district(home: Home, district_id: str) -> Path:
    """Put the file that was begun in its place."""
    path = home.district_file(district_id)
    with _told(path):
        os.replace(_begun_file(home, district_id), path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return path


def begun_districts(home: Home) -> list[str]:
    """The districts whose file was begun and not put in its place."""
    return sorted(path.stem for path in home.districts.glob(f"*{_BEGUN}"))


def begun_content(home: Home, district_id: str) -> str | None:
    """The SHA-256 of a file that was begun, if there is one."""
    begun = _begun_file(home, district_id)
    with _told(begun):
        return hashlib.sha256(begun.read_bytes()).hexdigest() if begun.exists() else None


def drop_begun(home: Home, district_id: str) -> None:
    """Take away a file that was begun."""
    with _told(_begun_file(home, district_id)):
        _begun_file(home, district_id).unlink(missing_ok=True)


_BEGUN = ".begun"


def _begun_file(home: Home, district_id: str) -> Path:
    return home.districts / f"{district_id}{_BEGUN}"


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ConfigInvalid(
            f"{path}: {error.strerror}.",
            remedy="Make room there, and give this user leave to read and write.",
        ) from None
