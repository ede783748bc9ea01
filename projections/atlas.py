"""Answers about all places, in columns: a whole map at any pair of times is one pass over them (architecture.md)."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from domain.control.answer import JoinsBy
from domain.control.chains.cells import Cell, Found
from projections.numbers import Numbers

if TYPE_CHECKING:
    import numpy as np

    Rows = np.ndarray[Any, np.dtype[np.intp]]

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
        self._shown: Numbers[JoinsBy | None] = Numbers()
        self._what = array("i", [self._shown[None]])
        self._cells: list[Cell | None] = [None]
        self._free: list[int] = []
        self._objects: Any = None  # the cells once more, for them to be picked at once
        self._things: Any = ()  # and what is shown
        self._ordered: tuple[Collection[str], Any] = ((), None)

    def __len__(self) -> int:
        """How many answers it has."""
        return len(self._cells) - 1 - len(self._free)

    def put(self, place: str, cell: Cell, known_to: int | None = None) -> None:
        """An answer about a place, known from its position on until, not including, another; None for still known."""
        times = (cell.start, cell.end, cell.known_from, _FOREVER if known_to is None else known_to)
        row = (self._places[place], self._shown[cell.answer.joins_by], *times)
        columns = (self._place, self._what, self._start, self._end, self._known_from, self._known_to)
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

    def cells(self, places: Collection[str], q: int, known_at: int) -> Found[Cell]:
        """What is there of the answers about places at an instant, as known at a position, in their order."""
        rows = self._rows(places, q, known_at)
        if self._objects is None or len(self._objects) < len(self._cells):
            self._objects = _objects(self._cells, len(self._cells) * 5 // 4 + 1)
        return Found(self._objects[rows].tolist(), _missing(rows))

    def shown(self, places: Collection[str], q: int, known_at: int) -> Found[JoinsBy]:
        """The same of what is shown: it is looked up among the few things that are, in a third of the time."""
        import numpy as np

        rows = self._rows(places, q, known_at)
        if len(self._things) < len(self._shown):
            self._things = _objects(self._shown.known, len(self._shown))
        return Found(self._things[np.frombuffer(self._what, np.int32)[rows]].tolist(), _missing(rows))

    def _rows(self, places: Collection[str], q: int, known_at: int) -> Rows:
        """The row of each of places that holds at an instant, as known at a position; 0 where there is none."""
        import numpy as np  # a tenth of a start, which the first answer need not wait for

        known_at = min(known_at, _FOREVER - 1)
        holds = np.frombuffer(self._start, np.int64) <= q
        holds &= np.frombuffer(self._end, np.int64) > q
        holds &= np.frombuffer(self._known_from, np.int32) <= known_at
        holds &= np.frombuffer(self._known_to, np.int32) > known_at
        held = np.flatnonzero(holds)
        if self._ordered[0] is not places:
            self._ordered = places, np.array([self._places[place] for place in places], np.intp)
        row_of = np.zeros(len(self._places), np.intp)
        row_of[np.frombuffer(self._place, np.int32)[held]] = held
        rows: Rows = row_of[self._ordered[1]]
        return rows


def _objects(values: Sequence[object], length: int) -> Any:
    """Values in an array, for many to be picked at once."""
    import numpy as np

    found = np.empty(length, object)
    found[: len(values)] = values
    return found


def _missing(rows: Rows) -> list[int]:
    import numpy as np

    found: list[int] = np.flatnonzero(rows == 0).tolist()
    return found
