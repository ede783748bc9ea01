"""Sharpening (control.md §3) as claims come and go."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from domain.alignments import Alignments
from domain.claims import Effect
from domain.control.chains.make import Make
from domain.control.chains.shelf import Shelf
from domain.control.chains.windows import Window, Windows, narrowness

Told = tuple[str, int]
"""A report and an index in it."""

Blurred = tuple[Make, Window]
"""A make and a window as written that something sharpens, or may."""


class Moments:
    """The counted moments about a place: those of one make and window are sharpened alike.

    What comes and goes between two calls of `settle` is known, or no longer known, from the position given there.
    """

    def __init__(self, shelf: Shelf, alignments: Alignments) -> None:
        self.alignments = alignments
        self._shelf = shelf
        self._windows: dict[Make, Windows] = {}
        self._sharpening: dict[Make, list[Make]] = {}  # whatever their windows, those that may sharpen each
        self._blurred: dict[Make, list[Make]] = {}  # and those that each may sharpen
        self._told: dict[tuple[Make, Window], dict[Told, frozenset[str]]] = {}
        self._sharpest: dict[tuple[Make, Window], Window] = {}
        self._stale: set[tuple[Make, Window]] = set()
        self._fresh: list[tuple[Make, Window, Told]] = []

    def add(self, make: Make, window: Window, told: Told, origins: frozenset[str]) -> None:
        alike = self._told.setdefault((make, window), {})
        if not alike:
            if make not in self._windows:
                self._windows[make] = Windows()
                self._relate(make)
            self._windows[make].add(window)
            self._stale.add((make, window))
            narrow = narrowness(window)
            self._stale.update(self._blurring(make, window, lambda each: narrow < narrowness(self._window(*each))))
        alike[told] = origins
        self._fresh.append((make, window, told))

    def remove(self, make: Make, window: Window, told: Told, position: int) -> None:
        alike = self._told[make, window]
        self._shelf.end(make, self._window(make, window), *told, position)
        del alike[told]
        if not alike:
            del self._told[make, window]
            self._sharpest.pop((make, window), None)
            self._windows[make].remove(window)
            self._stale.update(self._blurring(make, window, lambda each: self._window(*each) == window))

    def realign(self, alignments: Alignments) -> None:
        """By other alignments, every window is to be found anew."""
        self.alignments = alignments
        self._sharpening.clear()
        self._blurred.clear()
        for make in self._windows:
            self._relate(make)
        self._stale.update(self._told)

    def settle(self, position: int) -> None:
        """Give each claim the window that it has now."""
        fresh = set(self._fresh)
        for make, window in self._stale:
            alike = self._told.get((make, window))
            if alike is None:
                continue
            before, now = self._window(make, window), self._find(make, window)
            self._sharpest[make, window] = now
            if before != now:
                for told, origins in alike.items():
                    if (make, window, told) not in fresh:
                        self._shelf.end(make, before, *told, position)
                        self._shelf.add(make, now, *told, origins, position)
        for make, window, told in self._fresh:
            self._shelf.add(make, self._window(make, window), *told, self._told[make, window][told], position)
        self._stale.clear()
        self._fresh.clear()

    def _window(self, make: Make, window: Window) -> Window:
        return self._sharpest.get((make, window), window)

    def _relate(self, make: Make) -> None:
        """Find which of those that were related before it can sharpen it, and which it can sharpen."""
        ever_alike = self.alignments.ever_alike
        self._sharpening[make], self._blurred[make] = [make], [make]
        for other in self._sharpening:
            if other is make or (other.forces != make.forces and not ever_alike(other.forces, make.forces)):
                continue
            if _may_sharpen(make, other):
                self._sharpening[other].append(make)
                self._blurred[make].append(other)
            if _may_sharpen(other, make):
                self._sharpening[make].append(other)
                self._blurred[other].append(make)

    def _find(self, make: Make, window: Window) -> Window:
        """The narrowest of those that sharpen it; itself without any."""
        found = window
        if window[0] != window[1]:
            for other in self._sharpening[make]:
                inside = self._windows[other].narrowest_in(window, found)
                if inside is not found and self._agree(other, make, window[1]):  # mostly there is none
                    found = inside
        return found

    def _blurring(self, make: Make, window: Window, bears: Callable[[Blurred], bool]) -> Iterator[Blurred]:
        """Those that it could sharpen, of those that it bears on."""
        for other in self._blurred[make]:
            for each in self._windows[other].around(window):
                if bears((other, each)) and self._agree(make, other, each[1]):
                    yield other, each

    def _agree(self, one: Make, other: Make, at: int) -> bool:
        """Whether their sides are the same then."""
        if one.forces == other.forces:
            return True
        return self.alignments.sides(one.forces, at) == self.alignments.sides(other.forces, at)


def _may_sharpen(d: Make, c: Make) -> bool:
    """By their grades and effects."""
    return d.grade <= c.grade and (d.effect is c.effect or (c.effect is Effect.HOLDS and d.effect is Effect.TAKES))
