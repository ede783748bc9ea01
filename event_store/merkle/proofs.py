"""Proofs that a leaf is in a tree, and that one tree is the beginning of another (RFC 9162 §2.1.3 and §2.1.4).

They are checked by `service/chronology_verify.py`, which stands alone so that a sceptic need not trust this.
"""

from __future__ import annotations

from event_store.merkle.growing import Node, left_of, span


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """PATH(index, D[size]): what the leaf (0 for the first) is hashed with, up to the root; 0 ≤ index < size."""
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + left_of(end - start)
        if index < middle:
            path.append(span(middle, end, node))
            end = middle
        else:
            path.append(span(start, middle, node))
            start = middle
    return path[::-1]


def consistency(first: int, second: int, node: Node) -> list[bytes]:
    """PROOF(first, D[second]): that the tree of `second` leaves begins with that of `first`; 0 < first ≤ second."""
    path: list[bytes] = []
    start, end = 0, second
    while first != end:
        middle = start + left_of(end - start)
        if first <= middle:
            path.append(span(middle, end, node))
            end = middle
        else:
            path.append(span(start, middle, node))
            start = middle
    if start:  # else it is the first tree itself, whose root the verifier has
        path.append(span(start, end, node))
    return path[::-1]
