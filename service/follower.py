"""Keeps what is worked out from the log in step with it, whoever appends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, Protocol, TypeVar

from domain.events import Recorded
from event_store.faults import Corrupt, Damaged, Forked, ReadOnly, Unavailable
from event_store.gist import Gists
from event_store.log import PAGE, Log
from service.awaited import Awaited

T = TypeVar("T")
Run = Sequence[Recorded] | Gists

_POLL = 0.2  # seconds that one look at the log waits for news
_SLICE = 200  # events projected before others get their turn
_RETRY = 0.5  # seconds after a store that did not answer
_MOST = 2 * PAGE  # events of one transaction
_GATHERING = 0.5  # seconds that events gather for one transaction, unless somebody waits for them
_GATHERING_IN_LOOP = 0.02  # seconds that they gather for the event loop, to which a few cost as much as many


class Followed(Protocol):
    """What follows the log."""

    @property
    def position(self) -> int:
        """The position it has reached."""

    def apply(self, events: Any, /) -> None:
        """Take in the next events, as `read` gives them. Raises ValueError for one that can't be."""


class Following(Protocol):
    """Keeps something in step with the log for as long as it is not stopped."""

    def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def reach(self, position: int, patience: float) -> bool:
        """Wait until a position is reached, or for that many seconds, or until the service stops; whether it is."""

    def let_go(self) -> None:
        """The service stops: nobody waits any longer, now or later."""


class Follower:
    """Takes every event in, in order, as it comes; never skips one.

    It stops for good at an event that can't be read or taken in, and tells `on_failure`. What is kept in memory is
    followed in the event loop, a slice at a time, so whoever reads it there sees it between two events. What is written
    somewhere is followed in a thread (`in_thread`), a page at a time: nobody who does not ask for it ever waits for it.
    """

    def __init__(
        self,
        log: Log,
        followed: Followed,
        on_failure: Callable[[Exception], None],
        *,
        read: Callable[[int], Run],
        in_thread: bool = False,
    ) -> None:
        self._log = log
        self._read = read
        self._followed = followed
        self._on_failure = on_failure
        self._in_thread = in_thread
        self._awaited = Awaited()
        self._hurry = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.fault: Unavailable | None = None
        """Why the log could not be looked at the last time; None where it could."""
        self._stopping = False
        self._thread = ThreadPoolExecutor(1, "follower")  # its own: what is asked must not keep it waiting

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="follower")

    async def stop(self) -> None:
        """Stop after the look at the log that is under way: a thread can't be called off."""
        self._stopping = True
        self._hurry.set()
        if self._task is not None:
            await self._task
        self._thread.shutdown(wait=False)

    async def reach(self, position: int, patience: float) -> bool:
        if self._followed.position >= position:
            return True
        self._hurry.set()
        return await self._awaited.reach(position, patience)

    def let_go(self) -> None:
        self._awaited.let_go()

    async def _run(self) -> None:
        while not self._stopping:
            try:
                events = self._at_hand() or await self._off_the_loop(self._next)
                self.fault = None
                await (self._write(events) if self._in_thread else self._project(events))
            except Unavailable as fault:
                self.fault = fault
                await asyncio.sleep(_RETRY)
            except (Corrupt, Damaged, Forked, ValueError) as error:
                self._on_failure(error)
                return
            except Exception as error:  # whatever it is: to go on with what stands still would be worse
                self._on_failure(Damaged(self._followed.position + 1, f"it can't be projected: {error!r}"))
                return

    async def _off_the_loop(self, step: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, step)

    def _at_hand(self) -> Run:
        """What this process has appended since, if it has it at hand: there is nothing to wait for."""
        return self._log.recent(self._followed.position, _MOST)

    def _next(self) -> Run:
        after = self._followed.position
        if self._log.wait(after, _POLL) <= after:
            return []
        return self._at_hand() or self._read(after)

    async def _project(self, events: Run) -> None:
        for start in range(0, len(events), _SLICE):
            self._followed.apply(events[start : start + _SLICE])
            self._awaited.reached(self._followed.position)
            await asyncio.sleep(0)
        if events:
            await self._gather(_GATHERING_IN_LOOP)

    async def _write(self, events: Run) -> None:
        if not events:
            return
        before = self._followed.position
        with suppress(ReadOnly):  # on a standby it is the primary's to write, and comes from there
            await self._off_the_loop(partial(self._followed.apply, events))
        self._awaited.reached(self._followed.position)
        if self._followed.position == before:  # and who writes it is not there yet
            await asyncio.sleep(_POLL)
        await self._gather(_GATHERING)  # each transaction keeps appends waiting: better few of them

    async def _gather(self, seconds: float) -> None:
        """Let more come, unless somebody waits, or there is enough already."""
        if self._awaited or self._stopping or self._log.acknowledged - self._followed.position >= _MOST:
            return
        self._hurry.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._hurry.wait(), seconds)
