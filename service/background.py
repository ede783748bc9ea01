"""What goes on beside the requests while the service runs."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from contextlib import suppress


class Background(ABC):
    """A task of the event loop, for as long as it is not stopped."""

    def __init__(self) -> None:
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name=type(self).__name__.lower())

    async def stop(self) -> None:
        """Stop, once the step that is under way is whole."""
        self._stopping.set()
        if self._task is not None:
            await self._task

    @abstractmethod
    async def _run(self) -> None:
        """Ends soon after `_stopping` is set."""

    async def _rest(self, seconds: float) -> None:
        """For so long, or until it is stopped."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
