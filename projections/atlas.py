"""Answers about all places, in columns: a whole map at any pair of times is one pass over them (architecture.md)."""

from __future__ import annotations

from array import array
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from domain.control.chains.cells import Cell, Found
from projections.numbers import Numbers

if TYPE_CHECKING:
    import numpy as np

_FOREVER = 2**31 - 1
"""Until when what still stands is known."""


class Atlas:
    """A row for each answer that is kept: the number of its place, and from when until when it holds by both clocks.

    Instants are of valid time, positions of the log. Rows of one place don't overlap, but where they say the same. What
    a row had is given to the next when its answer is dropped; row 0 is nobody's.
    """

    def __init__(self) -> None:
        self._places: Numbers[str] = Numbers()
        self._place = array("i", [0])
        self._start = array("q", [0])
        self._end = array("q", [0])
        self._known_from = array("i", [0])
        self._known_to = array("i", [0])
        self._cells: list[Cell | None] = [None]
        self._free: list[int] = []
        self._objects: Any = None  # the cells once more, for them to be picked at once
        self._ordered: tuple[Collection[str], Any] = ((), None)

    def __len__(self) -> int:
        """How many answers it has."""
        return len(self._cells) - 1 - len(self._free)

    def put(self, place: str, cell: Cell, known_to: int | None = None) -> None:
        """An answer about a place, known from its position on until, not including, another; None for still known."""
        row = (self._places[place], cell.start, cell.end, cell.known_from, _FOREVER if known_to is None else known_to)
        columns = (self._place, self._start, self._end, self._known_from, self._known_to)
        if self._free:
            cell.slot = self._free.pop()
            for column, value in zip(columns, row, strict=True):
                column[cell.slot] = value
            self._cells[cell.slot] = cell
        else:
            cell.slot = len(self._cells)
            for column, value in zip(columns, row, strict=True):
                column.append(value)
            self._cells.append(cell)
        if self._objects is not None and cell.slot < len(self._objects):
            self._objects[cell.slot] = cell

    def resize(self, cell: Cell) -> None:
        """It ends at another instant than it did; nothing is done where it is not here."""
        if cell.slot:
            self._end[cell.slot] = cell.end

    def close(self, cell: Cell, known_to: int) -> None:
        """It holds no longer from a position on."""
        self._known_to[cell.slot] = known_to

    def drop(self, cell: Cell) -> None:
        """It is no longer kept."""
        if cell.slot:
            self._known_to[cell.slot] = 0
            self._cells[cell.slot] = None
            if self._objects is not None and cell.slot < len(self._objects):
                self._objects[cell.slot] = None
            self._free.append(cell.slot)
            cell.slot = 0

    def find(self, places: Collection[str], q: int, known_at: int) -> Found:
        """What is there of the answers about places at an instant, as known at a position, in their order."""
        import numpy as np  # a tenth of a start, which the first answer need not wait for

        known_at = min(known_at, _FOREVER - 1)
        start, end = np.frombuffer(self._start, np.int64), np.frombuffer(self._end, np.int64)
        known_from, known_to = np.frombuffer(self._known_from, np.int32), np.frombuffer(self._known_to, np.int32)
        holds = start <= q
        holds &= end > q
        holds &= known_from <= known_at
        holds &= known_to > known_at
        rows = np.flatnonzero(holds)
        numbers = self._numbers(places)
        row_of = np.zeros(len(self._places), np.intp)
        row_of[np.frombuffer(self._place, np.int32)[rows]] = rows
        wanted = row_of[numbers]
        return Found(self._picked(wanted), np.flatnonzero(wanted == 0).tolist())

    def _numbers(self, places: Collection[str]) -> np.ndarray[Any, Any]:
        """The numbers of places, kept as long as the very same are asked for."""
        if self._ordered[0] is not places:
            import numpy as np

            self._ordered = places, np.array([self._places[place] for place in places], np.intp)
        found: np.ndarray[Any, Any] = self._ordered[1]
        return found

    def _picked(self, rows: np.ndarray[Any, Any]) -> list[Cell | None]:
        import numpy as np

        if self._objects is None or len(self._objects) < len(self._cells):
            self._objects = np.empty(len(self._cells) * 5 // 4 + 1, object)
            self._objects[: len(self._cells)] = self._cells
        picked: list[Cell | None] = self._objects[rows].tolist()
        return picked
