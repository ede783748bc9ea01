"""Filing many reports: a bounded number under way at once, told in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from domain.faults import Conflict, Fault
from service.intake.filings import Filing
from service.intake.intake import Intake, Receipt
from service.turns import Turn

FILINGS_UNDER_WAY = 512
BYTES_UNDER_WAY = 8_388_608

Outcome = Receipt | Exception
"""What became of one: a Fault is its own, a StoreFault the store's, and any other exception is ours."""
Tell = Callable[[Filing, Outcome], None]


async def file_all(filings: AsyncIterator[Filing], intake: Intake, tell: Tell) -> None:
    """File them; `tell` hears of each, in order.

    Many are under way at once, so that they share commits. One that is refused while others before it were under way is
    decided on again after them: it may name one of them. (One that names a later one may find it, or be refused.)
    Memory is bounded, however many there are.
    """
    room = _Room()
    before: asyncio.Task[None] | None = None
    turn = Turn()
    async with asyncio.TaskGroup() as group:
        async for filing in filings:
            await room.enter(filing.size)
            before = group.create_task(_file(filing, before, intake, tell, room))
            await turn.give_way()  # a chunk can hold many


async def _file(filing: Filing, before: asyncio.Task[None] | None, intake: Intake, tell: Tell, room: _Room) -> None:
    alone = before is None or before.done()
    outcome = await _outcome(filing, intake)
    if before is not None:
        await before
    if isinstance(outcome, Fault) and not alone:
        outcome = await _outcome(filing, intake)
    tell(filing, outcome)
    room.leave(filing.size)


async def _outcome(filing: Filing, intake: Intake) -> Outcome:
    if isinstance(filing.content, Fault):
        return filing.content
    try:
        return await intake.file(filing.id, filing.content)
    except Conflict as conflict:
        return conflict if filing.named else Conflict(f"the id made for it, {filing.id!r}, is another report's")
    except Exception as error:
        return error


class _Room:
    """How many may be under way, and how large they may be together; one always may."""

    def __init__(self) -> None:
        self._count = 0
        self._bytes = 0
        self._left = asyncio.Event()

    async def enter(self, size: int) -> None:
        while self._count and (self._count >= FILINGS_UNDER_WAY or self._bytes + size > BYTES_UNDER_WAY):
            self._left.clear()
            await self._left.wait()
        self._count += 1
        self._bytes += size

    def leave(self, size: int) -> None:
        self._count -= 1
        self._bytes -= size
        self._left.set()
