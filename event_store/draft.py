"""An event on its way into the log, with all that can be made of it before it has its place there."""

from __future__ import annotations

from typing import NamedTuple

import orjson

from domain.events import Event, stream_of
from event_store.codec import NAMES, values_of
from event_store.growth import Leaf
from event_store.leaf import framed
from event_store.log import Unless
from event_store.merkle.hashing import leaf_hash
from event_store.salts import fresh_salt
from event_store.sealing import sealed


class Draft(NamedTuple):
    """`data` is as the codec writes it, `sealed` as its leaf has it, by the `salt` that is to stand in its row.

    What is made here is made by whoever appends, while the appender waits for the disk.
    """

    event: Event
    stream: str
    version: int
    name: str
    data: bytes
    salt: bytes
    sealed: bytes
    unless: Unless | None
    not_before: int

    def leaf(self, position: int, recorded_at: int) -> Leaf:
        """As `leaf_of` the entry that it becomes."""
        whole = framed(self.sealed, position, recorded_at, self.stream, self.version, self.name)
        return Leaf(position, leaf_hash(whole))


def draft_of(event: Event, version: int, unless: Unless | None, not_before: int) -> Draft:
    """Raises ValueError for what no leaf can be made of."""
    values, salt = values_of(event), fresh_salt()
    data = orjson.dumps(values)
    return Draft(
        event,
        stream_of(event),
        version,
        NAMES[type(event)],
        data,
        salt,
        sealed(values, salt),
        unless,
        not_before,
    )
