"""Work on a store by way of the intake, from beginning to end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from service.cli.failing import NO, end
from service.clock import system_clock
from service.settings import Settings
from service.wiring import Service, open_service

T = TypeVar("T")


async def taking_in(settings: Settings, work: Callable[[Service], Coroutine[Any, Any, T]], *, create: bool = True) -> T:
    """What the work returns; `create` makes the store where there is none.

    Ends the program where the store's log can't be followed.
    """
    failures: list[Exception] = []
    service = open_service(settings, system_clock, failures.append, create=create)
    service.follower.start()
    taking = asyncio.create_task(_caught_up(service, work))
    try:
        while not taking.done() and not failures:
            await asyncio.wait([taking], timeout=0.2)
        if failures:
            end(f"stopped: {failures[0]}", NO)
        return taking.result()
    finally:
        taking.cancel()
        await service.follower.stop()
        service.log.close()


async def _caught_up(service: Service, work: Callable[[Service], Coroutine[Any, Any, T]]) -> T:
    """Begin once all that stands is known: else what came first could be refused, and what came later be taken."""
    head = await asyncio.to_thread(service.log.head)
    while not await service.follower.reach(head, 1.0):
        pass
    return await work(service)
