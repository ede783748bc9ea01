"""A long answer lets others have their turn."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from service import turns as taking
from service.turns import in_turns


def test_a_long_answer_gives_way_and_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "_TURN", 0.0)
    turns = 0

    def steps() -> Iterator[int | None]:
        for i in range(100):
            yield i if i % 10 == 0 else None

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def ask() -> list[int]:
        others_at_work = asyncio.create_task(others())
        found = await in_turns(steps())
        others_at_work.cancel()
        return found

    assert asyncio.run(ask()) == list(range(0, 100, 10))
    assert turns > 50


def test_a_short_answer_does_not_wait_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "_TURN", 60.0)
    with pytest.raises(StopIteration) as ended:
        in_turns(iter([1, 2, 3])).send(None)  # it ends without having waited once
    assert ended.value.value == [1, 2, 3]
