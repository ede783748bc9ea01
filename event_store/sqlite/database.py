"""One SQLite file as a store: how it is opened, checked and written.

SQLite can corrupt a write-ahead log when one connection checkpoints while another commits (3.7.0 to 3.51.2). It only
checkpoints after a commit or at the last close, so whoever commits or closes holds one lock, of this process and of the
file. `synchronous=FULL` makes a commit durable before it is acknowledged.
"""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Condition, Lock, RLock
from time import monotonic, sleep
from urllib.parse import quote

from eventsourcing.persistence import InterfaceError, PersistenceError
from eventsourcing.sqlite import SQLiteConnection, SQLiteConnectionPool, SQLiteCursor, SQLiteDatastore

from event_store.faults import CannotOpen, Corrupt, Damaged, StoreFault, Unavailable

APPLICATION_ID = 0x4348524E  # "CHRN"
VERSION = 3
"""Of the tables. A store with a higher one was written by a newer program; one with a lower is brought to this one.

With 2 came the salts and the tree; with 3 redaction: what is deleted is overwritten.
"""

LOCK_TIMEOUT = 10  # seconds
_LOCK_POLL = 0.002  # seconds; a transaction takes about as long
_FULL = 2
_NO_TEXT = "Could not decode to UTF-8"
_STATEMENTS = 256
"""Prepared, for each connection: one for every number of rows that are put in at once (event_store/sqlite/runs.py)."""

CREATE_TO_WIPE = "CREATE TABLE IF NOT EXISTS to_wipe (id INTEGER PRIMARY KEY)"
"""Has a row while what was erased may still be in the write-ahead log, or in the file behind it."""
_MARK = "INSERT OR IGNORE INTO to_wipe VALUES (1)"
_WIPES = 5  # tries, each of which waits for those who read an older state
_WIPE_PATIENCE = 1000  # milliseconds


class _Pool(SQLiteConnectionPool):
    """Connections whose commits are durable, and that overwrite what they delete.

    The library's own keep no more than one prepared statement each.
    """

    def open(self) -> SQLiteConnection:
        """A connection beside those of the pool."""
        return self._create_connection()

    def _create_connection(self) -> SQLiteConnection:
        try:
            opened = sqlite3.connect(
                self.db_name,
                uri=True,
                check_same_thread=False,
                isolation_level=None,  # transactions begin where we say so
                cached_statements=_STATEMENTS,
                timeout=LOCK_TIMEOUT,
            )
        except sqlite3.Error as error:
            raise InterfaceError(error) from error
        opened.row_factory = sqlite3.Row
        connection = SQLiteConnection(opened, None)
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA synchronous")
        if cursor.fetchone()[0] != _FULL:
            raise InterfaceError("synchronous=FULL could not be set: a commit would not be durable")
        cursor.execute("PRAGMA secure_delete=ON")  # always: what is erased must not have left traces before
        return connection


class _Datastore(SQLiteDatastore):
    """Closes only when nobody uses it: to close a connection that another thread uses would crash the process.

    One connection writes, always the same: what another wrote would empty its cache of pages each time.
    """

    def __init__(self, path: Path) -> None:
        self._users_changed = Condition()
        self._users = 0
        self._closed = False
        self._writing = Lock()
        self._writer: SQLiteConnection | None = None
        super().__init__(":memory:", originator_id_type="text")  # opens nothing; the pool of the file stands in below
        self.pool = pool = _Pool(db_name=_uri(path))
        self._connect = pool.open

    @contextmanager
    def get_connection(self, *, commit: bool) -> Iterator[SQLiteConnection]:
        with self._users_changed:
            if self._closed:
                raise InterfaceError("it is closed")
            self._users += 1
        try:
            with self._get_writer() if commit else super().get_connection(commit=False) as connection:
                yield connection
        finally:
            with self._users_changed:
                self._users -= 1
                self._users_changed.notify_all()

    @contextmanager
    def _get_writer(self) -> Iterator[SQLiteConnection]:
        with self._writing:
            if self._writer is None:
                self._writer = self._connect()
            try:
                yield self._writer
            except BaseException:
                self._close_writer()  # whatever it was in the midst of
                raise

    def _close_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def close(self) -> None:
        with self._users_changed:
            self._closed = True
            self._users_changed.wait_for(lambda: self._users == 0)
        self._close_writer()
        super().close()


