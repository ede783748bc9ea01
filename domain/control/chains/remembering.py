"""Asking again: what was answered before, and nothing learned since bears on, is not worked out anew."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Protocol, TypeVar, cast

from domain.control.answer import Answer, JoinsBy
from domain.control.chains.cells import Cell, Found
from domain.control.chains.inquiry import ChainInquiry, Known, Ledgers
from domain.settlements import Settlements
from domain.when.instant import BEGINNING, END

T = TypeVar("T")

FEW = 64
"""So many places are asked about one by one: a look at many goes over all that is kept, of whatever place."""


class Memory(Ledgers, Protocol):
    """The ledgers, and what was answered from them before."""

    @property
    def settlements(self) -> Settlements:
        """All places known now."""

    def find(self, place: str, q: int, known_at: int, *, by_side: bool) -> Cell | None:
        """The answer about an instant as known at a position, where it is there."""

    def remember(self, place: str, q: int, known_at: int, cell: Cell, *, by_side: bool) -> None:
        """One that was just worked out."""

    def kept(self, places: Collection[str], q: int, known_at: int, *, by_side: bool) -> Found[Cell]:
        """What is there of the answers about places at an instant, as known at a position."""

    def shown(self, places: Collection[str], q: int, known_at: int, *, by_side: bool) -> Found[JoinsBy]:
        """The same of what they show."""


class RememberingInquiry(ChainInquiry):
    """Remembers whole answers, each from where anything could have changed it until where anything can."""

    def __init__(self, known: Known, memory: Memory) -> None:
        super().__init__(known, memory)
        self._memory = memory

    def control(self, place: str, q: int, *, by_side: bool = False) -> Answer:
        return self.cell(place, q, by_side=by_side).at(q)

    def cell(self, place: str, q: int, *, by_side: bool = False) -> Cell:
        """The answer at an instant, as it is kept."""
        return self._find_kept(place, q, by_side) or self._found(place, q, by_side)

    def cells(self, places: Collection[str], q: int, *, by_side: bool = False) -> Iterator[list[Cell]]:
        """The same of many places in order, as many at a time as take no long."""
        if len(places) <= FEW:
            return ([self.cell(place, q, by_side=by_side)] for place in places)
        found = self._memory.kept(places, q, self._position, by_side=by_side)
        return _filled(found, places, lambda place: self.cell(place, q, by_side=by_side))

    def all_joins_by(self, places: Collection[str], q: int, *, by_side: bool = False) -> Iterator[list[JoinsBy]]:
        if len(places) <= FEW:
            return super().all_joins_by(places, q, by_side=by_side)
        found = self._memory.shown(places, q, self._position, by_side=by_side)
        return _filled(found, places, lambda place: self.cell(place, q, by_side=by_side).answer.joins_by)

    def control_unless(self, same: JoinsBy | None, place: str, q: int, *, by_side: bool = False) -> Answer | None:
        if same is not None and self.joins_by(place, q, by_side=by_side) == same:
            return None
        answer = self.control(place, q, by_side=by_side)
        return None if answer.joins_by == same else answer

    def joins_by(self, place: str, q: int, *, by_side: bool = False) -> JoinsBy:
        cell = self._find_kept(place, q, by_side)
        return super().joins_by(place, q, by_side=by_side) if cell is None else cell.answer.joins_by

    def _find_kept(self, place: str, q: int, by_side: bool) -> Cell | None:
        self._known.settlements.check(place)  # a place that is not known has no answer
        return self._memory.find(place, q, self._position, by_side=by_side)

    def _found(self, place: str, q: int, by_side: bool) -> Cell:
        cell = self._cell(place, q, by_side=by_side)
        self._memory.remember(place, q, self._position, cell, by_side=by_side)
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


def _filled(found: Found[T], places: Collection[str], find: Callable[[str], T]) -> Iterator[list[T]]:
    """What is there of each place, and in between what is missing, one after the other."""
    names = list(places) if found.missing else []
    start = 0
    for n in found.missing:
        yield [*cast(list[T], found.each[start:n]), find(names[n])]
        start = n + 1
    yield cast(list[T], found.each[start:] if start else found.each)
