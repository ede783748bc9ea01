"""What is measured, beside what, and how near it has to come; and what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from benchmarks.scale import Scale


class Round(NamedTuple):
    """Ours and the peer's, measured one right after the other, in the unit of the measure."""

    ours: float
    peer: float


class Skipped(Exception):
    """It can't be measured here; says why."""


class Mismatch(Exception):
    """The peer gives another answer than we do: then there is nothing to compare."""


Rounds = Callable[[Scale], Iterator[Round]]


@dataclass(frozen=True, slots=True)
class Measure:
    """`target` is of ours by the peer's: at least that for a rate, at most that for what should be `small`."""

    name: str
    what: str
    beside: str
    unit: str
    target: float
    rounds: Rounds
    small: bool = False
    size: Callable[[Scale], str] = lambda scale: ""

    def reached(self, ratio: float) -> bool:
        return ratio <= self.target if self.small else ratio >= self.target


@dataclass(frozen=True, slots=True)
class Finding:
    """The medians of all rounds, and the least and the greatest of their ratios. `skipped` says why there are none."""

    name: str
    what: str
    beside: str
    unit: str
    target: float
    small: bool
    size: str
    ours: float | None = None
    peer: float | None = None
    ratio: float | None = None
    least: float | None = None
    greatest: float | None = None
    reached: bool | None = None
    skipped: str | None = None
    day: str | None = None


def find(measure: Measure, scale: Scale) -> Finding:
    """Raises Mismatch where the peer answers otherwise."""
    about = (measure.name, measure.what, measure.beside, measure.unit, measure.target, measure.small)
    try:
        rounds = list(measure.rounds(scale))
    except Skipped as skipped:
        return Finding(*about, measure.size(scale), skipped=str(skipped))
    ratios = [each.ours / each.peer for each in rounds]
    ratio = median(ratios)
    return Finding(
        *about,
        size=measure.size(scale),
        ours=median(each.ours for each in rounds),
        peer=median(each.peer for each in rounds),
        ratio=ratio,
        least=min(ratios),
        greatest=max(ratios),
        reached=measure.reached(ratio),
    )
