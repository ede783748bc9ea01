"""Answers about one place that were given before, kept for as long as they hold."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from domain.control.answer import Answer


@dataclass(slots=True)
class Cell:
    """An answer that holds from `start` until, not including, `end`.

    `confirmed` is whether it is confirmed at whatever instant is asked about: then its own `last_confirmed` is not.
    `made` and `part` are for whoever makes something of the answer and would keep it with it: all of it,
    or what does not hang on the instant.
    """

    start: int
    end: int
    answer: Answer
    confirmed: bool
    made: Any = None
    part: Any = None

    def at(self, q: int) -> Answer:
        return replace(self.answer, last_confirmed=q) if self.confirmed else self.answer


class Cells:
    """As known at one time; of what is known now, by all that was known at position `known_to`. They don't overlap.

    `checked` is whatever tells how much was known when somebody last looked whether they still hold.
    """

    __slots__ = ("_cells", "_starts", "checked", "known_to")

    def __init__(self) -> None:
        self.known_to = 0
        self.checked = -1
        self._starts: list[int] = []
        self._cells: list[Cell] = []

    def __len__(self) -> int:
        return len(self._cells)

    def find(self, q: int) -> Cell | None:
        n = bisect_right(self._starts, q) - 1
        if n < 0:
            return None
        cell = self._cells[n]
        return cell if q < cell.end else None

    def put(self, cell: Cell) -> None:
        """One more; where it says what the one that ends at its start says, that one reaches further instead."""
        n = bisect_left(self._starts, cell.start)
        before = self._cells[n - 1] if n else None
        alike = before is not None and before.end == cell.start and before.confirmed == cell.confirmed
        if before is not None and alike and (before.at(cell.start) == cell.at(cell.start)):
            before.end = cell.end
        else:
            self._starts.insert(n, cell.start)
            self._cells.insert(n, cell)

    def cut(self, instant: int) -> None:
        """Forget everything from an instant on."""
        n = bisect_left(self._starts, instant)
        del self._starts[n:], self._cells[n:]
        if n and self._cells[-1].end > instant:
            self._cells[-1].end = instant


def each_at(of_many: Iterable[Cells], q: int) -> Iterator[Cell | None]:
    """What `find` finds in each of many, in order; without a call for each, which would take as long again."""
    for cells in of_many:
        n = bisect_right(cells._starts, q)
        if n and q < (cell := cells._cells[n - 1]).end:
            yield cell
        else:
            yield None
