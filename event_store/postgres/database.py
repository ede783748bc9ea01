"""A schema of one PostgreSQL database as a store: how it is reached, checked and written.

What it takes to lose nothing that was acknowledged is set on each connection, whatever the server's own defaults are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar
from urllib.parse import quote

import psycopg
from eventsourcing.postgres import PostgresDatastore
from psycopg import Cursor, errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import Diagnostic
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow, dict_row, tuple_row

from event_store.faults import CannotOpen, Corrupt, Damaged, Lost, ReadOnly, StoreFault, Unavailable
from event_store.postgres.anchor import Anchor
from event_store.postgres.arrays import register
from event_store.postgres.connection import PatientConnection
from event_store.postgres.pool import Pool

T = TypeVar("T")

SCHEMA = "chronology"
"""Of all our tables, so that the database can be shared with other programs."""
VERSION = 1
"""Of the tables. A store with a higher one was written by a newer program."""
OLDEST_SERVER = 140000

CONNECTIONS = 24  # at most, of one process
APPEND_PATIENCE = 20.0  # seconds for an answer; the commit may have to wait for a standby
TIMEOUTS = {"lock_timeout": 10.0, "statement_timeout": 300.0, "idle_in_transaction_session_timeout": 60.0}  # seconds

_REACHING: dict[str, str | int] = {
    "application_name": "chronology",
    "connect_timeout": 5,  # seconds, for each host
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds
}
"""What an address does not say itself. A server that is cut off is noticed within half a minute."""

_REFUSED = (errors.ReadOnlySqlTransaction, errors.FeatureNotSupported)
"""How a standby answers a statement that writes, and BEGIN … READ WRITE."""
_CREATING = 0x4348524E  # "CHRN": the advisory lock of whoever makes the tables
APPENDING = _CREATING + 1
# What is looked up under the lock is found by an index. The planner would go by what it last knew of the tables, and
# they may have been empty then.
BY_INDEX = """
SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
       set_config('enable_mergejoin', 'off', true)
"""
"""For the rest of the transaction."""
_LOCK = f"""
{BY_INDEX}, set_config('idle_in_transaction_session_timeout', '10s', true), pg_advisory_xact_lock({APPENDING})
"""
_MARK = "CREATE TABLE chronology_store (version integer NOT NULL)"
_CREATE_TO_WIPE = "CREATE TABLE to_wipe (since timestamptz NOT NULL DEFAULT now())"
MARK_TO_WIPE = "INSERT INTO to_wipe DEFAULT VALUES"
"""In the transaction that erases: whoever opens the store next does what `wipe` could not."""
_WORDED = ("stored_events", "chronology_words")
"""The tables that hold anybody's words."""
_THERE = "SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NOT NULL"


