"""Answers about control that were given before, for as long as they hold."""

from __future__ import annotations

from collections import OrderedDict

from domain.control.chains.cells import Cell, Cells

_CELLS = 1_000_000
"""How many answers are kept; of the places that were asked about longest ago, they are forgotten."""


class Remembered:
    """Cells by place, and by whether forces are shown by side."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, bool], Cells] = OrderedDict()
        self._count = 0

    def cells(self, place: str, by_side: bool) -> Cells:
        key = (place, by_side)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = Cells()
        return found

    def cut(self, cells: Cells, instant: int) -> None:
        """What was answered about an instant or one after it no longer holds."""
        before = len(cells)
        cells.cut(instant)
        self._count -= before - len(cells)

    def put(self, place: str, by_side: bool, cell: Cell) -> None:
        cells = self.cells(place, by_side)
        before = len(cells)
        cells.put(cell)
        self._count += len(cells) - before
        self._kept.move_to_end((place, by_side))
        while self._count > _CELLS and len(self._kept) > 1:
            _, forgotten = self._kept.popitem(last=False)
            self._count -= len(forgotten)
