"""What differs between the engines that keep the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from projections.chronology.condition import Condition, Run
from projections.chronology.keeping import Cursor, Database
from projections.chronology.postgres import Postgres
from projections.chronology.sqlite import SQLite
from projections.chronology.words import Query


class Engine(Protocol):
    """The tables as one engine keeps them. Two engines MUST find the same, in the same order, with the same digests.

    Texts are compared and ordered by their bytes.
    """

    def reading(self) -> AbstractContextManager[Cursor]:
        """A transaction that sees one state of the tables."""

    def writing(self) -> AbstractContextManager[Cursor]:
        """The one transaction that writes the tables, of this process and any other."""

    def there(self, cursor: Cursor) -> bool:
        """Whether there are all of our tables and indexes."""

    def create(self, cursor: Cursor) -> None:
        """Make the tables anew, empty, whatever was there under their names."""

    def put(self, cursor: Cursor, table: str, rows: Sequence[Sequence[Any]]) -> None:
        """Put rows into a table, `words` for `chronology_words`."""

    @property
    def parts(self) -> Mapping[str, str]:
        """The statement that gives the rows of each part, in order."""

    def rows(self, cursor: Cursor, statement: str) -> Iterator[Sequence[Any]]:
        """What a statement gives, a few at a time: there may be more than memory holds."""

    def among(self, values: Sequence[str]) -> tuple[str, Any]:
        """The end of an expression, `link …`, that a value is one of these, and what its `?` stands for."""

    def overlapping(self, sizes: Sequence[tuple[int, int]], start: int, end: int, below: int) -> Run:
        """Through the windows that overlap [start, end]: those of each size that begin at or after its instant."""

    def worded(self, query: Query, below: int) -> Condition:
        """That a content says what is asked for."""

    def arm(self, run: Run, where: str, limit: int) -> tuple[str, tuple[Any, ...]]:
        """A SELECT of the contents that a run gives and that meet the rest, and the values behind those of `where`.

        Arms are put together with UNION; at least the newest `limit` of each count.
        """


def engine_on(database: Database) -> Engine:
    return Postgres(database) if database.dialect == "postgres" else SQLite(database)
