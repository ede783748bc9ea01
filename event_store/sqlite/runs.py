"""Rows in runs, each put in by one statement.

Python lets go of its lock for every step of every statement, and takes it back against whoever works meanwhile: many
rows, one by one, would spend their time waiting for it. A run that is refused leaves nothing behind. There is a
statement for each length, which the connection keeps prepared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from typing import Any, TypeVar

from eventsourcing.sqlite import SQLiteCursor

T = TypeVar("T")

LONGEST = 64


def runs(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """The rows in order, in as few runs as there can be."""
    for start in range(0, len(rows), LONGEST):
        yield rows[start : start + LONGEST]


def put(cursor: SQLiteCursor, into: str, run: Sequence[Sequence[Any]]) -> None:
    """Put one run in. `into` is `table (column, …)`."""
    cursor.execute(_statement(into, len(run), len(run[0])), tuple(chain.from_iterable(run)))


@cache
def _statement(into: str, rows: int, columns: int) -> str:
    row = f"({', '.join('?' * columns)})"
    return f"INSERT INTO {into} VALUES {', '.join([row] * rows)}"  # noqa: S608 - `into` is a constant of ours
