"""Looking the answers about many places up in an atlas: on the page that has all of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Protocol

import numpy as np

from domain.control.answer import JoinsBy
from domain.control.chains.cells import Cell, Found
from projections.numbers import Numbers
from projections.pages import Columns, Int32s, Ints, Page, Pages


class Rows(Columns, Protocol):
    """Of an atlas: `place` and `what` are numbers, of places and of things that are shown."""

    places: Numbers[str]
    things: Numbers[JoinsBy | None]
    rows: list[Cell | None]


class Lookup:
    """Of one atlas. What is found is picked from arrays of objects, which have what the atlas has once more."""

    def __init__(self, atlas: Rows) -> None:
        self._atlas = atlas
        self._pages = Pages(atlas)
        self._cells = _objects((), 0)
        self._things = _objects((), 0)
        self._wanted: tuple[Collection[str], Ints] = ((), np.zeros(0, np.intp))

    def change(self, row: int) -> None:
        """A row has something else now, or is new."""
        self._pages.change(row)
        if row < len(self._cells):
            self._cells[row] = self._atlas.rows[row]

    def cells(self, places: Collection[str], q: int, known_at: int) -> Found[Cell]:
        page = self._pages.page(q, known_at)
        rows = self._of_each(places, page, page.row, q, known_at)
        if len(self._cells) < len(self._atlas.rows):
            self._cells = _objects(self._atlas.rows, len(self._atlas.rows) * 5 // 4 + 1)
        return Found(self._cells[rows].tolist(), np.flatnonzero(rows == 0).tolist())

    def shown(self, places: Collection[str], q: int, known_at: int) -> Found[JoinsBy]:
        page = self._pages.page(q, known_at)
        what = self._of_each(places, page, page.what, q, known_at)
        if len(self._things) < len(self._atlas.things):
            self._things = _objects(self._atlas.things.known, len(self._atlas.things))
        return Found(self._things[what].tolist(), np.flatnonzero(what == 0).tolist())

    def _of_each(self, places: Collection[str], page: Page, column: Ints | Int32s, q: int, known_at: int) -> Ints:
        """What a column of a page has for each of places where it holds; 0 for places that have nothing there."""
        wanted = self._numbers(places)
        of_place = np.zeros(len(self._atlas.places), np.intp)
        holding = page.holding(q, known_at)
        of_place[page.place[holding]] = column[holding]
        found: Ints = of_place[wanted]
        return found

    def _numbers(self, places: Collection[str]) -> Ints:
        """Those of places, kept as long as the very same are asked for."""
        if self._wanted[0] is not places:
            self._wanted = places, np.array([self._atlas.places[place] for place in places], np.intp)
        return self._wanted[1]


def _objects(values: Sequence[object], length: int) -> Any:
    found = np.empty(length, object)
    found[: len(values)] = values
    return found
