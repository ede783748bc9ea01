"""Taking turns: who works in the event loop for long lets others in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from time import monotonic
from typing import TypeVar

T = TypeVar("T")

_TURN = 0.01  # seconds


class Turn:
    """How long one has worked since others had their turn."""

    def __init__(self) -> None:
        self._ends_at = monotonic() + _TURN

    async def give_way(self) -> None:
        """Let others work, if it is their turn."""
        if monotonic() >= self._ends_at:
            await asyncio.sleep(0)
            self._ends_at = monotonic() + _TURN


async def in_turns(steps: Iterable[T | None]) -> list[T]:
    """What the steps give, letting others have their turn between them."""
    return [step async for step in taking_turns(steps)]


async def taking_turns(steps: Iterable[T | None]) -> AsyncIterator[T]:
    """The same as they come.

    What is known at a position never changes, so what others append meanwhile changes nothing here.
    """
    turn = Turn()
    for step in steps:
        if step is not None:
            yield step
        await turn.give_way()