class PostgresDatabase:
    """A store's schema. `address` is libpq's, in any of its forms; what it leaves open, libpq takes from PG… settings.

    Raises CannotOpen for a database that can't be reached or used, holds no chronology, or a newer one. `create` makes
    the schema and its tables, with those of `tables`, where there are none.
    """

    dialect = "postgres"
    IntegrityError = psycopg.IntegrityError
    """What `writing` lets through: a refusal, not a failure."""

    def __init__(self, address: str, tables: Callable[[Cursor[TupleRow]], None], *, create: bool) -> None:
        self.name = name_of(address)
        said = conninfo_to_dict(address)
        self._conninfo = make_conninfo(address, **{name: _REACHING[name] for name in _REACHING.keys() - said.keys()})
        self.anchor = Anchor(self.name)
        self._pool = Pool(self.connect, CONNECTIONS)
        self.datastore = _Datastore(self._pool)
        try:
            self._open(tables, create)
        except (Unavailable, Corrupt) as fault:
            self.close()
            raise CannotOpen(str(fault)) from fault
        except (CannotOpen, Damaged):
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[Cursor[TupleRow]]:
        """A transaction that sees one state of the store. Raises Unavailable where the store does not answer."""
        with self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", "does not answer") as cursor:
            yield cursor

    @contextmanager
    def writing(self) -> Iterator[Cursor[TupleRow]]:
        """A transaction that writes; committed, and durable, at its end. Others may write at the same time.

        An exception rolls it back. Raises ReadOnly on a standby, Unavailable where the store does not answer.
        """
        if (
            not self.writes()
        ):  # asked first: a standby would note each refusal as an error, and tables try again and again
            raise self._read_only()
        with self._transaction("BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE", "can't be written") as cursor:
            yield cursor

    @contextmanager
    def deriving(self) -> Iterator[Cursor[TupleRow]]:
        """As `writing`, for what can be made again: its commit does not wait for the disk.

        What the disk has not yet when the machine stops is lost: whole transactions, the last ones, and of these alone.
        """
        with self.writing() as cursor:
            cursor.execute("SELECT set_config('synchronous_commit', 'off', true)")
            yield cursor

    @contextmanager
    def erasing(self) -> Iterator[Cursor[TupleRow]]:
        """As `writing`; what it replaced or deleted is then out of the tables, and not only out of sight."""
        with self.writing() as cursor:
            cursor.execute(MARK_TO_WIPE)
            yield cursor
        self.wipe()

    def wipe(self) -> None:
        """Vacuum the tables that words were erased from; where that fails, the mark for it stays.

        The server's statistics are of values that it found there, whole texts among them: they are taken anew. A row
        that some reader's older state still has stays until the server's own vacuuming comes by.
        """
        with suppress(Unavailable), self.connection("can't be written") as connection, _cursor(connection) as cursor:
            cursor.execute("SELECT max(since) FROM to_wipe")
            since = _one(cursor)
            if since is None:
                return
            cursor.execute(_THERE, (list(_WORDED),))
            for (name,) in cursor.fetchall():
                cursor.execute(f"VACUUM (ANALYZE) {name}")
            cursor.execute("VACUUM pg_catalog.pg_statistic")  # a warning, and no more, to who does not own the database
            cursor.execute("DELETE FROM to_wipe WHERE since <= %s", (since,))

    @contextmanager
    def looking(self) -> Iterator[Cursor[TupleRow]]:
        """For statements that only look; each sees one state of the store, which need not be the same."""
        with self.connection("does not answer") as connection, _cursor(connection) as cursor:
            yield cursor

    def writes(self) -> bool:
        """Whether it takes writes, as a primary does and a standby does not."""
        with self.looking() as cursor:
            return bool(_one(cursor.execute("SELECT NOT pg_is_in_recovery()")))

    @contextmanager
    def appending(self, ask: Callable[[PatientConnection], T]) -> Iterator[tuple[PatientConnection, T]]:
        """The one transaction that appends, of this process and any other; committed, and durable, at its end.

        It takes two round trips: first the lock is taken and what is asked is looked up under it, then the statements
        of the block are sent with the commit. So an error of theirs is raised by the end of the block. An exception
        rolls it back. Raises Lost where the connection was: then it may be committed, or not.
        """
        with self.connection("can't be written") as connection, _heeding_warnings(connection) as warnings:
            with connection.waiting(APPEND_PATIENCE), _undone_on_error(connection), connection.pipeline() as pipeline:
                connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE")
                connection.execute(_LOCK)
                asked = ask(connection)
                pipeline.sync()  # only behind this does the server count how long it is left with the lock
                yield connection, asked
                done = connection.execute("COMMIT", prepare=False)  # so that it can be seen on the wire
            if warnings or done.statusmessage != "COMMIT":
                raise Unavailable(f"{self.name} can't be written: {_line(*warnings, done.statusmessage or '')}")

    @contextmanager
    def connection(self, what: str) -> Iterator[PatientConnection]:
        """A connection in autocommit. A fault says that the store `what`."""
        connection = None
        try:
            with self._pool.connection() as connection:
                yield connection
        except psycopg.IntegrityError:
            raise
        except psycopg.Error as error:
            lost = isinstance(error, psycopg.OperationalError) and (connection is None or connection.closed)
            if isinstance(error, _REFUSED) and connection is not None and _is_standby(connection):
                raise self._read_only() from error
            raise self._fault(error, what, Lost if lost else Unavailable) from error

    def connect(self) -> PatientConnection:
        """A connection of one's own, beside the pool, to the log that is known. Raises psycopg.Error, Forked."""
        connection = PatientConnection.connect(self._conninfo, autocommit=True, row_factory=dict_row)
        try:
            register(connection)
            _settle(connection)
            self.anchor.check(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        self._pool.close()

    @contextmanager
    def _transaction(self, begin: str, what: str) -> Iterator[Cursor[TupleRow]]:
        with self.connection(what) as connection, _undone_on_error(connection), _cursor(connection) as cursor:
            connection.execute(begin)
            yield cursor
            connection.execute("COMMIT")

    def _fault(self, error: psycopg.Error, what: str, otherwise: type[Unavailable]) -> StoreFault:
        if isinstance(error, errors.DataCorrupted | errors.IndexCorrupted):
            return Corrupt(f"{self.name} is damaged: {_line(error)}")
        if isinstance(error, errors.LockNotAvailable):
            return Unavailable(f"{self.name} is being written by another process")
        return otherwise(f"{self.name} {what}: {_line(error)}")

    def _read_only(self) -> ReadOnly:
        return ReadOnly(f"{self.name} only reads: it is a standby, and what is to be written goes to its primary")

    def _open(self, tables: Callable[[Cursor[TupleRow]], None], create: bool) -> None:
        with self.reading() as cursor:
            self._check_server(cursor)
            found = self._check_contents(cursor)
        if found == VERSION:
            return  # who only reads needs no more, and may be on a standby
        if not create:
            raise CannotOpen(f"there is no chronology in {self.name}")
        with self.writing() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_CREATING,))
            if self._check_contents(cursor) < VERSION:  # another process may have been quicker
                cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (SCHEMA,))
                if cursor.fetchone() is None:
                    cursor.execute(f"CREATE SCHEMA {SCHEMA}")
                cursor.execute(_MARK)
                cursor.execute(_CREATE_TO_WIPE)
                cursor.execute("INSERT INTO chronology_store (version) VALUES (%s)", (VERSION,))
                tables(cursor)

    def _check_server(self, cursor: Cursor[TupleRow]) -> None:
        if cursor.connection.info.server_version < OLDEST_SERVER:
            raise CannotOpen(f"{self.name} is of PostgreSQL {_shown(cursor)}, and 14 or newer is needed")
        cursor.execute("SHOW server_encoding")
        if _one(cursor) != "UTF8":
            raise CannotOpen(f"{self.name} does not keep its texts as UTF-8: make it with ENCODING 'UTF8'")

    def _check_contents(self, cursor: Cursor[TupleRow]) -> int:
        """The version of its tables; 0 for none. Raises CannotOpen for a schema that is not ours, or is newer."""
        cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(%s)", (SCHEMA,))
        there = {name for (name,) in cursor.fetchall()}
        if not there:
            return 0
        if "chronology_store" not in there:
            raise CannotOpen(f"{self.name} has a schema {SCHEMA} that is no chronology")
        cursor.execute("SELECT version FROM chronology_store")
        version: int = _one(cursor)
        if version > VERSION:
            raise CannotOpen(
                f"{self.name} was written by a newer chronology (version {version} of its tables; this one knows "
                f"{VERSION})"
            )
        return version


