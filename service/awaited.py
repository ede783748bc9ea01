"""Positions that are waited for."""

from __future__ import annotations

import asyncio


class Awaited:
    """Those who wait until what follows the log has reached a position. For one event loop; true while anybody does."""

    def __init__(self) -> None:
        self._waiting: list[tuple[int, asyncio.Future[bool]]] = []
        self._let_go = False

    def __bool__(self) -> bool:
        return bool(self._waiting)

    async def reach(self, position: int, patience: float) -> bool:
        """Wait until it is reached, or for that many seconds, or until nobody is to wait; whether it is."""
        if self._let_go:
            return False
        reached: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        entry = (position, reached)
        self._waiting.append(entry)
        try:
            return await asyncio.wait_for(reached, patience)
        except TimeoutError:
            return False
        finally:
            if entry in self._waiting:
                self._waiting.remove(entry)

    def reached(self, now: int) -> None:
        """Tell those who wait for no more than that."""
        for position, reached in self._waiting:
            if position <= now and not reached.done():
                reached.set_result(True)

    def let_go(self) -> None:
        """Nobody waits any longer, now or later."""
        self._let_go = True
        for _, reached in self._waiting:
            if not reached.done():
                reached.set_result(False)
