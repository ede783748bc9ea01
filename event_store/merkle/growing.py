"""A tree that grows at its right end, kept as its complete subtrees: they never change once they are there.

The subtree `number` of a level holds the leaves from number·2^level up to, not including, (number + 1)·2^level. Any
root and any proof is made of O(log n) of them, and a new leaf completes two on the average, itself one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from event_store.merkle.hashing import EMPTY, node_hash

Node = Callable[[int, int], bytes]
"""The hash of a complete subtree, by its level and its number."""


def grown(size: int, leaf: bytes, node: Node) -> Iterator[tuple[int, int, bytes]]:
    """The subtrees (level, number, hash) that a leaf completes, put behind `size` others; itself first."""
    level, number, hash = 0, size, leaf
    yield level, number, hash
    while number & 1:
        hash = node_hash(node(level, number - 1), hash)
        level, number = level + 1, number >> 1
        yield level, number, hash


def root(size: int, node: Node) -> bytes:
    """The root of the first `size` leaves."""
    return span(0, size, node) if size else EMPTY


def span(start: int, end: int, node: Node) -> bytes:
    """MTH(D[start:end]) of RFC 9162 §2.1.1, of a span that the tree's own division makes: at least one leaf."""
    size = end - start
    if size & (size - 1) == 0:
        return node(size.bit_length() - 1, start // size)
    middle = start + left_of(size)
    return node_hash(span(start, middle, node), span(middle, end, node))


def left_of(size: int) -> int:
    """How many of so many leaves, two or more, stand on the left: the largest power of two that is less."""
    return 1 << (size - 1).bit_length() - 1
