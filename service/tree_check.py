"""Holding the rows of a log to its tree, and the tree to itself."""

from __future__ import annotations

from collections.abc import Iterator

from event_store.entry import Entry
from event_store.leaf import hash_of
from event_store.log import PAGE, Log
from event_store.merkle.hashing import node_hash
from event_store.tree import Tree

HIGHEST = 62  # level of a node: a log has fewer events than it would be over

Found = Iterator[tuple[int, str]]
"""Positions, and what is amiss there."""


def tree_faults(log: Log) -> Found:
    """Every event that was changed, dropped, put in or moved since it was committed, and every node that was.

    Who changed the rows and the whole tree alike is found out by a checkpoint that was kept elsewhere.
    """
    size = log.tree.size()
    yield from _rows(log, size)
    yield from _nodes(log.tree, size)
    yield from _beyond(log.tree, size)


def _rows(log: Log, size: int) -> Found:
    """`size` is that of the tree before the rows are read: what is appended meanwhile has its leaf too."""
    after = 0
    while page := log.entries(after):
        if page[-1].position > size:
            size = log.tree.size()
        kept = log.tree.hashes(0, page[0].position - 1, page[-1].position)
        for entry, place in zip(page, log.places(page), strict=True):
            yield from ((missing, "it is missing") for missing in range(after + 1, entry.position))
            after = entry.position
            fault = _fault(entry, kept.get(after - 1))
            if fault is not None:
                yield after, fault
            elif place != after:
                yield after, "its stream does not lead to it: the index that streams are read by is damaged"
    yield from ((missing, "it is missing") for missing in range(after + 1, size + 1))


def _fault(entry: Entry, kept: bytes | None) -> str | None:
    if kept is None:
        return "it has no leaf in the log's tree: it was put there past this program"
    try:
        return None if hash_of(entry) == kept else "it is not what was committed"
    except ValueError as error:
        return f"it is not what was committed: {error}"


def _nodes(tree: Tree, size: int) -> Found:
    """Every node above the leaves is made of the two below it; else the first position under it is told."""
    level = 1
    while size >> level:
        for start in range(0, size >> level, PAGE):
            end = min(start + PAGE, size >> level)
            below, kept = tree.hashes(level - 1, 2 * start, 2 * end), tree.hashes(level, start, end)
            for number in range(start, end):
                left, right = below.get(2 * number), below.get(2 * number + 1)
                if left is None or right is None or kept.get(number) != node_hash(left, right):
                    first, last = (number << level) + 1, (number + 1) << level
                    yield (
                        first,
                        f"the node of the log's tree over positions {first} to {last} is not that of those below",
                    )
        level += 1


def _beyond(tree: Tree, size: int) -> Found:
    """A node over what is not there yet would stand in the way of the append that completes it."""
    for level in range(1, HIGHEST):
        for number in tree.hashes(level, size >> level, 1 << HIGHEST):
            first, last = (number << level) + 1, (number + 1) << level
            if last > tree.size():  # what was appended meanwhile has its nodes
                yield first, f"the log's tree has a node over positions {first} to {last} before they are there"
