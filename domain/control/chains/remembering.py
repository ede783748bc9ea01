"""Asking again: what was answered before, and nothing learned since bears on, is not worked out anew."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

from domain.control.answer import Answer, JoinsBy
from domain.control.chains.cells import Cell, Cells, each_at
from domain.control.chains.inquiry import ChainInquiry, Known, Ledgers
from domain.settlements import Settlements
from domain.when.instant import BEGINNING, END

_AT_A_TIME = 4096


class Memory(Ledgers, Protocol):
    """The ledgers, and what was answered from them before."""

    @property
    def settlements(self) -> Settlements:
        """All places known now."""

    def cells(self, place: str, q: int, known_at: int, *, by_side: bool) -> Cells:
        """Where the answer about an instant is kept, if it was asked for: as known at a position, and at all others
        between which and that one nothing was learned that bears on the instant."""

    def newest(self, places: Collection[str], known_at: int, *, by_side: bool) -> Sequence[Cells] | None:
        """Where the answers about all of the places are kept; None where more is known than was at that position."""

    def remember(self, cells: Cells, cell: Cell) -> None:
        """One more, in what was just asked for."""


class RememberingInquiry(ChainInquiry):
    """Remembers whole answers, each from where anything could have changed it until where anything can."""

    def __init__(self, known: Known, memory: Memory) -> None:
        super().__init__(known, memory)
        self._memory = memory

    def control(self, place: str, q: int, *, by_side: bool = False) -> Answer:
        return self.cell(place, q, by_side=by_side).at(q)

    def cell(self, place: str, q: int, *, by_side: bool = False) -> Cell:
        """The answer at an instant, as it is kept."""
        cells = self._cells(place, q, by_side)
        return cells.find(q) or self._found(cells, place, q, by_side)

    def cells(self, places: Collection[str], q: int, *, by_side: bool = False) -> Iterator[list[Cell]]:
        """The same of many places in order, as many at a time as take no long."""
        newest = self._memory.newest(places, self._position, by_side=by_side)
        if newest is None:
            yield from ([self.cell(place, q, by_side=by_side)] for place in places)
            return
        found: list[Cell] = []
        for place, cells, cell in zip(places, newest, each_at(newest, q), strict=True):
            if cell is not None and len(found) < _AT_A_TIME:
                found.append(cell)
            else:
                yield [*found, cell or self._found(cells, place, q, by_side)]
                found = []
        yield found

    def control_unless(self, same: JoinsBy | None, place: str, q: int, *, by_side: bool = False) -> Answer | None:
        if same is not None and self.joins_by(place, q, by_side=by_side) == same:
            return None
        answer = self.control(place, q, by_side=by_side)
        return None if answer.joins_by == same else answer

    def joins_by(self, place: str, q: int, *, by_side: bool = False) -> JoinsBy:
        cells = self._cells(place, q, by_side)
        cell = cells.find(q)
        return super().joins_by(place, q, by_side=by_side) if cell is None else cell.answer.joins_by

    def _cells(self, place: str, q: int, by_side: bool) -> Cells:
        self._known.settlements.around(place)  # a place that is not known has no answer
        return self._memory.cells(place, q, self._position, by_side=by_side)

    def _found(self, cells: Cells, place: str, q: int, by_side: bool) -> Cell:
        cell = self._cell(place, q, by_side=by_side)
        self._memory.remember(cells, cell)
        return cell

    def _cell(self, place: str, q: int, *, by_side: bool) -> Cell:
        finding = self._finding(place, q)
        answer = self._whole(place, finding, finding.joins_by(self._sides(by_side)))
        start, end = BEGINNING, END
        for ends in self._all_ends(place):
            n = bisect_right(ends, q)
            if n and ends[n - 1] > start:
                start = ends[n - 1]
            if n < len(ends) and ends[n] < end:
                end = ends[n]
        return Cell(start, end, answer, any(run.l > q for run in finding.settled.basis))

    def _all_ends(self, place: str) -> Iterator[Sequence[int]]:
        """Where windows begin and end, known now or not, and alignments; each in order."""
        yield self._relations.turns
        settlements = self._memory.settlements  # what is learned of later may bear on later instants
        around = (place, *settlements.around(place))
        for id in (*around, *settlements.within(place)):
            counted = self._ledgers.ledger(id).counted
            yield counted.begins
            yield counted.ends
        for id in around:
            yield self._ledgers.ledger(id).left_out.begins
