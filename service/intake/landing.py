"""What an event loop appends, begun together and landed together."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from domain.events import Recorded
from event_store.promise import Promise


class Landing:
    """Wakes the loop once for all that come to their end together: a batch of appends does, and to wake it is dear.

    So is to wake the appender, who then works against the loop. It is done once for all that is waited for in one turn
    of the loop, at its end: `begin` begins them.
    """

    def __init__(self, begin: Callable[[], None]) -> None:
        self.loop = asyncio.get_running_loop()
        self._begin = begin
        self._beginning = False
        self._waiting: dict[Promise, asyncio.Future[Recorded] | _Every] = {}
        self._ended: deque[Sequence[Promise]] = deque()
        self._hear = self._end  # the same each time, so that it is told once of all
        self._called = False

    async def of(self, promise: Promise) -> Recorded:
        """What was appended, or why it was not is raised. For the loop in which the landing was made."""
        waiting: asyncio.Future[Recorded] = self.loop.create_future()
        self._waiting[promise] = waiting
        promise.tell(self._hear)
        self._begin_soon()
        return await waiting

    async def of_all(self, promises: Sequence[Promise]) -> None:
        """Wait until all have come to their end, whatever it is."""
        if promises:
            every = _Every(len(promises), self.loop.create_future())
            for each in promises:
                self._waiting[each] = every
                each.tell(self._hear)
            self._begin_soon()
            await every.ended

    def _begin_soon(self) -> None:
        if not self._beginning:
            self._beginning = True
            self.loop.call_soon(self._begin_all)

    def _begin_all(self) -> None:
        self._beginning = False
        self._begin()

    def _end(self, ended: Sequence[Promise]) -> None:
        """In the other thread. What is put there while `_called` is set is seen by the call that is to come."""
        self._ended.append(ended)
        if not self._called and not self.loop.is_closed():
            self._called = True
            self.loop.call_soon_threadsafe(self._land)

    def _land(self) -> None:
        self._called = False
        while self._ended:
            for promise in self._ended.popleft():
                _pass_on(promise, self._waiting.pop(promise))


def _pass_on(promise: Promise, waiting: asyncio.Future[Recorded] | _Every) -> None:
    if waiting.done():  # whoever waited has gone away
        return
    outcome = promise.outcome()
    if isinstance(outcome, Exception):
        waiting.set_exception(outcome)
    else:
        waiting.set_result(outcome)


class _Every:
    """Waits for many, and only counts what becomes of them."""

    def __init__(self, left: int, ended: asyncio.Future[None]) -> None:
        self._left = left
        self.ended = ended

    def done(self) -> bool:
        return False

    def set_result(self, _: object) -> None:
        self._left -= 1
        if not self._left and not self.ended.done():  # whoever waited may have gone away
            self.ended.set_result(None)

    set_exception = set_result
