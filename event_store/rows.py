"""Rows of the log as events, on every engine: decoded, and held to the order that they must stand in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from eventsourcing.persistence import StoredEvent

from domain.events import Recorded
from event_store.codec import decode, encode
from event_store.entry import Entry
from event_store.faults import Damaged


def in_order(entries: Iterable[Entry], after: int) -> Iterator[Recorded]:
    """The events that follow a position without a gap. Raises Damaged at the first that is missing or unreadable."""
    for entry in entries:
        after += 1
        if entry.position != after:
            raise Damaged(after, f"it is missing: the next one stands at position {entry.position}")
        yield recorded_of(entry)


def in_versions(entries: Iterable[Entry]) -> Iterator[Recorded]:
    """The events of a stream from its first. Raises Damaged at the first that can't be read, or does not follow."""
    for version, entry in enumerate(entries, start=1):
        recorded = recorded_of(entry)
        if recorded.version != version:
            raise Damaged(recorded.position, f"it is version {recorded.version}, where {version} is the next")
        yield recorded


def check_end(found: Sequence[Recorded], after: int, used: int) -> None:
    """Raise Damaged where what was found after a position ends before the newest position that was ever used."""
    last = found[-1].position if found else after
    if last < used and after <= used:
        raise Damaged(last + 1, "it is missing, with all after it")


def recorded_of(entry: Entry) -> Recorded:
    try:
        event = decode(entry.name, entry.data)
    except ValueError as error:
        raise Damaged(entry.position, f"it can't be read: {error}") from error
    if type(entry.recorded_at) is not int or type(entry.version) is not int:  # SQLite takes a column's type for a hint
        raise Damaged(entry.position, "its version or its recording time is no number")
    return Recorded(*entry[:4], event, entry.salt or b"")


def stored_of(recorded: Recorded) -> StoredEvent:
    name, data = encode(recorded.event)
    return StoredEvent(recorded.stream, recorded.version, name, data)
