"""The duties of a log's Merkle tree, the same on every engine. Leaf index = position - 1, tree size = position."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Tree(Protocol):
    """Grows in the transaction that appends: it holds the hashes of what was committed, whatever becomes of the rows.

    What is asked for beyond its size raises Damaged: callers MUST ask `size` first.
    """

    def size(self) -> int:
        """How many leaves there are."""

    def root(self, size: int) -> bytes:
        """The root of the tree when it had that size."""

    def inclusion(self, position: int, size: int) -> tuple[bytes, list[bytes]]:
        """The leaf hash of a position, and the proof that it is in the tree of that size; 1 ≤ position ≤ size."""

    def consistency(self, first: int, second: int) -> list[bytes]:
        """The proof that the tree of size `second` begins with that of size `first`; 1 ≤ first ≤ second."""

    def hashes(self, level: int, start: int, end: int) -> Mapping[int, bytes]:
        """The complete subtrees of a level by their numbers, in order, from `start` up to, not including, `end`."""
