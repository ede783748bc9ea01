"""The pages of an atlas: the rows that hold in a stretch of both clocks, copied out to lie close together."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from typing import Any, NamedTuple, Protocol

import numpy as np

from domain.when.instant import BEGINNING, END

Ints = np.ndarray[Any, np.dtype[np.intp]]
Int64s = np.ndarray[Any, np.dtype[np.int64]]
Int32s = np.ndarray[Any, np.dtype[np.int32]]

_STRETCHES = 8
"""So many each clock is cut into, with as many rows that begin in each: a page has a tenth of all rows, and all pages
five times as many as there are, for most hold in several."""

_SAMPLE = 1000
"""So many rows tell where to cut."""

_OUTDATED = 4096
"""After so many changes all pages are drawn anew: what is on each is another by then."""


class Columns(Protocol):
    """Of an atlas; they only grow."""

    place: array[int]
    what: array[int]
    start: array[int]
    end: array[int]
    known_from: array[int]
    known_to: array[int]


class Page(NamedTuple):
    """Its rows by their numbers in the atlas, what they have, and how many changes there were when it was drawn."""

    row: Ints
    place: Int32s
    what: Int32s
    start: Int64s
    end: Int64s
    known_from: Int32s
    known_to: Int32s
    changes: int

    def holding(self, q: int, known_at: int) -> Ints:
        """Which of its rows hold at an instant, as known at a position."""
        holds = self.start <= q
        holds &= self.end > q
        holds &= self.known_from <= known_at
        holds &= self.known_to > known_at
        return np.flatnonzero(holds)


class Pages:
    """Each is drawn when something on it is asked for, and again when rows have changed since."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._pages: dict[tuple[int, int], Page] = {}
        self._changed: list[int] = []
        self._cuts = self._cut()

    def change(self, row: int) -> None:
        """A row has something else now, or is new."""
        self._changed.append(row)
        if len(self._changed) > _OUTDATED:
            self._pages.clear()
            self._changed.clear()
            self._cuts = self._cut()

    def page(self, q: int, known_at: int) -> Page:
        """The one with all rows that hold at an instant, as known at a position."""
        key = bisect_right(self._cuts[0], q), bisect_right(self._cuts[1], known_at)
        page = self._pages.get(key)
        if page is None:
            page = self._pages[key] = self._drawn(self._overlapping(*key))
        elif page.changes < len(self._changed):  # which of them are on it doesn't matter: what they have tells
            changed = np.array(self._changed[page.changes :], np.intp)
            page = self._pages[key] = self._drawn(np.concatenate((page.row, changed)))
        return page

    def _cut(self) -> tuple[list[int], list[int]]:
        return _cuts(self._columns.start), _cuts(self._columns.known_from)

    def _overlapping(self, valid: int, known: int) -> Ints:
        """The rows that hold anywhere in a stretch of each clock."""
        of = self._columns
        since, until = _stretch(self._cuts[0], valid)
        first, beyond = _stretch(self._cuts[1], known)
        overlaps = _int64s(of.start) < until
        overlaps &= _int64s(of.end) > since
        overlaps &= _int32s(of.known_from) < beyond
        overlaps &= _int32s(of.known_to) > first
        return np.flatnonzero(overlaps)

    def _drawn(self, row: Ints) -> Page:
        of = self._columns
        place, what = _int32s(of.place)[row], _int32s(of.what)[row]
        start, end = _int64s(of.start)[row], _int64s(of.end)[row]
        known_from, known_to = _int32s(of.known_from)[row], _int32s(of.known_to)[row]
        return Page(row, place, what, start, end, known_from, known_to, len(self._changed))


def _int32s(column: array[int]) -> Int32s:
    return np.frombuffer(column, np.int32)


def _int64s(column: array[int]) -> Int64s:
    return np.frombuffer(column, np.int64)


def _cuts(column: array[int]) -> list[int]:
    """Between stretches in which about as many begin; some may be empty."""
    sample = sorted(column[:: 1 + len(column) // _SAMPLE])
    return [sample[n * len(sample) // _STRETCHES] for n in range(1, _STRETCHES)]


def _stretch(cuts: list[int], n: int) -> tuple[int, int]:
    """From when until when it is."""
    return cuts[n - 1] if n else BEGINNING, cuts[n] if n < len(cuts) else END
