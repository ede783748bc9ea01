"""The newest events that this process appended, at hand for whoever follows the log."""

from __future__ import annotations

from collections.abc import Sequence

from domain.events import Recorded

LARGEST = 20_000


class Recent:
    """One run of positions without a gap. What another process appends in between ends the run and starts another.

    It holds only what is committed. An event here is the very object that was encoded, so it need not be read again.
    """

    def __init__(self) -> None:
        self._run: list[Recorded] = []
        self._redacted = 0

    def add(self, committed: Sequence[Recorded]) -> None:
        """The events of one transaction, in order."""
        committed = [each for each in committed if each.position > self._redacted]
        if not committed:
            return
        if self._run and committed[0].position != self._run[-1].position + 1:
            self._run = []
        elif len(self._run) >= LARGEST:
            self._run = self._run[LARGEST // 2 :]  # a new list: whoever reads the old one keeps it
        self._run.extend(committed)

    def forget(self, position: int) -> None:
        """Words of events before that position were erased; none of them is kept, also if it is added only now."""
        self._redacted = max(position, self._redacted)
        if self._run and self._run[0].position <= position:
            self._run = [each for each in self._run if each.position > position]

    def after(self, position: int, limit: int) -> Sequence[Recorded]:
        """The events after a position, at most `limit`; none where the run does not begin early enough."""
        run = self._run
        if not run or not run[0].position <= position + 1 <= run[-1].position:
            return []
        start = position + 1 - run[0].position
        return run[start : start + limit]
