"""What another thread comes to, brought into the event loop."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")


class Landing:
    """Wakes the loop once for all that come to their end together: a batch of appends does, and to wake it is dear.

    `asyncio.wrap_future` does the same one by one.
    """

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._ended: deque[tuple[Callable[[Future[Any]], None], Future[Any]]] = deque()
        self._called = False

    async def of(self, future: Future[T]) -> T:
        """The future's result, or what it raises. For the loop in which the landing was made."""
        waiting: asyncio.Future[T] = self.loop.create_future()
        future.add_done_callback(partial(self._end, partial(_settle, waiting)))
        return await waiting

    async def of_all(self, futures: Sequence[Future[Any]]) -> None:
        """Wait until all have come to their end, whatever it is."""
        left, waiting = len(futures), self.loop.create_future()

        def count(_: Future[Any]) -> None:
            nonlocal left
            left -= 1
            if not left and not waiting.done():
                waiting.set_result(None)

        for each in futures:
            each.add_done_callback(partial(self._end, count))
        if futures:
            await waiting

    def _end(self, land: Callable[[Future[Any]], None], ended: Future[Any]) -> None:
        """In the other thread. What is put there while `_called` is set is seen by the call that is to come."""
        self._ended.append((land, ended))
        if not self._called and not self.loop.is_closed():
            self._called = True
            self.loop.call_soon_threadsafe(self._land)

    def _land(self) -> None:
        self._called = False
        while self._ended:
            land, ended = self._ended.popleft()
            land(ended)


def _settle(waiting: asyncio.Future[Any], ended: Future[Any]) -> None:
    if waiting.done():  # whoever waited has gone away
        return
    error = ended.exception()
    if error is None:
        waiting.set_result(ended.result())
    else:
        waiting.set_exception(error)
