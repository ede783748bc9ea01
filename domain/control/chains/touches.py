"""From which instant on a place's claims were others than before, by when that became known."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator

NOT = 2**63
"""After every instant."""


_BLOCK = 64


class Touches:
    """Positions are of the log, instants of valid time. What is said from an instant on bears on none before it."""

    __slots__ = ("_earliest", "_instants", "_least", "_lowest", "_positions")

    def __init__(self) -> None:
        self._positions = array("q")
        self._instants = array("q")
        self._least = array("q")  # the least instant of each block of them
        self._lowest = array("q")  # those with none as early after them: their instants rise
        self._earliest = array("q")

    @property
    def last(self) -> int:
        """The position of the last of them; 0 without any."""
        return self._positions[-1] if self._positions else 0

    def add(self, position: int, instant: int) -> None:
        """What became known at a position, later than all before, touches nothing before an instant."""
        if len(self._positions) % _BLOCK:
            self._least[-1] = min(self._least[-1], instant)
        else:
            self._least.append(instant)
        self._positions.append(position)
        self._instants.append(instant)
        while self._earliest and self._earliest[-1] >= instant:
            self._earliest.pop()
            self._lowest.pop()
        self._lowest.append(position)
        self._earliest.append(instant)

    def since(self, position: int) -> int:
        """The first instant touched by what became known after a position; NOT if nothing was."""
        n = bisect_right(self._lowest, position)
        return self._earliest[n] if n < len(self._earliest) else NOT

    def newest(self, q: int) -> int:
        """The last position at which something became known that bears on an instant; 0 without any."""
        n = bisect_right(self._earliest, q)
        return self._lowest[n - 1] if n else 0

    def last_before(self, position: int, q: int) -> int:
        """The last position up to another at which something became known that bears on an instant; 0 without any."""
        n = bisect_right(self._positions, position) - 1
        while n >= 0:
            if n % _BLOCK == _BLOCK - 1 and self._least[n // _BLOCK] > q:
                n -= _BLOCK
            elif self._instants[n] <= q:
                return self._positions[n]
            else:
                n -= 1
        return 0

    def after(self, position: int) -> Iterator[tuple[int, int]]:
        """Each later position with the first instant that it touches, in order."""
        n = bisect_right(self._positions, position)
        return zip(self._positions[n:], self._instants[n:], strict=True)

    def following(self, position: int, q: int) -> int | None:
        """The first position after another at which something became known that bears on an instant."""
        if not self._lowest or self._lowest[-1] <= position or self.since(position) > q:
            return None
        n = bisect_right(self._positions, position)
        while n < len(self._positions):
            if not n % _BLOCK and self._least[n // _BLOCK] > q:
                n += _BLOCK
            elif self._instants[n] <= q:
                return self._positions[n]
            else:
                n += 1
        return None

    def all(self) -> Iterator[tuple[int, int]]:
        """Each position with the first instant that it touches, in order."""
        return zip(self._positions, self._instants, strict=True)


def following(touches: Iterable[Touches], position: int, q: int) -> int | None:
    """The first position after another at which something in any of them became known that bears on an instant."""
    found = None
    for each in touches:
        first = each.following(position, q)
        found = first if found is None else min(found, first or found)
    return found
