"""Every answer of the default lens laid out in spans of both times: what a database of two times would be given.

They are asked of the projection, place by place, as known at a few positions, and take long the first time; so they are
kept beside the store that they are of. At those positions they are exact.
"""

from __future__ import annotations

import pickle
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import orjson

from benchmarks.cache import stored
from benchmarks.opened import control_of, log_of
from benchmarks.shape import Shape
from domain.control.answer import JoinsBy
from domain.control.inquiry import Inquiry
from domain.policy import LENSES
from domain.when.instant import END
from projections.control import ControlProjection
from projections.outline import Outline

POLICY = LENSES["default"]
_TIMES = 12


class Span(NamedTuple):
    """`answer` is what is shown from `start` until `end`, as known from one position until another.

    Both positions are of `knowledge_times`.
    """

    place: str
    start: int
    end: int
    known_from: int
    known_until: int
    answer: str


def spans(shape: Shape) -> list[Span]:
    """No span says `unknown`. An open end is the sentinel."""
    kept = stored(shape).with_suffix(".spans")
    if not kept.exists():
        with log_of(shape) as log:
            found = list(_all(*control_of(log), log.head()))
        unfinished = kept.with_suffix(".unfinished")
        unfinished.write_bytes(pickle.dumps([tuple(each) for each in found]))
        unfinished.rename(kept)
    return [Span(*each) for each in pickle.loads(kept.read_bytes())]


def knowledge_times(head: int) -> list[int]:
    """Positions spread over the second half of a log; the last is its head."""
    return sorted({head - head * i // (2 * _TIMES) for i in range(_TIMES)})


def newest(found: Iterable[Span]) -> list[Span]:
    return [each for each in found if each.known_until == END]


def shown(joins_by: JoinsBy) -> str:
    """What answers are told apart by, as a text that a database can keep."""
    return orjson.dumps(joins_by).decode()


def _all(control: ControlProjection, outline: Outline, head: int) -> Iterator[Span]:
    touching: dict[str, set[int]] = {}
    times = knowledge_times(head)
    for position in range(1, head + 1):
        seen_at = times[bisect_left(times, position)]
        for place in control.touched(outline.line(position)):
            touching.setdefault(place, set()).add(seen_at)
    for place, positions in touching.items():
        yield from _of(place, sorted(positions), control)


def _of(place: str, positions: Iterable[int], control: ControlProjection) -> Iterator[Span]:
    open: dict[tuple[int, int, str], int] = {}
    for position in positions:
        now = set(_segments(control.inquire_once(position, POLICY), place))
        for segment in open.keys() - now:
            start, end, answer = segment
            yield Span(place, start, end, open.pop(segment), position, answer)
        open |= dict.fromkeys(now - open.keys(), position)
    for (start, end, answer), since in open.items():
        yield Span(place, start, end, since, END, answer)


def _segments(inquiry: Inquiry, place: str) -> Iterator[tuple[int, int, str]]:
    """As the timeline tells them, but for its evidence, which takes most of the time."""
    start, last = 0, None
    for q in inquiry.turns(place):
        joins_by = inquiry.joins_by(place, q)
        if joins_by != last:
            if last is not None and last[0].status != "unknown":
                yield start, q, shown(last)
            start, last = q, joins_by
    if last is not None and last[0].status != "unknown":
        yield start, END, shown(last)
