"""Keeps the projections in step with the log, whoever appends to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from domain.events import Recorded
from event_store.faults import Corrupt, Damaged, Unavailable
from event_store.log import Log
from projections.projections import Projections

_POLL = 0.2  # seconds that one look at the log waits for news
_SLICE = 200  # events projected before others get their turn
_RETRY = 0.5  # seconds after a store that did not answer


class Follower:
    """Projects every event, in order, as it comes; never skips one.

    It stops for good at an event that can't be read or projected, and tells `on_failure`. All of it runs in one event
    loop, so whoever reads the projections there sees them between two events.
    """

    def __init__(self, log: Log, projections: Projections, on_failure: Callable[[Exception], None]) -> None:
        self._log = log
        self._projections = projections
        self._on_failure = on_failure
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None
        self._stopping = False

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="follower")

    async def stop(self) -> None:
        """Stop after the look at the log that is under way: a thread can't be called off."""
        self._stopping = True
        if self._task is not None:
            await self._task

    async def reach(self, position: int, patience: float) -> bool:
        """Wait until the projections have reached a position, or for that many seconds; whether they have."""
        if self._projections.position >= position:
            return True
        reached = asyncio.get_running_loop().create_future()
        entry = (position, reached)
        self._waiting.append(entry)
        try:
            await asyncio.wait_for(reached, patience)
        except TimeoutError:
            return False
        finally:
            if entry in self._waiting:
                self._waiting.remove(entry)
        return True

    async def _run(self) -> None:
        while not self._stopping:
            try:
                events = await asyncio.to_thread(self._next)
                for start in range(0, len(events), _SLICE):
                    self._projections.apply(events[start : start + _SLICE])
                    self._wake()
                    await asyncio.sleep(0)
            except Unavailable:
                await asyncio.sleep(_RETRY)
            except (Corrupt, Damaged, ValueError) as error:
                self._on_failure(error)
                return
            except Exception as error:  # whatever it is: to go on with projections that stand still would be worse
                self._on_failure(Damaged(self._projections.position + 1, f"it can't be projected: {error!r}"))
                return

    def _next(self) -> Sequence[Recorded]:
        after = self._projections.position
        if self._log.wait(after, _POLL) <= after:
            return []
        return self._log.recent(after) or self._log.read(after)

    def _wake(self) -> None:
        for position, reached in self._waiting:
            if position <= self._projections.position and not reached.done():
                reached.set_result(None)
