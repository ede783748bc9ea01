"""The engines that keep a log, as the tests need them: opened, reached past, locked by somebody else."""

from __future__ import annotations

import fcntl
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
import pytest
from eventsourcing.persistence import ApplicationRecorder
from postgres import PostgresServer
from psycopg.rows import TupleRow
from running import address

from event_store.entry import Entry
from event_store.log import Log
from event_store.postgres import database as postgres_database
from event_store.postgres.database import SCHEMA, PostgresDatabase
from event_store.postgres.log import PostgresLog
from event_store.postgres.recorder import ChronologyRecorder as PostgresRecorder
from event_store.sqlite import database as sqlite_database
from event_store.sqlite.log import SQLiteLog
from event_store.sqlite.recorder import COLUMNS
from event_store.sqlite.recorder import ChronologyRecorder as SQLiteRecorder
from projections.chronology.keeping import Database
from service.clock import Clock, system_clock

SHORT = 0.2  # seconds
NODES = "SELECT level, number, hash FROM tree"
Nodes = dict[tuple[int, int], bytes]


class Engine(Protocol):
    """Opens logs on one store, and reaches past them. All that it opened it closes."""

    url: str

    def open(self, clock: Clock = system_clock) -> Log: ...

    def tamper(self, statement: str, *values: object) -> None:
        """Run a statement of SQLite's past the program, in whatever form it takes here."""

    def takes(self, column: str, value: object) -> bool:
        """Whether a column of the events takes such a value at all."""

    def nodes(self) -> Nodes:
        """The nodes of the tree, by level and number."""

    def overwrite(self, rows: Sequence[Entry], nodes: Nodes) -> None:
        """Have these rows and nodes and no others, and no trace of what was there before."""

    def mislead(self, stream: str) -> None:
        """Have the index of the streams no longer lead to the first event of one, whose row stays as it is."""

    def locked(self) -> AbstractContextManager[None]:
        """Somebody else is appending for the whole of the block."""

    def shorten_lock_timeout(self, monkeypatch: pytest.MonkeyPatch) -> None: ...

    def close(self) -> None: ...


class _Opening:
    """Keeps what was opened, to close it."""

    def __init__(self, open: Callable[[Clock], Log]) -> None:
        self._open = open
        self._opened: list[Log] = []

    def open(self, clock: Clock = system_clock) -> Log:
        self._opened.append(self._open(clock))
        return self._opened[-1]

    def close(self) -> None:
        for log in self._opened:
            log.close()


