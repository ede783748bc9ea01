"""Answers on all places, in columns: a whole map at any pair of times is one look at a page of it (architecture.md)."""

from __future__ import annotations

from array import array
from collections.abc import Collection
from typing import TYPE_CHECKING

from domain.control.answer import JoinsBy
from domain.control.chains.cells import Cell, Found
from projections.numbers import Numbers

if TYPE_CHECKING:
    from projections.lookup import Lookup

FOREVER = 2**31 - 1
"""Until when what still stands is known."""


class Atlas:
    """A row for each answer that is kept: the number of its place, and from when until when it holds by both clocks.

    Instants are of valid time, positions of the log. Rows of one place don't overlap, but where they say the same. What
    a row had is given to the next when its answer is dropped; row 0 is nobody's.
    """

    def __init__(self) -> None:
        self.places: Numbers[str] = Numbers()
        self.things: Numbers[JoinsBy | None] = Numbers()
        """All that is shown anywhere; 0 is nothing."""
        self.place = array("i", [0])
        self.what = array("i", [self.things[None]])
        self.start = array("q", [0])
        self.end = array("q", [0])
        self.known_from = array("i", [0])
        self.known_to = array("i", [0])
        self.rows: list[Cell | None] = [None]
        self._lookup: Lookup | None = None
        self._free: list[int] = []

    def __len__(self) -> int:
        """How many answers it has."""
        return len(self.rows) - 1 - len(self._free)

    def put(self, place: str, cell: Cell, known_to: int | None = None) -> None:
        """An answer about a place, known from its position on until, not including, another; None for still known."""
        times = (cell.start, cell.end, cell.known_from, FOREVER if known_to is None else known_to)
        row = (self.places[place], self.things[cell.answer.joins_by], *times)
        columns = (self.place, self.what, self.start, self.end, self.known_from, self.known_to)
        if self._free:
            cell.slot = self._free.pop()
            for column, value in zip(columns, row, strict=True):
                column[cell.slot] = value
            self.rows[cell.slot] = cell
        else:
            cell.slot = len(self.rows)
            for column, value in zip(columns, row, strict=True):
                column.append(value)
            self.rows.append(cell)
        self._change(cell.slot)

    def resize(self, cell: Cell) -> None:
        """It ends at another instant than it did; nothing is done where it is not here."""
        if cell.slot:
            self.end[cell.slot] = cell.end
            self._change(cell.slot)

    def close(self, cell: Cell, known_to: int) -> None:
        """It holds no longer from a position on."""
        self.known_to[cell.slot] = known_to
        self._change(cell.slot)

    def drop(self, cell: Cell) -> None:
        """It is no longer kept."""
        if cell.slot:
            self.known_to[cell.slot] = 0
            self.rows[cell.slot] = None
            self._change(cell.slot)
            self._free.append(cell.slot)
            cell.slot = 0

    def cells(self, places: Collection[str], q: int, known_at: int) -> Found[Cell]:
        """What is there of the answers about places at an instant, as known at a position, in their order."""
        return self._looking().cells(places, q, min(known_at, FOREVER - 1))

    def shown(self, places: Collection[str], q: int, known_at: int) -> Found[JoinsBy]:
        """The same of what is shown: it is looked up among the few things that are, in two thirds of the time."""
        return self._looking().shown(places, q, min(known_at, FOREVER - 1))

    def _change(self, row: int) -> None:
        if self._lookup is not None:
            self._lookup.change(row)

    def _looking(self) -> Lookup:
        if self._lookup is None:
            from projections.lookup import Lookup  # with numpy, a tenth of a start: the first answer needs it not

            self._lookup = Lookup(self)
        return self._lookup
