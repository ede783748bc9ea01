"""The log's Merkle tree in a table: a row for each complete subtree, about two for each event."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import TypeVar

from eventsourcing.sqlite import SQLiteCursor

from event_store.growth import Leaf, grown, no_node
from event_store.merkle import growing, proofs
from event_store.merkle.growing import Node
from event_store.sqlite.database import Database
from event_store.sqlite.runs import put, runs

T = TypeVar("T")

CREATE_TREE = """
CREATE TABLE IF NOT EXISTS tree (
    level INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, number)
) WITHOUT ROWID
"""  # each level is appended to at its end, so the table grows at a few pages and not all over

_INTO = "tree (level, number, hash)"
_NODE = "SELECT hash FROM tree WHERE level = ? AND number = ?"
_SIZE = "SELECT MAX(number) FROM tree WHERE level = 0"
_HASHES = "SELECT number, hash FROM tree WHERE level = ? AND number >= ? AND number < ? ORDER BY number"


def grow(cursor: SQLiteCursor, leaves: Sequence[Leaf]) -> None:
    """Put leaves behind the others. Only in the transaction that appends their events, or the tree could lag.

    Raises Damaged where they do not follow on the tree: then a row was put into the log past the program.
    """
    size = _size(cursor)
    beside = _nodes(cursor, growing.beside(size, len(leaves)))
    fresh = [
        (level, number, hash)
        for level, first, hashes in grown(size, leaves, lambda *place: _there(beside.get(place), *place))
        for number, hash in enumerate(hashes, start=first)
    ]
    for run in runs(fresh):
        put(cursor, _INTO, run)


def _size(cursor: SQLiteCursor) -> int:
    cursor.execute(_SIZE)
    newest: int | None = cursor.fetchone()[0]
    return 0 if newest is None else newest + 1


def _nodes(cursor: SQLiteCursor, places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bytes | None]:
    """In one row, which takes one step however many there are."""
    if not places:
        return {}
    cursor.execute(f"SELECT {', '.join([f'({_NODE})'] * len(places))}", tuple(chain.from_iterable(places)))
    return dict(zip(places, cursor.fetchone(), strict=True))


def _node(cursor: SQLiteCursor, level: int, number: int) -> bytes:
    cursor.execute(_NODE, (level, number))
    row = cursor.fetchone()
    return _there(None if row is None else row[0], level, number)


def _there(hash: bytes | None, level: int, number: int) -> bytes:
    if hash is None:
        raise no_node(level, number)
    return hash


class SQLiteTree:
    """The duties of `event_store.tree.Tree`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def size(self) -> int:
        with self._database.reading() as cursor:
            return _size(cursor)

    def root(self, size: int) -> bytes:
        return self._read(lambda node: growing.root(size, node))

    def inclusion(self, position: int, size: int) -> tuple[bytes, list[bytes]]:
        return self._read(lambda node: (node(0, position - 1), proofs.inclusion(position - 1, size, node)))

    def consistency(self, first: int, second: int) -> list[bytes]:
        return self._read(lambda node: proofs.consistency(first, second, node))

    def hashes(self, level: int, start: int, end: int) -> Mapping[int, bytes]:
        with self._database.reading() as cursor:
            cursor.execute(_HASHES, (level, start, end))
            return {row[0]: row[1] for row in cursor.fetchall()}

    def _read(self, work: Callable[[Node], T]) -> T:
        """In one transaction."""
        with self._database.reading() as cursor:
            return work(partial(_node, cursor))
