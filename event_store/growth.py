"""How a log's tree grows with what is appended, on every engine that keeps it as its complete subtrees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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


Run = tuple[int, int, Sequence[bytes]]
"""Subtrees beside each other: their level, the first's number, and their hashes."""


def grown(size: int, leaves: Sequence[Leaf], node: Node) -> Iterator[Run]:
    """The subtrees that leaves complete behind a tree of that size, a run for each level; `node` gives those before.

    Raises Damaged where they do not follow on the tree: then a row was put into the log past the program.
    """
    for position, leaf in enumerate(leaves, start=size + 1):
        if leaf.position != position:
            raise Damaged(position, "the log's tree ends before it: it is missing, or was put there past this program")
    return growing.grown(size, [leaf.hash for leaf in leaves], node)


def no_node(level: int, number: int) -> Damaged:
    """What is amiss with a tree that lacks a node of its own."""
    return Damaged((number << level) + 1, f"the log's tree has no node {number} of level {level} over it")
