"""What the tables need of the database that keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol


class Cursor(Protocol):
    """A cursor of the DB-API, inside a transaction. Its statements have `?` where a value goes, on every engine."""

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> object: ...

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> object: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> Any: ...


class Database(Protocol):
    """Transactions on one database: any number that read, each on one state of it, and some that write."""

    @property
    def dialect(self) -> str:
        """The engine: `sqlite` or `postgres`. Its cursors take statements in that engine's own form."""

    @property
    def IntegrityError(self) -> type[Exception]:  # noqa: N802 - the DB-API's name
        """Raised out of `writing` for a row that is there already."""

    def reading(self) -> AbstractContextManager[Any]: ...

    def writing(self) -> AbstractContextManager[Any]:
        """Committed at its end; an exception undoes all of it."""

    def deriving(self) -> AbstractContextManager[Any]:
        """As `writing`, for what can be made again: its commit does not wait for the disk."""

    def erasing(self) -> AbstractContextManager[Cursor]:
        """As `writing`; of what it deletes, nothing can be found on the disk any more."""