class _Datastore(PostgresDatastore):
    """The library's own, on our connections."""

    def __init__(self, pool: Pool) -> None:
        super().__init__("", "", "", "", "", schema=SCHEMA, originator_id_type="text")  # opens nothing
        self.pool: Any = pool

    def register_type_adapters(self) -> None:
        """None is needed: we insert by ourselves."""


def name_of(address: str) -> str:
    """The address without its password, for people. Raises ValueError, without it too, for one that is none."""
    try:
        parts = {name: str(value) for name, value in conninfo_to_dict(address).items()}
    except psycopg.ProgrammingError as error:
        raise ValueError(
            str(error).split('"')[0].rstrip(" :\n") + " …"
        ) from None  # what it quotes may be of the password
    host, port, database = (parts.get(name, "") for name in ("host", "port", "dbname"))
    if "@" in host + database or not all(each.isdigit() or not each for each in port.split(",")):
        raise ValueError("a password's signs like @ : / ? # are written %40 %3A %2F %3F %23, and a port is a number")
    hosts, ports = quote(host, safe=",:[]").split(","), port.split(",")
    if len(ports) == 1:
        ports *= len(hosts)
    servers = ",".join(f"{host}:{port}".rstrip(":") for host, port in zip(hosts, ports, strict=False))
    return f"postgresql://{servers}/{database}"


def _settle(connection: PatientConnection) -> None:
    """In one round trip. `off` and `local` would acknowledge what a crash, or a standby taking over, still loses."""
    connection.execute(
        "SELECT set_config('search_path', %s, false), set_config('timezone', 'UTC', false), "
        "set_config('synchronous_commit', CASE WHEN current_setting('synchronous_commit') IN ('off', 'local') "
        "THEN 'on' ELSE current_setting('synchronous_commit') END, false)"
        + "".join(f", set_config('{name}', '{seconds * 1000:.0f}', false)" for name, seconds in TIMEOUTS.items()),
        (f"{SCHEMA}, pg_temp",),
    )


def _is_standby(connection: PatientConnection) -> bool:
    """As the server tells of itself without being asked."""
    return connection.info.parameter_status("in_hot_standby") == "on"


def _cursor(connection: PatientConnection) -> Cursor[TupleRow]:
    return connection.cursor(row_factory=tuple_row)


@contextmanager
def _undone_on_error(connection: PatientConnection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        if connection.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
            connection.execute("ROLLBACK")
        raise


@contextmanager
def _heeding_warnings(connection: PatientConnection) -> Iterator[list[str]]:
    """What the server warns of meanwhile.

    A commit whose wait for a standby is cut short is no error to it, only a warning: it stands here, and may be
    lost with this server.
    """
    found: list[str] = []

    def heed(notice: Diagnostic) -> None:
        if notice.severity_nonlocalized == "WARNING":
            found.append(notice.message_primary or "")

    connection.add_notice_handler(heed)
    try:
        yield found
    finally:
        connection.remove_notice_handler(heed)


def _line(*told: object) -> str:
    """In one line: libpq tells each host that it tried on a line of its own."""
    return " ".join(" ".join(map(str, told)).split())


def _one(cursor: Cursor[TupleRow]) -> Any:
    row = cursor.fetchone()
    return None if row is None else row[0]


def _shown(cursor: Cursor[TupleRow]) -> int:
    return cursor.connection.info.server_version // 10000