class Database:
    """A store's file. Raises CannotOpen for a file that is no chronology, is a newer one, or can't be written.

    `create` makes the file where there is none.
    """

    dialect = "sqlite"
    IntegrityError = sqlite3.IntegrityError
    """What `writing` lets through: a refusal, not a failure."""

    def __init__(self, path: Path, tables: Callable[[SQLiteCursor], None], *, create: bool) -> None:
        self.path = path
        self._mutex = RLock()
        self._unwiped = False
        _check_file(path, create)
        found = _check_before_touching(path)
        if not found and not create:
            raise CannotOpen(f"{path} is empty, so no chronology")
        try:
            self._lock_file = path.with_name(path.name + "-lock").open("ab")
        except OSError as error:
            raise CannotOpen(f"{path} can't be written: {error.strerror}") from error
        self.datastore = _Datastore(path)
        try:
            if 0 < found < VERSION:
                self._leave_no_trace()
            if create or found < VERSION:  # else, who only reads waits for no writer
                with self.writing() as cursor:
                    _check_contents(path, cursor)
                    tables(cursor)
                    cursor.execute(f"PRAGMA application_id={APPLICATION_ID}")
                    cursor.execute(f"PRAGMA user_version={VERSION}")
                    if 0 < found < VERSION:
                        cursor.execute(_MARK)
            self.wipe()
        except (Unavailable, Corrupt) as fault:
            self.close()
            raise CannotOpen(str(fault)) from fault
        except (CannotOpen, Damaged):
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[SQLiteCursor]:
        """A transaction that sees one state of the store. Raises Unavailable where the store does not answer."""
        try:
            with self.datastore.transaction(commit=False) as cursor:
                yield cursor
        except (sqlite3.Error, PersistenceError) as error:
            raise self._fault(error, "does not answer") from error

    @contextmanager
    def writing(self) -> Iterator[SQLiteCursor]:
        """The one transaction that writes, of this process and any other; committed, and durable, at its end.

        An exception rolls it back. Raises Unavailable where the store does not answer.
        """
        with self._writing("FULL") as cursor:
            yield cursor

    @contextmanager
    def deriving(self) -> Iterator[SQLiteCursor]:
        """As `writing`, for what can be made again: its commit does not wait for the disk.

        What the disk has not yet when the machine stops is lost: whole transactions, the last ones, and of these alone,
        for one that is durable takes all before it to the disk with it.
        """
        with self._writing("NORMAL") as cursor:
            yield cursor
        self.wipe_if_left()

    @contextmanager
    def _writing(self, synchronous: str) -> Iterator[SQLiteCursor]:
        with self._lock():
            try:
                with self.datastore.get_connection(commit=True) as connection:
                    cursor = connection.cursor()
                    if synchronous != "FULL":
                        cursor.execute(f"PRAGMA synchronous={synchronous}")
                    cursor.execute("BEGIN IMMEDIATE")
                    try:
                        yield cursor
                        connection.commit()
                        if synchronous != "FULL":  # where it fails, the connection is closed
                            cursor.execute("PRAGMA synchronous=FULL")
                    except BaseException:
                        connection.rollback()
                        raise
            except sqlite3.IntegrityError:
                raise  # a refusal, not a failure
            except (sqlite3.Error, PersistenceError) as error:
                raise self._fault(error, "can't be written") from error

    def check(self) -> list[str]:
        """What SQLite finds amiss with the file: its pages, and that every index leads to the rows there are.

        All of it is read. Nobody who writes waits for it.
        """
        with self.reading() as cursor:
            cursor.execute("PRAGMA integrity_check")
            found = [row[0] for row in cursor.fetchall()]
        return [f"{self.path} is damaged: {' '.join(line.split())}" for line in found if line != "ok"]

    def writes(self) -> bool:
        """A file that is open can be written."""
        return True

    @contextmanager
    def erasing(self) -> Iterator[SQLiteCursor]:
        """As `writing`; what it replaced or deleted is then gone from the file, and from the log beside it.

        A crash in between is made good by whoever opens the store next.
        """
        with self.writing() as cursor:
            cursor.execute(_MARK)
            yield cursor
        self.wipe()

    def wipe(self) -> None:
        """Write the write-ahead log back and empty it, where what was erased may still be in it.

        Where somebody keeps reading an older state the mark stays, and this process tries again after it has written;
        so does whoever opens the store, or erases.
        """
        self._unwiped = True
        with suppress(Unavailable):
            for _ in range(_WIPES):
                if not self._is_marked():
                    self._unwiped = False
                    return
                self._wipe(_WIPE_PATIENCE)

    def wipe_if_left(self) -> None:
        """Try again what could not be done before, without a wait."""
        if self._unwiped:
            with suppress(Unavailable):
                self._wipe(0)
                self._unwiped = self._is_marked()

    def _is_marked(self) -> bool:
        with self.reading() as cursor:
            cursor.execute("SELECT 1 FROM to_wipe")
            return cursor.fetchone() is not None

    def _wipe(self, patience: int) -> None:
        """One try, which waits so many milliseconds for those who read."""
        with self._alone() as cursor:
            cursor.execute(f"PRAGMA busy_timeout={patience}")
            try:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                if not cursor.fetchone()[0]:
                    cursor.execute("DELETE FROM to_wipe")
            finally:
                cursor.execute(f"PRAGMA busy_timeout={LOCK_TIMEOUT * 1000}")

    def _leave_no_trace(self) -> None:
        """Rewrite the file of an older program, which did not overwrite what it deleted."""
        with self._alone() as cursor:
            cursor.execute("VACUUM")

    @contextmanager
    def _alone(self) -> Iterator[SQLiteCursor]:
        """No transaction, and nobody else's that writes. Raises Unavailable where the store does not answer."""
        with self._lock():
            try:
                with self.datastore.get_connection(commit=True) as connection:
                    yield connection.cursor()
            except (sqlite3.Error, PersistenceError) as error:
                raise self._fault(error, "can't be written") from error

    def _fault(self, error: Exception, what: str) -> StoreFault:
        cause = error if isinstance(error, sqlite3.Error) else error.__cause__
        if getattr(cause, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return Corrupt(f"{self.path} is damaged: {error}")
        if str(cause).startswith(_NO_TEXT):
            return Corrupt(f"{self.path} is damaged: a text in it is no UTF-8")  # it would say the text
        return Unavailable(f"{self.path} {what}: {error}")

    @contextmanager
    def _lock(self) -> Iterator[None]:
        with self._mutex:
            if self._lock_file.closed:
                raise Unavailable(f"{self.path} is closed")
            self._wait_for_lock()
            try:
                yield
            finally:
                fcntl.flock(self._lock_file, fcntl.LOCK_UN)

    def _wait_for_lock(self) -> None:
        """Raises Unavailable where another process keeps writing for too long."""
        give_up_at = monotonic() + LOCK_TIMEOUT
        while True:
            try:
                return fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if monotonic() >= give_up_at:
                    raise Unavailable(f"{self.path} is being written by another process") from None
                sleep(_LOCK_POLL)

    def close(self) -> None:
        """Close every connection once none is used; the last of them checkpoints, so it holds the lock."""
        if not self._lock_file.closed:
            with suppress(Unavailable), self._lock():  # without the lock they stay open to the process's end, unfolded
                self.datastore.close()
            self._lock_file.close()


def _uri(path: Path) -> str:
    return f"file://{quote(str(path.absolute()))}"


def _check_file(path: Path, create: bool) -> None:
    try:
        if path.is_dir():
            raise CannotOpen(f"{path} is a folder, not a chronology")
        if not path.exists():
            if not create:
                raise CannotOpen(f"there is no chronology at {path}")
            if not path.absolute().parent.is_dir():
                raise CannotOpen(f"there is no folder {path.absolute().parent} to keep {path.name} in")
            return
        if not path.is_file():
            raise CannotOpen(f"{path} is no file, so no chronology")
    except OSError as error:
        raise CannotOpen(f"{path} can't be read: {error.strerror}") from error


def _check_before_touching(path: Path) -> int:
    """The version of our tables that it has, 0 for none.

    What is another program's is left as it was: our journal would stay for good. SQLite itself does the reading: to
    close a file beside it would let go of its locks.
    """
    if not path.exists():
        return 0
    try:
        connection = sqlite3.connect(f"{_uri(path)}?mode=ro", uri=True, timeout=LOCK_TIMEOUT)
        try:
            connection.execute("BEGIN")  # one state of it: another process may be making it at this moment
            return _check_contents(path, SQLiteCursor(connection.cursor()))
        finally:
            connection.close()
    except sqlite3.Error as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
            raise CannotOpen(f"{path} is no chronology") from error
        raise CannotOpen(f"{path} can't be read: {error}") from error
    except UnicodeDecodeError as error:  # SQLite's own complaint, in which it quotes what is damaged
        raise CannotOpen(f"{path} is damaged: its schema is no text") from error


def _check_contents(path: Path, cursor: SQLiteCursor) -> int:
    """The version of its tables; 0 for an empty file. Raises CannotOpen for a file that is not ours, or is newer."""
    cursor.execute("PRAGMA application_id")
    application = cursor.fetchone()[0]
    cursor.execute("PRAGMA user_version")
    version = cursor.fetchone()[0]
    cursor.execute("SELECT count(*) FROM sqlite_master")
    empty = cursor.fetchone()[0] == 0
    if application != APPLICATION_ID and not (empty and application == 0 and version == 0):
        raise CannotOpen(f"{path} is an SQLite database, but no chronology")
    if version > VERSION:
        raise CannotOpen(
            f"{path} was written by a newer chronology (version {version} of its tables; this one knows {VERSION})"
        )
    found: int = version
    return found
