"""Figures for one and the same thing, united: what they have in common, or else the bounds of what they say."""

from __future__ import annotations

from dataclasses import dataclass

from domain.claims import Figure


@dataclass(frozen=True, slots=True)
class Bounds:
    """At least `low`, at most `high` (None: nobody knows); `conflict` if the figures have nothing in common."""

    low: int
    best: int | None
    high: int | None
    conflict: bool = False


Weight = tuple[int, int, int]
"""By grade (best first), then by position (newest first, so negative), then by the claim's index in its report."""


class Figures:
    """Figures as they come, in any order."""

    __slots__ = ("_best", "_greatest_high", "_greatest_low", "_least_high", "_least_low", "_open")

    def __init__(self) -> None:
        self._least_low: int | None = None
        self._greatest_low = 0
        self._least_high: int | None = None
        self._greatest_high = 0
        self._open = False
        self._best: tuple[Weight, int] | None = None

    def add(self, figure: Figure, weight: Weight) -> None:
        low, high = figure.low, figure.high
        self._least_low = low if self._least_low is None else min(self._least_low, low)
        self._greatest_low = max(self._greatest_low, low)
        if high is None:
            self._open = True
        else:
            self._least_high = high if self._least_high is None else min(self._least_high, high)
            self._greatest_high = max(self._greatest_high, high)
        if figure.best is not None and (self._best is None or weight < self._best[0]):
            self._best = (weight, figure.best)

    def bounds(self) -> Bounds:
        """The common part; where there is none, from the least low to the greatest high."""
        low, high = self._greatest_low, self._least_high
        conflict = high is not None and high < low
        if conflict:
            low, high = self._least_low or 0, None if self._open else self._greatest_high
        best = None if self._best is None else self._best[1]
        if low == high:
            best = low
        elif best is not None and (best < low or (high is not None and best > high)):
            best = None
        return Bounds(low, best, high, conflict)
