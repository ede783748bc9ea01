"""The spans in SQLite, under the best index for them: the table is the index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from benchmarks.spans import Span

_CREATE = (
    "CREATE TABLE newest (place TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, answer TEXT NOT NULL,"
    " PRIMARY KEY (place, start)) WITHOUT ROWID"
)
_FIND = "SELECT answer, end FROM newest WHERE place = ? AND start <= ? ORDER BY start DESC LIMIT 1"


class InSQLite:
    """The newest knowledge."""

    def __init__(self, path: Path, newest: Iterable[Span]) -> None:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(_CREATE)
            rows = sorted((each.place, each.start, each.end, each.answer) for each in newest)
            connection.executemany("INSERT INTO newest VALUES (?, ?, ?, ?)", rows)
            connection.execute("ANALYZE")
        self._connection = sqlite3.connect(path)

    def answer(self, place: str, at: int) -> str | None:
        found = self._connection.execute(_FIND, (place, at)).fetchone()
        return None if found is None or found[1] <= at else found[0]

    def close(self) -> None:
        self._connection.close()
