"""Answers about control that were given before, for as long as they hold."""

from __future__ import annotations

from collections import OrderedDict

from domain.control.chains.cells import Cell, Cells

CELLS = 2_500_000
"""How many answers are kept, and lists of them; what was asked for longest ago is forgotten."""

_Key = tuple[str, bool, int | None]


class Remembered:
    """Cells by place, by whether forces are shown by side, and by when something else came to be known, if it did."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, Cells] = OrderedDict()
        self._count = 0
        self.forgotten = 0
        """How often something was forgotten."""

    @property
    def has_room(self) -> bool:
        return self._count < CELLS * 3 // 4

    def cells(self, place: str, by_side: bool, until: int | None) -> Cells:
        """Those as known until, not including, a position; None is what is known now."""
        key = (place, by_side, until)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = Cells()
            self._grow(1)
        else:
            self._kept.move_to_end(key)
        return found

    def cut(self, cells: Cells, instant: int) -> None:
        """What was answered about an instant or one after it no longer holds."""
        before = len(cells)
        cells.cut(instant)
        self._count -= before - len(cells)

    def put(self, cells: Cells, cell: Cell) -> None:
        """One more, in those that were just asked for."""
        before = len(cells)
        cells.put(cell)
        self._grow(len(cells) - before)

    def _grow(self, count: int) -> None:
        self._count += count
        while self._count > CELLS and len(self._kept) > 1:
            _, forgotten = self._kept.popitem(last=False)
            self._count -= 1 + len(forgotten)
            self.forgotten += 1
