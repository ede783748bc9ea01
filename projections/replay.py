"""Replay: the picture at one end, then what changed it, step by step, along either clock (contract.md, `/v1/replay`).

To fold the frames (each replaces what it holds) gives the map at the last one's time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby, repeat
from operator import itemgetter

from domain.control.inquiry import Inquiry
from domain.when.instant import BEGINNING
from projections.control import ControlProjection
from projections.outline import Outline
from projections.picture import Picture, Steps, View


def over_valid_time(control: ControlProjection, view: View, known_at: int, start: int, end: int) -> Steps:
    """The world from an instant to another, as known at one position: a frame for each instant that changed answers."""
    inquiry = control.inquire(known_at, view.policy)
    places = view.of(control.settlements(known_at).places)
    picture = Picture(view)
    yield from picture.frame(inquiry, start, places, known_at)
    turns: list[Iterable[tuple[int, str]]] = []
    for place in places:
        turns.append(zip((q for q in inquiry.turns(place) if start < q <= end), repeat(place)))
        yield None
    for at, turning in groupby(merge(*turns), key=itemgetter(0)):
        for step in picture.frame(inquiry, at, (place for _, place in turning), known_at):
            yield step if step is None or step.answers else None


def over_knowledge(control: ControlProjection, outline: Outline, view: View, at: int, start: int, end: int) -> Steps:
    """What was known of one instant from a position to another: a frame for each event, also an idle one."""
    picture = Picture(view)
    inquiry = control.inquire(start, view.policy)
    yield from picture.frame(inquiry, at, control.settlements(start).places, start)
    for position in range(start + 1, end + 1):
        line = outline.line(position)
        inquiry = control.inquire_once(position, view.policy)
        yield from picture.frame(inquiry, at, control.touched(line), position, line)


def first_turn(inquiry: Inquiry, places: Iterable[str]) -> Iterator[int | None]:
    """The first instant at which anything is said to have happened, as the last step; no such step if nothing is."""
    first: int | None = None
    for place in places:
        turn = inquiry.next_turn(place, BEGINNING)
        if turn is not None:
            first = turn if first is None else min(first, turn)
        yield None
    yield first
