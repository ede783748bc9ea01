"""A tree that grows at its right end, kept as its complete subtrees: they never change once they are there.

The subtree `number` of a level holds the leaves from number·2^level up to, not including, (number + 1)·2^level. Any
root and any proof is made of O(log n) of them, and a new leaf completes two on the average, itself one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from event_store.merkle.hashing import EMPTY, node_hash

Node = Callable[[int, int], bytes]
"""The hash of a complete subtree, by its level and its number."""


def grown(size: int, leaves: Sequence[bytes], node: Node) -> Iterator[tuple[int, int, Sequence[bytes]]]:
    """The subtrees that leaves complete, put behind `size` others: level by level, the first's number and the hashes.

    The leaves themselves come first.
    """
    level, first, hashes = 0, size, leaves
    while hashes:
        yield level, first, hashes
        if first & 1:
            first, hashes = first - 1, [node(level, first - 1), *hashes]
        pairs = zip(hashes[::2], hashes[1::2], strict=False)  # one without a right neighbour waits for it
        level, first, hashes = level + 1, first >> 1, [node_hash(left, right) for left, right in pairs]


def beside(size: int, count: int) -> list[tuple[int, int]]:
    """The subtrees (level, number), of those that are there, that `grown` asks for to put `count` leaves behind."""
    found: list[tuple[int, int]] = []
    level, first = 0, size
    while count:
        if first & 1:
            first, count = first - 1, count + 1
            found.append((level, first))
        level, first, count = level + 1, first >> 1, count >> 1
    return found


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
