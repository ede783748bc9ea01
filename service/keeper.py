"""Keeps a snapshot at hand while the service runs."""

from __future__ import annotations

import asyncio

from event_store.log import Log
from projections.projections import Projections
from service.background import Background
from service.snapshots import Snapshots, take

_EVERY = 1.0  # seconds between looks
_NEAR = 1000
"""While the projections are further behind, there is better to do than to write down where they are."""


class Keeper(Background):
    """Writes a snapshot in a thread whenever one is due; nobody waits for it."""

    def __init__(self, log: Log, projections: Projections, snapshots: Snapshots) -> None:
        super().__init__()
        self._log = log
        self._projections = projections
        self._snapshots = snapshots

    async def _run(self) -> None:
        while not self._stopping.is_set():
            position = self._projections.position
            if self._snapshots.due(position) and self._log.acknowledged - position < _NEAR:
                await asyncio.to_thread(self._snapshots.write, take(self._projections))
            await self._rest(_EVERY)
