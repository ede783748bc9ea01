"""What another thread comes to, brought into the event loop."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class Landing:
    """Wakes the loop once for all that come to their end together: a batch of appends does, and to wake it is dear.

    `asyncio.wrap_future` does the same one by one.
    """

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._ended: deque[tuple[asyncio.Future[Any] | _Every, Future[Any]]] = deque()
        self._called = False

    async def of(self, future: Future[T]) -> T:
        """The future's result, or what it raises. For the loop in which the landing was made."""
        waiting: asyncio.Future[T] = self.loop.create_future()
        future.add_done_callback(lambda ended: self._end(waiting, ended))
        return await waiting

    async def of_all(self, futures: Sequence[Future[Any]]) -> None:
        """Wait until all have come to their end, whatever it is."""
        if futures:
            every = _Every(len(futures), self.loop.create_future())
            for each in futures:
                each.add_done_callback(lambda ended: self._end(every, ended))
            await every.ended

    def _end(self, waiting: asyncio.Future[Any] | _Every, ended: Future[Any]) -> None:
        """In the other thread. What is put there while `_called` is set is seen by the call that is to come."""
        self._ended.append((waiting, ended))
        if not self._called and not self.loop.is_closed():
            self._called = True
            self.loop.call_soon_threadsafe(self._land)

    def _land(self) -> None:
        self._called = False
        while self._ended:
            waiting, ended = self._ended.popleft()
            if waiting.done():  # whoever waited has gone away
                continue
            error = ended.exception()
            if error is None:
                waiting.set_result(ended.result())
            else:
                waiting.set_exception(error)


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
