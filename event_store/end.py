"""The end of a log as events are put behind it, and whether one follows on it."""

from __future__ import annotations

from collections.abc import Callable

from domain.events import Recorded, stream_of
from domain.when.instant import text
from event_store.faults import Misplaced


class End:
    """What the next event follows on. `version` gives the newest version of a stream, 0 for none."""

    def __init__(self, position: int, recorded_at: int, version: Callable[[str], int]) -> None:
        self._position = position
        self._recorded_at = recorded_at
        self._version = version

    def check_next(self, event: Recorded) -> None:
        """Raise Misplaced for an event that does not follow; one that does is the end from here on."""
        if event.position != self._position + 1:
            raise Misplaced(event.position, f"the log goes on with position {self._position + 1}")
        if event.recorded_at < self._recorded_at:
            raise Misplaced(
                event.position,
                f"it was recorded at {text(event.recorded_at)}, before the event before it ({text(self._recorded_at)})",
            )
        if event.stream != stream_of(event.event):
            raise Misplaced(
                event.position, f"it stands in the stream {event.stream}, where {stream_of(event.event)} is its own"
            )
        expected = self._version(event.stream) + 1
        if event.version != expected:
            raise Misplaced(
                event.position, f"it is version {event.version} of {event.stream}, where {expected} is the next"
            )
        self._position, self._recorded_at = event.position, event.recorded_at
