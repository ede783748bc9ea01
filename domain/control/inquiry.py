"""Asking: one knowledge, one policy, any place and any instant (control.md §6)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from domain.control.answer import Answer, JoinsBy
from domain.control.state import Status
from domain.when.instant import BEGINNING, END


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a timeline from `start` until, not including, `end`; BEGINNING and None are open ends."""

    start: int
    end: int | None
    answer: Answer


class Inquiry(ABC):
    """Questions to one knowledge under one policy. Instants are valid time.

    A place that is not known raises KeyError.
    """

    @abstractmethod
    def control(self, place: str, q: int, *, by_side: bool = False) -> Answer:
        """The answer of §6."""

    @abstractmethod
    def control_unless(self, same: JoinsBy | None, place: str, q: int, *, by_side: bool = False) -> Answer | None:
        """The answer, or None where it is still the same by what answers are told apart by."""

    @abstractmethod
    def joins_by(self, place: str, q: int, *, by_side: bool = False) -> JoinsBy:
        """What the answer changes by, without the rest of it."""

    def all_joins_by(self, places: Collection[str], q: int, *, by_side: bool = False) -> Iterator[list[JoinsBy]]:
        """The same of many places in order, as many at a time as take no long."""
        return ([self.joins_by(place, q, by_side=by_side)] for place in places)

    def course(
        self, place: str, start: int = BEGINNING, end: int = END, *, by_side: bool = False
    ) -> Iterator[tuple[int, JoinsBy]]:
        """From one instant until, not including, another: it, each turn after it, and what is shown from there on."""
        yield start, self.joins_by(place, start, by_side=by_side)
        for q in self.turns(place):
            if start < q < end:
                yield q, self.joins_by(place, q, by_side=by_side)

    @abstractmethod
    def turns(self, place: str) -> list[int]:
        """Every instant at which the answer can change, in order: the ends of windows and of alignments."""

    @abstractmethod
    def turning(self, place: str, q: int) -> tuple[str, ...]:
        """The reports with a counted claim that can change the answer at q: its window begins or ends then."""

    def next_turn(self, place: str, q: int) -> int | None:
        """The first of the turns after an instant."""
        return next((turn for turn in self.turns(place) if turn > q), None)

    def timeline(self, place: str, now: int, *, by_side: bool = False) -> list[Segment]:
        """The answers at every instant, neighbours joined, from the first that is not `unknown` (§6, Timeline).

        `now` is the instant that the last segment's other fields are of.
        """
        return [step for step in self.timeline_steps(place, now, by_side=by_side) if step is not None]

    def timeline_steps(self, place: str, now: int, *, by_side: bool = False) -> Iterator[Segment | None]:
        """The same a small step at a time, None for a step that ends no segment: a long one need not hold up others."""
        start: int | None = None
        last: object = None
        for q, joins_by in self.course(place, by_side=by_side):
            if joins_by == last or (last is None and joins_by[0].status is Status.UNKNOWN):
                yield None
                continue
            if start is not None:
                yield Segment(start, q, self.control(place, q - 1, by_side=by_side))
            start, last = q, joins_by
        if start is not None:
            yield Segment(start, None, self.control(place, max(now, start), by_side=by_side))
