"""What another thread comes to lands in the event loop, all that ends together at once."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future

import pytest

from event_store.faults import Taken
from service.intake.landing import Landing


def test_results_and_refusals_land_with_those_who_wait_for_them() -> None:
    async def wait() -> list[object]:
        landing = Landing()
        futures: list[Future[int]] = [Future() for _ in range(100)]
        waiting = [asyncio.ensure_future(landing.of(each)) for each in futures]
        await asyncio.sleep(0)

        def end() -> None:
            for i, each in enumerate(futures):
                if i % 10:
                    each.set_result(i)
                else:
                    each.set_exception(Taken(f"{i}"))

        await asyncio.to_thread(end)
        return list(await asyncio.gather(*waiting, return_exceptions=True))

    found = asyncio.run(wait())
    assert [each for each in found if isinstance(each, int)] == [i for i in range(100) if i % 10]
    assert [str(each) for each in found if isinstance(each, Taken)] == [str(i) for i in range(0, 100, 10)]


def test_what_has_ended_before_it_is_waited_for_lands_too() -> None:
    async def wait() -> int:
        ended: Future[int] = Future()
        ended.set_result(7)
        return await Landing().of(ended)

    assert asyncio.run(wait()) == 7


def test_who_no_longer_waits_keeps_nobody_else_from_landing() -> None:
    async def wait() -> int:
        landing = Landing()
        first: Future[int] = Future()
        second: Future[int] = Future()
        gone, stays = (asyncio.ensure_future(landing.of(each)) for each in (first, second))
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        await asyncio.to_thread(first.set_result, 1)
        await asyncio.to_thread(second.set_result, 2)
        return await stays

    assert asyncio.run(wait()) == 2
