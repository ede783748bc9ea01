"""What the redactions of a batch leave of the entries that they speak of, in the batch itself and before it."""

from __future__ import annotations

from collections.abc import Iterable

from domain.events import Event, ReportRedacted, report_stream
from event_store.entry import Entry
from event_store.erasing import left_by


def streams_of(events: Iterable[Event]) -> list[str]:
    """The streams that redactions among the events erase in."""
    return sorted({report_stream(event.id) for event in events if isinstance(event, ReportRedacted)})


class Redactions:
    """`there` are the entries of these streams as they stand in the log."""

    def __init__(self, there: Iterable[Entry] = ()) -> None:
        self._entries = {(entry.stream, entry.version): entry for entry in there}
        self._erased: dict[int, Entry] = {}

    def add(self, entry: Entry) -> None:
        """One of the batch; what comes after it may redact it."""
        self._entries[entry.stream, entry.version] = entry

    def erase(self, event: Event) -> None:
        """What an event of the batch erases. Raises ValueError, and erases nothing, where it is not there."""
        for entry in left_by(event, lambda stream, version: self._entries.get((stream, version))):
            self._entries[entry.stream, entry.version] = self._erased[entry.position] = entry

    def left_of(self, entry: Entry) -> Entry:
        return self._erased.get(entry.position, entry)

    def before(self, position: int) -> list[Entry]:
        """Those that stand at a position or before it, to be rewritten."""
        return [entry for entry in self._erased.values() if entry.position <= position]
