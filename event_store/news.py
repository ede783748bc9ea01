"""What a process knows of the end of its log, for those who wait for more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Condition
from time import monotonic

from domain.events import Recorded, ReportRedacted
from event_store.codec import NAMES
from event_store.entry import Row
from event_store.recent import Recent

_REDACTED = NAMES[ReportRedacted]


class News:
    """Told of each commit of this process, and perhaps of those of others. `head` is how far the log is now."""

    def __init__(self, head: int) -> None:
        self._changed = Condition()
        self._recent = Recent()
        self._heard = head
        self.acknowledged = head

    def tell(self, committed: Sequence[Recorded], head: int) -> None:
        """Committed and durable, and the head then; only now may anybody hear of it."""
        with self._changed:
            self._recent.add(committed)
            self.acknowledged = max(self.acknowledged, head)
            self._changed.notify_all()

    def forget(self, events: Sequence[Recorded]) -> None:
        """Let go of the words that redactions among the events erased, here or in another process."""
        redactions = [each.position for each in events if isinstance(each.event, ReportRedacted)]
        if redactions:
            with self._changed:
                self._recent.forget(redactions[-1])

    def forget_by(self, rows: Sequence[Row]) -> None:
        """The same of rows as they stand in the store."""
        redactions = [row[0] for row in rows if row[3] == _REDACTED]
        if redactions:
            with self._changed:
                self._recent.forget(redactions[-1])

    def hear(self, head: int) -> None:
        """Another process has got that far."""
        with self._changed:
            self._heard = max(self._heard, head)
            self._changed.notify_all()

    def unhear(self) -> None:
        """What was heard may be no more: it is to be looked for."""
        with self._changed:
            self._heard = 0

    def recent(self, after: int, limit: int) -> Sequence[Recorded]:
        with self._changed:
            return self._recent.after(after, limit)

    def wait(self, after: int, timeout: float, look: Callable[[], int], poll: float) -> int:
        """Wait for a head after a position, or for `timeout` seconds; the head. Looks again after `poll` seconds."""
        until = monotonic() + timeout
        while True:
            head = self.newest if self.newest > after else look()
            left = until - monotonic()
            if head > after or left <= 0:
                return head
            with self._changed:
                self._changed.wait_for(lambda: self.newest > after, min(left, poll))

    @property
    def newest(self) -> int:
        """The newest position that was acknowledged here, or heard of."""
        return max(self.acknowledged, self._heard)
