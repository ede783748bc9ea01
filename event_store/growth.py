"""How a log's tree grows with what is appended, on every engine that keeps it as its complete subtrees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from event_store.entry import Entry
from event_store.faults import Damaged
from event_store.leaf import hash_of
from event_store.merkle import growing
from event_store.merkle.growing import Node


class Leaf(NamedTuple):
    """The hash of what was appended at a position."""

    position: int
    hash: bytes


def leaf_of(entry: Entry) -> Leaf:
    """Raises Damaged for a row that is no event of this program's."""
    try:
        return Leaf(entry.position, hash_of(entry))
    except ValueError as error:
        raise Damaged(entry.position, f"it is no event of this program's: {error}") from error


def grown(size: int, leaves: Sequence[Leaf], node: Node) -> dict[tuple[int, int], bytes]:
    """The subtrees, by level and number, that leaves complete behind a tree of that size; `node` gives those before.

    Raises Damaged where they do not follow on the tree: then a row was put into the log past the program.
    """
    fresh: dict[tuple[int, int], bytes] = {}

    def known(level: int, number: int) -> bytes:
        found = fresh.get((level, number))
        return node(level, number) if found is None else found

    for leaf in leaves:
        if leaf.position != size + 1:
            raise Damaged(size + 1, "the log's tree ends before it: it is missing, or was put there past this program")
        for level, number, hash in growing.grown(size, leaf.hash, known):
            fresh[level, number] = hash
        size += 1
    return fresh


def no_node(level: int, number: int) -> Damaged:
    """What is amiss with a tree that lacks a node of its own."""
    return Damaged((number << level) + 1, f"the log's tree has no node {number} of level {level} over it")
