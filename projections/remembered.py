"""Answers about control that were given before, for as long as they hold."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable

from domain.control.chains.cells import Cell, Cells
from projections.atlas import Atlas

CELLS = 2_500_000
"""How many answers are kept, and lists of them; what was added to longest ago is forgotten."""

KEPT_AT_ONCE = 4096
"""If one thing learned late makes more answers those of before, they are not kept: to close them would take as many
microseconds, and in a very contested town each would make as many again."""

_Key = tuple[str, bool, int | None]


class Remembered:
    """Cells by place, by whether forces are shown by side, and by when something else came to be known, if it did.

    All of them are in an atlas too, one for each way to show forces.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, Cells] = OrderedDict()
        self.newest: dict[bool, dict[str, Cells]] = {False: {}, True: {}}
        """Those of what is known now, by place once more: most questions begin with them."""
        self._count = 0
        self.atlases = {False: Atlas(), True: Atlas()}

    @property
    def has_room(self) -> bool:
        return self._count < CELLS * 3 // 4

    @property
    def has_room_for_the_past(self) -> bool:
        """Less of it: most questions are about what is known now."""
        return self._count < CELLS // 4

    def cells(self, place: str, by_side: bool, until: int | None) -> Cells:
        """Those as known until, not including, a position; None is what is known now."""
        key = (place, by_side, until)
        found = self._kept.get(key)
        if found is None:
            found = Cells(*key)
            self._keep(found)
        else:
            self._kept.move_to_end(key)
        return found

    def kept(self, place: str, by_side: bool, until: int | None) -> Cells | None:
        """The same, where there are any."""
        return self._kept.get((place, by_side, until))

    def put(self, cells: Cells, cell: Cell) -> None:
        """One more, in those that were just asked for."""
        atlas = self.atlases[cells.by_side]
        if cells.until is None and cell.known_from:
            self._join(cells, cell)
        if (kept := cells.put(cell)) is cell:
            atlas.put(cells.place, cell, cells.until)
            self._grow(1)
        else:
            atlas.resize(kept)

    def _join(self, cells: Cells, cell: Cell) -> None:
        """Where it was the answer before too, it is so from then on."""
        past = self._kept.get((cells.place, cells.by_side, cell.known_from))
        before = past.find(cell.start) if past is not None else None
        if past is None or before is None or before.end < cell.end or not before.says_the_same(cell):
            return
        cell.known_from, atlas = before.known_from, self.atlases[cells.by_side]
        before, rest = past.carve(cell.start, cell.end)
        if before.start < before.end:
            atlas.resize(before)
        else:
            self._drop(past, [before])
        if rest is not None:
            atlas.put(cells.place, rest, past.until)
            self._grow(1)
        elif not len(past):
            self._forget((past.place, past.by_side, past.until))

    def end(self, cells: Cells, instant: int, position: int) -> list[Cell]:
        """What was the answer about an instant and those after it, as far as it is known, is so until a position only.

        Gives what is kept of that, in order.
        """
        atlas, gone = self.atlases[cells.by_side], cells.cut(instant)
        if gone and not gone[0].slot:  # the rest of one that was cut in two
            atlas.resize(cells.last)
            atlas.put(cells.place, gone[0], position)
            self._grow(1)
        if not gone or len(gone) > KEPT_AT_ONCE:
            self._drop(cells, gone)
            return []
        self.cells(cells.place, cells.by_side, position).take(gone)
        for cell in gone:
            atlas.close(cell, position)
        return gone

    def replace(self, place: str, by_side: bool, untils: Iterable[int], other: Remembered) -> None:
        """Have about a place what another has, instead of what is here; it has it no longer."""
        for until in (None, *untils):
            key = (place, by_side, until)
            self._forget(key)
            cells = other._let_go(key)
            if cells is not None:
                for cell in cells:
                    other.atlases[by_side].drop(cell)
                    self.atlases[by_side].put(place, cell, until)
                cells.checked = None
                self._keep(cells)

    def _keep(self, cells: Cells) -> None:
        self._kept[cells.place, cells.by_side, cells.until] = cells
        if cells.until is None:
            self.newest[cells.by_side][cells.place] = cells
        self._grow(1 + len(cells))

    def _let_go(self, key: _Key) -> Cells | None:
        """Keep them no longer, whatever is in them."""
        cells = self._kept.pop(key, None)
        if cells is not None:
            if cells.until is None:
                del self.newest[cells.by_side][cells.place]
            self._count -= 1 + len(cells)
        return cells

    def _grow(self, count: int) -> None:
        self._count += count
        while self._count > CELLS and len(self._kept) > 1:
            self._forget(next(iter(self._kept)))

    def _forget(self, key: _Key) -> None:
        cells = self._let_go(key)
        if cells is not None:
            for cell in cells.clear():
                self.atlases[cells.by_side].drop(cell)

    def _drop(self, cells: Cells, gone: Collection[Cell]) -> None:
        """Those that were taken out of some."""
        for cell in gone:
            self.atlases[cells.by_side].drop(cell)
        self._count -= len(gone)
