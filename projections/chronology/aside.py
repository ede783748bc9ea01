"""A database beside the store, gone with the process: to compare the store's tables with, or where it has none.

It is SQLite's beside any store: tables say the same on every engine, and a store that is only read has room for none.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager


class Aside:
    """Kept in a temporary file once it outgrows memory. For one thread at a time."""

    dialect = "sqlite"
    IntegrityError = sqlite3.IntegrityError

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Cursor]:
        yield self._connection.cursor()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Cursor]:
        cursor = self._connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        try:
            yield cursor
            cursor.execute("COMMIT")
        except BaseException:
            cursor.execute("ROLLBACK")
            raise

    def deriving(self) -> AbstractContextManager[sqlite3.Cursor]:
        """As `writing`, which waits for no disk anyway."""
        return self.writing()

    def erasing(self) -> AbstractContextManager[sqlite3.Cursor]:
        """As `writing`: its file has no name, and is gone with the process."""
        return self.writing()

    def close(self) -> None:
        self._connection.close()
