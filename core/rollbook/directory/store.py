"""Opening the store: connections, transactions and the version of the schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, DBAPIError

from rollbook.directory.postgresql import (
    NAMES,
    READS,
    postgresql_engine,
    postgresql_refusal,
    queue_writers,
    refuse_other_order,
)
from rollbook.directory.sqlite import (
    WRITE_ONCE,
    WRITES,
    sqlite_engine,
    sqlite_refusal,
    sqlite_url,
)
from rollbook.errors import ConfigInvalid, RollbookError

__all__ = ["HEAD", "Store", "open_store", "schema_version", "sqlite_url"]

HEAD = "0013"
"""The newest migration; a test holds it against the migrations folder."""

_VERSION = text("SELECT version_num FROM alembic_version")


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What became of the store of an older rollbook.

    ``copy`` is what it was: a file, or on PostgreSQL a schema.
    """

    before: str
    after: str
    copy: Path | str | None


@dataclass(frozen=True, slots=True)
class Store:
    """An open store. Safe to use from several threads: each transaction has its own connection."""

    engine: Engine
    url: str
    upgraded: Upgrade | None = None
    """What opening it did to its tables."""

    @property
    def is_shared(self) -> bool:
        """Whether other machines may use the store too: it is on PostgreSQL."""
        return self.engine.dialect.name == "postgresql"

    @property
    def place(self) -> Path | str:
        """The file of a store on SQLite, the URL of one on PostgreSQL; that has no password."""
        return self.url if self.is_shared else Path(self.engine.url.database or "")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the store throughout and writes nothing."""
        options = READS if self.is_shared else {}
        with (
            self.told(),
            self.engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that commits as a whole at the end of the block, or not at all.

        Writers queue: nobody else writes between its beginning and its end. Raises
        ``ConfigInvalid`` where the store was upgraded since it was opened.
        """
        with self.write_as_it_is() as connection:
            refuse_upgraded(connection)
            yield connection

    @contextmanager
    def write_as_it_is(self) -> Iterator[Connection]:
        """As ``write``, whatever version the tables are of."""
        with (
            self.told(),
            self.engine.connect().execution_options(**{WRITES: True}) as connection,
            connection.begin(),
        ):
            if self.is_shared:
                queue_writers(connection)
            yield connection

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """A connection that nothing else uses, without a transaction; closed at the end."""
        with (
            self.told(),
            self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            connection.detach()
            yield connection

    @contextmanager
    def told(self) -> Iterator[None]:
        """Raise what the database refuses as the ``RollbookError`` that says what it means."""
        try:
            yield
        except DBAPIError as error:
            told = self._refusal(error)
            if told is None:
                raise
            raise told from None

    def _refusal(self, error: DBAPIError) -> RollbookError | None:
        if self.is_shared:
            return postgresql_refusal(error, self.engine.url)
        return sqlite_refusal(error)

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def open_store(url: str, *, read_only: bool = False) -> Store:
    """Open the store at a SQLAlchemy URL, making or upgrading its tables where needed.

    With ``read_only`` nothing is made or upgraded. Raises ``ConfigInvalid`` for a URL that does not
    parse, a store of a newer rollbook, or one that would have to be made or upgraded first, and
    ``RollbookError`` when it cannot be opened.
    """
    store = Store(_engine(url, read_only=read_only), url)
    try:
        return replace(store, upgraded=_bring_up_to_date(store, read_only=read_only))
    except DatabaseError as error:
        store.close()
        raise RollbookError(
            f"the store cannot be used: {error.orig}.",
            remedy="Is it a store of rollbook's, readable and writable, and on no network share?",
        ) from None
    except BaseException:
        store.close()
        raise


def _engine(url: str, *, read_only: bool) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.drivername in NAMES:
            return postgresql_engine(parsed)
        if parsed.get_backend_name() != "sqlite":
            raise ConfigInvalid(
                f"a store cannot be on {parsed.get_backend_name()}.",
                remedy="It is on SQLite (sqlite:///FILE) or on PostgreSQL (postgresql://…).",
            )
        return sqlite_engine(parsed, read_only=read_only)
    except RollbookError:
        raise
    except (ValueError, ImportError, OSError) as error:
        raise ConfigInvalid(f"cannot open the store: {error}.") from None
    except Exception as error:
        raise ConfigInvalid(f"not a store URL: {type(error).__name__}.") from None


def schema_version(connection: Connection) -> str | None:
    """The migration that the store is at; ``None`` for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(_VERSION).scalar_one_or_none()
    return found


def refuse_upgraded(connection: Connection) -> None:
    """Raise ``ConfigInvalid`` where another rollbook has upgraded the store since it was opened.

    This one does not know what the newer tables want of it.
    """
    version = connection.execute(_VERSION).scalar_one_or_none()
    if version != HEAD:
        raise ConfigInvalid(
            f"the store is at version {version} by now, this rollbook knows {HEAD}; nothing was "
            "changed.",
            remedy="Start rollbook again, the newer one that upgraded it.",
        )


def refuse_newer(version: str | None) -> None:
    """Raise ``ConfigInvalid`` for the version of a newer rollbook."""
    if version is not None and version > HEAD:
        raise ConfigInvalid(
            f"the store is at version {version}, this rollbook knows {HEAD}.",
            remedy="Use the newer rollbook that wrote it.",
        )


def _bring_up_to_date(store: Store, *, read_only: bool) -> Upgrade | None:
    with store.read() as connection:
        version = schema_version(connection)
        if version is None and store.is_shared:
            refuse_other_order(connection)
    if version == HEAD:
        return None
    refuse_newer(version)
    if read_only:
        raise ConfigInvalid(f"the store is at version {version}, not {HEAD}.", remedy=WRITE_ONCE)
    from rollbook.directory.migrate import upgrade

    return upgrade(store)
