"""What an appender comes to lands in the event loop, all that ends together at once."""

from __future__ import annotations

import asyncio

import pytest

from domain.events import ForceRegistered, Recorded
from domain.force import Force
from event_store.faults import Taken
from event_store.promise import Outcome, Promise, settle
from service.intake.landing import Landing


def recorded(position: int) -> Recorded:
    return Recorded(position, 0, "force:f", position, ForceRegistered(Force("f", "f")))


def nothing() -> None:
    """What is waited for here was begun."""


def test_results_and_refusals_land_with_those_who_wait_for_them() -> None:
    outcomes: list[Outcome] = [recorded(i) if i % 10 else Taken(f"{i}") for i in range(100)]

    async def wait() -> list[object]:
        landing = Landing(nothing)
        appends = [Promise() for _ in outcomes]
        waiting = [asyncio.ensure_future(landing.of(each)) for each in appends]
        await asyncio.sleep(0)
        await asyncio.to_thread(settle, appends, outcomes)
        return list(await asyncio.gather(*waiting, return_exceptions=True))

    assert asyncio.run(wait()) == outcomes


def test_the_loop_is_woken_once_for_all_that_end_together(monkeypatch: pytest.MonkeyPatch) -> None:
    async def wait() -> int:
        landing = Landing(nothing)
        appends = [Promise() for _ in range(100)]
        waiting = [asyncio.ensure_future(landing.of(each)) for each in appends]
        await asyncio.sleep(0)
        woken = 0
        wake = landing.loop.call_soon_threadsafe

        def count(*called: object) -> object:
            nonlocal woken
            woken += 1
            return wake(*called)  # type: ignore[arg-type]  # as it was called

        with monkeypatch.context() as counting:
            counting.setattr(landing.loop, "call_soon_threadsafe", count)
            settle(appends, [recorded(i) for i in range(100)])
        await asyncio.gather(*waiting)
        return woken

    assert asyncio.run(wait()) == 1


def test_what_has_ended_before_it_is_waited_for_lands_too() -> None:
    async def wait() -> Recorded:
        ended = Promise()
        settle([ended], [recorded(7)])
        return await Landing(nothing).of(ended)

    assert asyncio.run(wait()) == recorded(7)


def test_who_no_longer_waits_keeps_nobody_else_from_landing() -> None:
    async def wait() -> Recorded:
        landing = Landing(nothing)
        first, second = Promise(), Promise()
        gone, stays = (asyncio.ensure_future(landing.of(each)) for each in (first, second))
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        await asyncio.to_thread(settle, [first], [recorded(1)])
        await asyncio.to_thread(settle, [second], [recorded(2)])
        return await stays

    assert asyncio.run(wait()) == recorded(2)


def test_all_that_is_waited_for_in_one_turn_is_begun_once() -> None:
    begun: list[int] = []
    appends = [Promise() for _ in range(10)]

    async def wait() -> None:
        def begin() -> None:
            begun.append(len(waiting))
            settle(appends, [recorded(i) for i in range(10)])

        landing = Landing(begin)
        waiting = [asyncio.ensure_future(landing.of(each)) for each in appends[:5]]
        waiting.append(asyncio.ensure_future(landing.of_all(appends[5:])))  # type: ignore[arg-type]  # it gives nothing
        await asyncio.gather(*waiting)

    asyncio.run(wait())
    assert begun == [6]
