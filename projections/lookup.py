"""Looking the answers about many places up in an atlas: one pass over its columns, where they lie."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from typing import Any, Protocol

import numpy as np

from domain.control.answer import JoinsBy
from domain.control.chains.cells import Cell, Found
from projections.numbers import Numbers

_Array = np.ndarray[Any, np.dtype[np.intp]]
_Flags = np.ndarray[Any, np.dtype[np.bool_]]


class Columns(Protocol):
    """Of an atlas: `place` and `what` are numbers, of places and of things that are shown."""

    places: Numbers[str]
    things: Numbers[JoinsBy | None]
    place: array[int]
    what: array[int]
    start: array[int]
    end: array[int]
    known_from: array[int]
    known_to: array[int]
    rows: list[Cell | None]


class Lookup:
    """Of one atlas. What is found is picked from arrays of objects, which have what the atlas has once more."""

    def __init__(self, atlas: Columns) -> None:
        self._atlas = atlas
        self._cells = _objects((), 0)
        self._things = _objects((), 0)
        self._flags: tuple[_Flags, _Flags] = (np.empty(0, np.bool_), np.empty(0, np.bool_))
        self._wanted: tuple[Collection[str], _Array] = ((), np.zeros(0, np.intp))

    def put(self, row: int, cell: Cell | None) -> None:
        """What a row has now."""
        if row < len(self._cells):
            self._cells[row] = cell

    def cells(self, places: Collection[str], q: int, known_at: int) -> Found[Cell]:
        rows = self._of_each(places, q, known_at)
        if len(self._cells) < len(self._atlas.rows):
            self._cells = _objects(self._atlas.rows, len(self._atlas.rows) * 5 // 4 + 1)
        return Found(self._cells[rows].tolist(), np.flatnonzero(rows == 0).tolist())

    def shown(self, places: Collection[str], q: int, known_at: int) -> Found[JoinsBy]:
        what = self._of_each(places, q, known_at, self._atlas.what)
        if len(self._things) < len(self._atlas.things):
            self._things = _objects(self._atlas.things.known, len(self._atlas.things))
        return Found(self._things[what].tolist(), np.flatnonzero(what == 0).tolist())

    def _of_each(self, places: Collection[str], q: int, known_at: int, column: array[int] | None = None) -> _Array:
        """The row of each of places that holds at an instant, as known at a position, or what a column has there; 0 for
        places that have none."""
        atlas = self._atlas
        holds, too = self._room(len(atlas.rows))
        np.less_equal(np.frombuffer(atlas.start, np.int64), q, out=holds)
        holds &= np.greater(np.frombuffer(atlas.end, np.int64), q, out=too)
        holds &= np.less_equal(np.frombuffer(atlas.known_from, np.int32), known_at, out=too)
        holds &= np.greater(np.frombuffer(atlas.known_to, np.int32), known_at, out=too)
        rows = np.flatnonzero(holds)
        wanted = self._numbers(places)
        of_place = np.zeros(len(atlas.places), np.intp)
        values = rows if column is None else np.frombuffer(column, np.int32)[rows]
        of_place[np.frombuffer(atlas.place, np.int32)[rows]] = values
        found: _Array = of_place[wanted]
        return found

    def _room(self, length: int) -> tuple[_Flags, _Flags]:
        """For what is found of each row, kept from one pass to the next: memory that is new has to be fetched first."""
        if len(self._flags[0]) < length:
            self._flags = np.empty(length * 5 // 4, np.bool_), np.empty(length * 5 // 4, np.bool_)
        holds, too = self._flags
        return holds[:length], too[:length]

    def _numbers(self, places: Collection[str]) -> _Array:
        """Those of places, kept as long as the very same are asked for."""
        if self._wanted[0] is not places:
            self._wanted = places, np.array([self._atlas.places[place] for place in places], np.intp)
        return self._wanted[1]


def _objects(values: Sequence[object], length: int) -> Any:
    found = np.empty(length, object)
    found[: len(values)] = values
    return found