class SQLiteEngine(_Opening):
    """A file."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "chronology.db"
        self.url = address(self.path)
        super().__init__(lambda clock: SQLiteLog(self.path, clock))

    def tamper(self, statement: str, *values: object) -> None:
        with closing(sqlite3.connect(self.path)) as connection, connection:
            connection.execute(statement, values)

    def takes(self, column: str, value: object) -> bool:
        return True

    def nodes(self) -> Nodes:
        with closing(sqlite3.connect(self.path)) as connection:
            return {(level, number): hash for level, number, hash in connection.execute(NODES)}

    def overwrite(self, rows: Sequence[Entry], nodes: Nodes) -> None:
        with closing(sqlite3.connect(self.path)) as connection, connection:
            connection.execute("DELETE FROM stored_events")
            connection.execute("DELETE FROM sqlite_sequence WHERE name = 'stored_events'")
            connection.execute("DELETE FROM tree")
            connection.executemany(f"INSERT INTO stored_events ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
            connection.executemany(
                "INSERT INTO tree VALUES (?, ?, ?)", [(*place, hash) for place, hash in nodes.items()]
            )

    def mislead(self, stream: str) -> None:
        self.close()  # all of it is in the file then
        content = self.path.read_bytes()
        places = [each.end() for each in re.finditer(re.escape(stream.encode()), content)]
        rows = (b"report-", b'"', b"\x02")  # what follows it there, and in the index where it is a second version
        [at] = [end for end in places if not content[end:].startswith(rows)]
        before = bytes([content[at - 1] - 1])  # in the order of the index it stays where it is
        self.path.write_bytes(content[: at - 1] + before + content[at:])

    @contextmanager
    def locked(self) -> Iterator[None]:
        with self.path.with_name(self.path.name + "-lock").open("ab") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield

    def shorten_lock_timeout(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sqlite_database, "LOCK_TIMEOUT", SHORT)


class PostgresEngine(_Opening):
    """A database of its own on the tests' server."""

    def __init__(self, address: str) -> None:
        self.url = address
        super().__init__(lambda clock: PostgresLog(self.url, clock))

    def tamper(self, statement: str, *values: object) -> None:
        translated = statement.replace("rowid", "notification_id").replace("?", "%s")
        with self._past() as connection:
            connection.execute(translated.encode(), values)

    def nodes(self) -> Nodes:
        with self._past() as connection:
            return {(level, number): hash for level, number, hash in connection.execute(NODES)}

    def overwrite(self, rows: Sequence[Entry], nodes: Nodes) -> None:
        with self._past() as connection, connection.cursor() as cursor:
            cursor.execute("TRUNCATE stored_events, tree")
            cursor.executemany(
                f"INSERT INTO stored_events ({COLUMNS.replace('rowid', 'notification_id')})"
                " VALUES (%s, %s, %s, %s, %s, %s, %s)".encode(),
                rows,
            )
            cursor.executemany(
                "INSERT INTO tree VALUES (%s, %s, %s)", [(*place, hash) for place, hash in nodes.items()]
            )

    def mislead(self, stream: str) -> None:
        used = "UPDATE pg_index SET indisready = %s WHERE indrelid = 'stored_events'::regclass AND indnatts = 2"
        with self._past() as connection:
            connection.execute(used, (False,))
        with self._past() as connection:
            gone = connection.execute(b"DELETE FROM stored_events WHERE originator_id = %s RETURNING *", (stream,))
            connection.cursor().executemany(
                b"INSERT INTO stored_events VALUES (%s, %s, %s, %s, %s, %s, %s)", gone.fetchall()
            )
        with self._past() as connection:
            connection.execute(used, (True,))

    def _past(self) -> psycopg.Connection[TupleRow]:
        return psycopg.connect(self.url, options=f"-c search_path={SCHEMA}")

    def takes(self, column: str, value: object) -> bool:
        return not (isinstance(value, str) and column in ("recorded_at", "originator_version"))

    @contextmanager
    def locked(self) -> Iterator[None]:
        with psycopg.connect(self.url) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (postgres_database.APPENDING,))
            yield

    def shorten_lock_timeout(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(postgres_database.TIMEOUTS, "lock_timeout", SHORT)


ENGINES = [pytest.param(SQLiteEngine, id="sqlite"), pytest.param(PostgresEngine, id="postgres")]


def another(kind: type[Engine], request: pytest.FixtureRequest) -> Engine:
    """One more store, beside that of the test."""
    if kind is SQLiteEngine:
        folder: Path = request.getfixturevalue("tmp_path_factory").mktemp("another")
        return SQLiteEngine(folder)
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return PostgresEngine(server.new_database())


def engine_of(kind: type[Engine], request: pytest.FixtureRequest) -> Engine:
    """The store of the test."""
    if kind is SQLiteEngine:
        return SQLiteEngine(request.getfixturevalue("tmp_path"))
    return PostgresEngine(request.getfixturevalue("postgres_address"))


def recorder_on(database: Database) -> ApplicationRecorder:
    """The library's interface to a store, by which anything can be appended."""
    if isinstance(database, PostgresDatabase):
        return PostgresRecorder(database, system_clock)
    assert isinstance(database, sqlite_database.Database)
    return SQLiteRecorder(database, system_clock)
