"""Every measure, in the order in which they are told."""

from __future__ import annotations

from benchmarks import answers, appends, growth, http, memory, rebuilding, starting
from benchmarks.measure import Measure

MEASURES: tuple[Measure, ...] = (
    *appends.MEASURES,
    *http.MEASURES,
    *answers.MEASURES,
    *rebuilding.MEASURES,
    *memory.MEASURES,
    *growth.MEASURES,
    *starting.MEASURES,
)


def named(name: str) -> Measure:
    return next(each for each in MEASURES if each.name == name)
