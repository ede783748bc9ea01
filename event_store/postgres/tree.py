"""The log's Merkle tree in a table: a row for each complete subtree, about two for each event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from psycopg import Cursor
from psycopg.rows import TupleRow

from event_store.growth import no_node
from event_store.merkle import growing, proofs
from event_store.merkle.growing import Node
from event_store.postgres.database import PostgresDatabase

T = TypeVar("T")
Place = tuple[int, int]
"""The level of a subtree, and its number."""

CREATE_TREE = """
CREATE TABLE tree (
    level smallint NOT NULL,
    number bigint NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (level, number)
)
"""

INSERT_NODES = """
INSERT INTO tree (level, number, hash)
SELECT level, first + i, substring(hashes FROM 32 * i + 1 FOR 32)
FROM unnest(%b::smallint[], %b::bigint[], %b::bytea[]) AS run (level, first, hashes),
     generate_series(0, length(hashes) / 32 - 1) AS i
"""
"""Of runs of subtrees, the hashes of each behind each other."""
SIZE = "SELECT coalesce(max(number) + 1, 0) FROM tree WHERE level = 0"
EDGE = f"""
WITH whole AS ({SIZE.replace(") FROM", ") AS size FROM")})
SELECT size, edge.level, (size >> edge.level) - 1,
       (SELECT hash FROM tree WHERE tree.level = edge.level AND tree.number = (size >> edge.level) - 1)
FROM whole, generate_series(0, 62) AS edge (level) WHERE edge.level = 0 OR (size >> edge.level) & 1 = 1
"""  # noqa: S608 - constants
"""The size, with the complete subtrees at the right end: all that growing asks for, and at least one row."""
_NODES = """
SELECT level, number, hash FROM unnest(%s::smallint[], %s::bigint[]) AS wanted (level, number)
JOIN tree USING (level, number)
"""
_HASHES = "SELECT number, hash FROM tree WHERE level = %s AND number >= %s AND number < %s ORDER BY number"


def node_of(nodes: Mapping[Place, bytes]) -> Node:
    """Gives the nodes that were read. Raises Damaged for one that there is none of."""

    def node(level: int, number: int) -> bytes:
        found = nodes.get((level, number))
        if found is None:
            raise no_node(level, number)
        return found

    return node


class PostgresTree:
    """The duties of `event_store.tree.Tree`."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database

    def size(self) -> int:
        with self._database.looking() as cursor:
            return size_of(cursor)

    def root(self, size: int) -> bytes:
        return self._work_out(lambda node: growing.root(size, node))

    def inclusion(self, position: int, size: int) -> tuple[bytes, list[bytes]]:
        return self._work_out(lambda node: (node(0, position - 1), proofs.inclusion(position - 1, size, node)))

    def consistency(self, first: int, second: int) -> list[bytes]:
        return self._work_out(lambda node: proofs.consistency(first, second, node))

    def hashes(self, level: int, start: int, end: int) -> Mapping[int, bytes]:
        with self._database.looking() as cursor:
            cursor.execute(_HASHES, (level, start, end), binary=True)
            return dict(cursor.fetchall())

    def _work_out(self, work: Callable[[Node], T]) -> T:
        """First see what it asks for, then read that in one go: nodes never change, so no transaction is needed."""
        wanted: set[Place] = set()

        def note(level: int, number: int) -> bytes:
            wanted.add((level, number))
            return b""

        work(note)
        with self._database.looking() as cursor:
            cursor.execute(_NODES, ([level for level, _ in wanted], [number for _, number in wanted]), binary=True)
            return work(node_of({(level, number): hash for level, number, hash in cursor.fetchall()}))


def size_of(cursor: Cursor[TupleRow]) -> int:
    [size] = cursor.execute(SIZE).fetchone() or [0]
    found: int = size
    return found
