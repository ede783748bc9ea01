"""Answers about one place that were given before, kept for as long as they hold."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, NamedTuple, TypeVar

from domain.control.answer import Answer
from domain.control.chains.touches import Touches
from domain.when.instant import BEGINNING, END

T = TypeVar("T")


@dataclass(slots=True)
class Cell:
    """An answer that holds from `start` until, not including, `end`.

    `confirmed` is whether it is confirmed at whatever instant is asked about: then its own `last_confirmed` is not.
    `known_from` is a position from which on that was the answer. `slot` is where whoever keeps it has it, 0 where
    nobody does. `made` and `part` are for whoever makes something of the answer and would keep it with it: all of it,
    or what does not hang on the instant.
    """

    start: int
    end: int
    answer: Answer
    confirmed: bool
    known_from: int = 0
    slot: int = 0
    made: Any = None
    part: Any = None

    def at(self, q: int) -> Answer:
        return replace(self.answer, last_confirmed=q) if self.confirmed else self.answer

    def says_the_same(self, other: Cell) -> bool:
        """At the instant that the other begins at."""
        return self.confirmed == other.confirmed and self.at(other.start) == other.at(other.start)


class Cells:
    """About one place, as known until, not including, a position; None is as known now. They don't overlap.

    Those of what is known now are by all that was known at position `known_to`; `checked` is whatever tells how much
    was known when somebody last looked whether they still hold, and `touches` what can have made them hold no longer.
    """

    __slots__ = ("_cells", "_starts", "by_side", "checked", "known_to", "place", "touches", "until")

    def __init__(self, place: str = "", by_side: bool = False, until: int | None = None) -> None:
        self.place = place
        self.by_side = by_side
        self.until = until
        self.known_to = 0
        self.checked: Any = None
        self.touches: Sequence[Touches] = ()
        self._starts = array("q")
        self._cells: list[Cell] = []

    def __len__(self) -> int:
        return len(self._cells)

    def find(self, q: int) -> Cell | None:
        n = bisect_right(self._starts, q) - 1
        if n < 0:
            return None
        cell = self._cells[n]
        return cell if q < cell.end else None

    def __iter__(self) -> Iterator[Cell]:
        """In order."""
        return iter(self._cells)

    @property
    def last(self) -> Cell:
        """There must be one."""
        return self._cells[-1]

    @property
    def end(self) -> int:
        """Where the last of them ends; BEGINNING without any."""
        return self._cells[-1].end if self._cells else BEGINNING

    def fit(self, cell: Cell, q: int) -> None:
        """Let one that is to be put in for an instant at which there is none reach no further than there is room."""
        n = bisect_right(self._starts, q)
        if n:
            cell.start = max(cell.start, self._cells[n - 1].end)
        if n < len(self._starts):
            cell.end = min(cell.end, self._starts[n])

    def put(self, cell: Cell) -> Cell:
        """One more, where there is room; if the one that ends at its start says the same, that one reaches further
        instead: the one that is kept."""
        n = bisect_left(self._starts, cell.start)
        before = self._cells[n - 1] if n else None
        joins = before is not None and before.end == cell.start and before.known_from == cell.known_from
        if before is not None and joins and before.says_the_same(cell):
            before.end = cell.end
            return before
        self._insert(n, cell)
        return cell

    def _insert(self, n: int, cell: Cell) -> None:
        self._starts.insert(n, cell.start)
        self._cells.insert(n, cell)

    def take(self, cells: Iterable[Cell]) -> None:
        """Others, as they are."""
        for cell in cells:
            self._insert(bisect_left(self._starts, cell.start), cell)

    def cut(self, instant: int) -> list[Cell]:
        """Take everything from an instant on out of them, and give it in order; one that it lies in is cut in two."""
        n = bisect_left(self._starts, instant)
        found = self._cells[n:]
        del self._starts[n:], self._cells[n:]
        if n and (last := self._cells[-1]).end > instant:
            found.insert(0, replace(last, start=instant, slot=0))
            last.end = instant
        return found

    def carve(self, start: int, end: int) -> tuple[Cell, Cell | None]:
        """Take a stretch out of the one cell that it lies in: that cell, which may end where it begins now, and what is
        left of it after the stretch, where something is."""
        n = bisect_right(self._starts, start) - 1
        cell = self._cells[n]
        rest = replace(cell, start=end, slot=0) if end < cell.end else None
        cell.end = start
        if rest is not None:
            self._insert(n + 1, rest)
        if cell.start == start:
            del self._starts[n], self._cells[n]
        return cell, rest

    def clear(self) -> list[Cell]:
        """Take all of them out."""
        return self.cut(BEGINNING)


class Found(NamedTuple, Generic[T]):
    """What is there of the answers about many places: each one's, or None; and which of the places have none."""

    each: list[T | None]
    missing: list[int]


def covers(cells: Iterable[Cell], instant: int) -> bool:
    """Whether cells in order leave nothing out from an instant on."""
    for cell in cells:
        if cell.start > instant:
            return False
        instant = cell.end
    return instant == END
