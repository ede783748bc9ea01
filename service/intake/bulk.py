"""Filing many reports: a bounded number under way at once, told in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from itertools import islice

from domain.faults import Conflict, Fault
from domain.report import Report
from service.intake.filings import Filing
from service.intake.intake import Intake, Receipt
from service.turns import Turn

FILINGS_UNDER_WAY = 1024
BYTES_UNDER_WAY = 8_388_608
_RUN = 128

Run = Sequence[Filing]
"""Some that follow on each other, proposed together: they are one task, and wait once."""
Outcome = Receipt | Exception
"""What became of one: a Fault is its own, a StoreFault the store's, and any other exception is ours."""
Tell = Callable[[Sequence[tuple[Filing, Outcome]]], None]


def in_runs(filings: Iterable[Filing]) -> Iterator[Run]:
    """All that are at hand, so many at a time."""
    left = iter(filings)
    while run := list(islice(left, _RUN)):
        yield run


async def file_all(runs: AsyncIterator[Run], intake: Intake, tell: Tell) -> None:
    """File them; `tell` hears of each, in order, a run at a time.

    Many are under way at once, so that they share commits. One that is refused is decided on again after all before it:
    it may name one of them. (One that names a later one may find it, or be refused.) Memory is bounded, however many
    there are.
    """
    room = _Room()
    before: asyncio.Task[None] | None = None
    turn = Turn()
    async with asyncio.TaskGroup() as group:
        async for run in runs:
            await room.enter(run)
            before = group.create_task(_file(run, before, intake, tell, room))
            await turn.give_way()  # a chunk can hold many


async def _file(run: Run, before: asyncio.Task[None] | None, intake: Intake, tell: Tell, room: _Room) -> None:
    proposed = [(each, each.content) for each in run if isinstance(each.content, Report)]
    found = await intake.file_many([(filing.id, report) for filing, report in proposed])
    outcomes = dict(zip((filing.number for filing, _ in proposed), found, strict=True))
    if before is not None:
        await before
    left = [filing for filing in run if outcomes.get(filing.number) is None]
    outcomes |= zip((filing.number for filing in left), await _by_themselves(left, intake), strict=True)
    tell([(filing, outcome) for filing in run if (outcome := outcomes[filing.number]) is not None])
    room.leave(run)


async def _by_themselves(filings: Sequence[Filing], intake: Intake) -> list[Outcome]:
    """All at once; one that is refused is decided on again after those before it, where one of them was filed."""
    found = await asyncio.gather(*(_outcome(filing, intake) for filing in filings))
    filed = False
    for i, (filing, outcome) in enumerate(zip(filings, found, strict=True)):
        if filed and isinstance(outcome, Fault):
            found[i] = await _outcome(filing, intake)
        filed = filed or isinstance(found[i], Receipt)
    return found


async def _outcome(filing: Filing, intake: Intake) -> Outcome:
    if isinstance(filing.content, Fault):
        return filing.content
    try:
        return await intake.file_looking(filing.id, filing.content)
    except Conflict as conflict:
        return conflict if filing.named else Conflict(f"the id made for it, {filing.id!r}, is another report's")
    except Exception as error:
        return error


class _Room:
    """How many may be under way, and how large they may be together; one run always may."""

    def __init__(self) -> None:
        self._count = 0
        self._bytes = 0
        self._left = asyncio.Event()

    async def enter(self, run: Run) -> None:
        size = sum(each.size for each in run)
        while self._count and (self._count + len(run) > FILINGS_UNDER_WAY or self._bytes + size > BYTES_UNDER_WAY):
            self._left.clear()
            await self._left.wait()
        self._count += len(run)
        self._bytes += size

    def leave(self, run: Run) -> None:
        self._count -= len(run)
        self._bytes -= sum(each.size for each in run)
        self._left.set()
