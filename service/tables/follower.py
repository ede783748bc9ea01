"""Keeps the chronology's tables in step with the log by a process of their own (service/tables/filler.py)."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import orjson

from event_store.faults import StoreFault
from projections.chronology.chronology import Chronology
from service.awaited import Awaited
from service.logs import SERVICE

_SETTLING = 1.0  # seconds until the first process, unless somebody waits: the first questions are others
_RETRY = 0.5  # seconds until another process takes the place of one that ended
_PATIENCE = 10.0  # seconds that it gets to stop in; one transaction takes less than one
_HOUSE = Path(__file__).parents[2]
"""Where Python finds this program, wherever it was started."""


class Stuck(StoreFault):
    """The tables can't go on; the message says at which event, and why."""


class TablesFollower:
    """The duties of `service.follower.Following`. The tables stand in the store of that address.

    What is filled here shares no interpreter lock with the requests. A process that ends is replaced, but for one that
    can't go on: that is told to `on_failure`.
    """

    def __init__(self, store: str, chronology: Chronology, on_failure: Callable[[Exception], None], level: str) -> None:
        self._command = (sys.executable, "-m", "service.tables.filler", store, level)
        self._chronology = chronology
        self._on_failure = on_failure
        self._awaited = Awaited()
        self._stopping = asyncio.Event()
        self._wanted = asyncio.Event()
        self._stuck = False
        self._process: Process | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="tables")

    async def stop(self) -> None:
        self._stopping.set()
        self._wanted.set()
        self._end()
        if self._task is not None:
            done, _ = await asyncio.wait([self._task], timeout=_PATIENCE)
            if not done and self._process is not None:
                self._process.kill()
            await self._task

    async def reach(self, position: int, patience: float) -> bool:
        if self._chronology.position >= position:
            return True
        self._ask()
        return await self._awaited.reach(position, patience)

    def let_go(self) -> None:
        self._awaited.let_go()

    async def _run(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wanted.wait(), _SETTLING)
        while not self._stopping.is_set():
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdin=PIPE, stdout=PIPE, cwd=_HOUSE, start_new_session=True
            )
            if self._stopping.is_set():
                self._end()
            if self._process.stdout is not None:
                await self._hear(self._process.stdout)
            status = await self._process.wait()
            if self._stuck or self._stopping.is_set():
                return
            fields = {"process": self._process.pid, "status": status}
            SERVICE.warning("what fills the tables ended, another takes its place", extra={"fields": fields})
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), _RETRY)

    async def _hear(self, lines: asyncio.StreamReader) -> None:
        """Until it has nothing more to say."""
        async for line in lines:
            told = orjson.loads(line)
            if "failure" in told:
                self._stuck = True
                self._on_failure(Stuck(told["failure"]))
            else:
                self._chronology.position = told["position"]
                self._awaited.reached(told["position"])

    def _ask(self) -> None:
        """Somebody waits. A process that has ended need not know: the next one takes in all there is at once."""
        self._wanted.set()
        if self._process is not None and self._process.stdin is not None and not self._process.stdin.is_closing():
            self._process.stdin.write(b".")

    def _end(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
