"""Keeps a snapshot at hand while the service runs."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from event_store.log import Log
from projections.projections import Projections
from service.snapshots import Snapshots, take

_EVERY = 1.0  # seconds between looks
_NEAR = 1000
"""While the projections are further behind, there is better to do than to write down where they are."""


class Keeper:
    """Writes a snapshot in a thread whenever one is due; nobody waits for it."""

    def __init__(self, log: Log, projections: Projections, snapshots: Snapshots) -> None:
        self._log = log
        self._projections = projections
        self._snapshots = snapshots
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="keeper")

    async def stop(self) -> None:
        """Stop, once a snapshot that is being written is whole."""
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while not self._stopping.is_set():
            position = self._projections.position
            if self._snapshots.due(position) and self._log.acknowledged - position < _NEAR:
                await asyncio.to_thread(self._snapshots.write, take(self._projections))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), _EVERY)
