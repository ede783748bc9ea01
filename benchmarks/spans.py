"""Every answer of the default lens laid out in spans of both times: what a database of two times would be given.

The projection lays them out; they are kept beside the store that they are of.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from typing import NamedTuple

import orjson

from benchmarks.cache import stored
from benchmarks.opened import log_of
from benchmarks.shape import Shape
from domain.control.answer import JoinsBy
from domain.policy import LENSES
from domain.when.instant import END
from service.wiring import build_projections

POLICY = LENSES["default"]


class Span(NamedTuple):
    """`answer` is what is shown from `start` until `end`, as known from one position until another."""

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
            projections = build_projections(log)
        places = projections.control.settlements(projections.position).places
        found = [
            Span(place, each.start, each.end, each.known_from, each.known_until, shown(each.shown))
            for place in places
            for each in projections.control.spans(place, POLICY)
        ]
        unfinished = kept.with_suffix(".unfinished")
        unfinished.write_bytes(pickle.dumps([tuple(each) for each in found]))
        unfinished.rename(kept)
    return [Span(*each) for each in pickle.loads(kept.read_bytes())]


def newest(found: Iterable[Span]) -> list[Span]:
    return [each for each in found if each.known_until == END]


def shown(joins_by: JoinsBy) -> str:
    """What answers are told apart by, as a text that a database can keep."""
    return orjson.dumps(joins_by).decode()
