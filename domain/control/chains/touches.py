"""From which instant on a place's claims were others than before, by when that became known."""

from __future__ import annotations

from bisect import bisect_right

NOT = 2**63
"""After every instant."""


class Touches:
    """Positions are of the log, instants of valid time. What is said from an instant on bears on none before it."""

    __slots__ = ("_earliest", "_positions")

    def __init__(self) -> None:
        self._positions: list[int] = []  # each with the least instant touched by then or after it; both rise
        self._earliest: list[int] = []

    @property
    def last(self) -> int:
        """The position of the last of them."""
        return self._positions[-1] if self._positions else 0

    def add(self, position: int, instant: int) -> None:
        """What became known at a position, no earlier than any before, touches nothing before an instant."""
        while self._earliest and self._earliest[-1] >= instant:
            self._earliest.pop()
            self._positions.pop()
        self._positions.append(position)
        self._earliest.append(instant)

    def since(self, position: int) -> int:
        """The first instant touched by what became known after a position; NOT if nothing was."""
        n = bisect_right(self._positions, position)
        return self._earliest[n] if n < len(self._earliest) else NOT
