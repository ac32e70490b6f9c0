"""A store on PostgreSQL: its connections, and what PostgreSQL's refusals mean.

The URL never holds a password: libpq takes that from ``~/.pgpass``, from ``PGPASSWORD`` or from
the file that ``?passfile=`` names.
"""

from __future__ import annotations

from sqlalchemy import URL, Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from rollbook.directory.audit import canonical
from rollbook.errors import Busy, ConfigInvalid, NotPermitted, RollbookError, Stale

NAMES = ("postgresql", "postgres", "postgresql+psycopg")
"""How the URL of a store on PostgreSQL may begin."""

_WRITERS = 0x726F6C6C626F6F6B
_WAIT = "60s"
_CONNECT_SECONDS = 10
_NO_PASSWORD = (
    "Leave it out, and put it into ~/.pgpass, PGPASSWORD or a file named by ?passfile=FILE."
)
_CREATE = "createdb --template=template0 --locale=C --encoding=UTF8"

READS = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""Execution options of a transaction that sees one state and writes nothing."""


def postgresql_engine(url: URL) -> Engine:
    """An engine on a database; connects to nothing yet.

    Raises ``ConfigInvalid`` for a URL with a password in it, one without a database, and where
    psycopg is not installed.
    """
    if url.password or "password" in url.query:
        raise ConfigInvalid("the store's URL has a password in it.", remedy=_NO_PASSWORD)
    if not url.database:
        raise ConfigInvalid(
            "the store's URL names no database.", remedy="Write postgresql://ROLE@HOST/DATABASE."
        )
    try:
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            hide_parameters=True,
            json_serializer=canonical,
            pool_pre_ping=True,
            execution_options={"preserve_rowcount": True},
            connect_args={
                "connect_timeout": _CONNECT_SECONDS,
                "application_name": "rollbook",
                **url.query,
            },
        )
    except ImportError:
        raise ConfigInvalid(
            "a store on PostgreSQL needs psycopg.", remedy="pip install 'rollbook[postgres]'"
        ) from None


def queue_writers(connection: Connection) -> None:
    """Wait until no other transaction writes, and let none begin before this one ends.

    Every statement after it sees what those before have committed: it has to be the first one of a
    ``READ COMMITTED`` transaction. Gives up after a minute.
    """
    connection.execute(
        text("SELECT set_config('lock_timeout', :wait, true), pg_advisory_xact_lock(:key)"),
        {"wait": _WAIT, "key": _WRITERS},
    )


def refuse_other_order(connection: Connection) -> None:
    """Refuse a new database that does not compare text as it stands, in UTF-8.

    With a language's own order, lists would be in another order than everywhere else in rollbook.
    Raises ``ConfigInvalid``.
    """
    plain = text("SELECT 'a' > 'B' AND 'é' > 'z' AND getdatabaseencoding() = 'UTF8'")
    if not connection.execute(plain).scalar_one():
        database = connection.engine.url.database
        raise ConfigInvalid(
            f"the database {database} sorts by a language, or is not in UTF-8.",
            remedy=f"Make it with `{_CREATE} {database}`.",
        )


def postgresql_refusal(error: DBAPIError, url: URL) -> RollbookError | None:
    """What an error of PostgreSQL means to an operator; ``None`` for one that is a fault's."""
    state = getattr(error.orig, "sqlstate", None)
    who = url.username or "this login"
    match state:
        case "42501":
            return NotPermitted(
                f"the database does not allow that to {who}; nothing was changed.",
                remedy="`docs/postgresql.md` has the roles and what each may do.",
            )
        case "25006":
            return NotPermitted(
                "the database takes no writes just now; nothing was changed.",
                remedy="Is this the standby?",
            )
        case "55P03":
            return Busy(
                f"somebody else has been writing to the store for {_WAIT}.",
                remedy="Try again in a minute.",
            )
        case "40001" | "40P01":
            return Stale(
                "somebody else wrote the same at the same moment; nothing was changed.",
                remedy="Look again, and repeat it if it still has to be.",
            )
        case "57014" | "25P03" | "25P04":
            return RollbookError(
                f"the server gives {who} less time than this takes; nothing was changed.",
                remedy=f"{_ADMINISTRATOR}: statement_timeout, transaction_timeout and "
                "idle_in_transaction_session_timeout have to be longer, or 0.",
            )
        case "53100":
            return RollbookError(
                "the disk of the database is full; nothing was changed.", remedy="Make room there."
            )
    if state is None or state[:2] in ("08", "28", "3D", "53", "57"):
        return _no_connection(str(error.orig), url, who)
    return None


def _no_connection(said: str, url: URL, who: str) -> RollbookError | None:
    """The reasons for which there is no connection, by what libpq and the server say."""
    reasons = {
        "no password supplied": ("a password is wanted for {who}", _PASSWORD),
        "password authentication failed": ("the password of {who} is wrong", _PASSWORD),
        "pg_hba.conf": ("the server lets {who} not in from here", _ADMINISTRATOR),
        "authentication failed": ("the server does not believe that this is {who}", _ADMINISTRATOR),
        'role "': ("the server knows no role {who}", _ADMINISTRATOR),
        "permission denied for database": ("{who} may not connect to {database}", _ADMINISTRATOR),
        'database "': ("there is no database {database}", f"Make it with `{_CREATE} {{database}}`"),
    }
    where = {"who": who, "database": url.database or ""}
    for sign, (message, remedy) in reasons.items():
        if sign in said:
            return ConfigInvalid(f"{message.format(**where)}.", remedy=f"{remedy.format(**where)}.")
    return RollbookError(
        f"no connection to the database {url.database} at {_host(url)}.",
        remedy="Is the server up, and can it be reached from here?",
    )


_PASSWORD = "Put it into ~/.pgpass, PGPASSWORD or a file named by ?passfile=FILE"
_ADMINISTRATOR = "Ask whoever looks after the server"


def _host(url: URL) -> str:
    host = url.host or url.query.get("host") or "the local socket"
    return f"{host}:{url.port}" if url.port else str(host)
