"""Rows in runs, each put in by one statement.

Python lets go of its lock for every step of every statement, and takes it back against whoever works meanwhile: many
rows, one by one, would spend their time waiting for it. A run that is refused leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from typing import Any, TypeVar

from eventsourcing.sqlite import SQLiteCursor

T = TypeVar("T")

_LENGTHS = (64, 16, 4, 1)
"""Few, so that each statement is prepared once."""


def runs(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """The rows in order, in as few runs as there can be."""
    start = 0
    for length in _LENGTHS:
        while len(rows) - start >= length:
            yield rows[start : start + length]
            start += length


def put(cursor: SQLiteCursor, into: str, run: Sequence[Sequence[Any]]) -> None:
    """Put one run in. `into` is `table (column, …)`."""
    cursor.execute(_statement(into, len(run), len(run[0])), tuple(chain.from_iterable(run)))


@cache
def _statement(into: str, rows: int, columns: int) -> str:
    row = f"({', '.join('?' * columns)})"
    return f"INSERT INTO {into} VALUES {', '.join([row] * rows)}"  # noqa: S608 - `into` is a constant of ours
