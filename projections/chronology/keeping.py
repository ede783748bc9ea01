"""What the tables need of the database that keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol


class Cursor(Protocol):
    """A cursor of the DB-API, inside a transaction."""

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> object: ...

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> object: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> Any: ...


class Database(Protocol):
    """Transactions on one SQLite database: any number that read, each on one state of it, and one that writes."""

    def reading(self) -> AbstractContextManager[Cursor]: ...

    def writing(self) -> AbstractContextManager[Cursor]:
        """Committed at its end; an exception undoes all of it."""

    def erasing(self) -> AbstractContextManager[Cursor]:
        """As `writing`; of what it deletes, nothing can be found on the disk any more."""
