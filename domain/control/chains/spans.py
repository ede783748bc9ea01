"""What is shown of a place at every instant, as known at every position, laid out in rectangles of the two times."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from domain.control.answer import JoinsBy
from domain.control.state import Shown, Status
from domain.when.instant import BEGINNING, END

Course = Callable[[int, int], Iterable[tuple[int, JoinsBy]]]
"""As known at a position, from an instant on: it and each turn after it, with what is shown from there on."""

_UNKNOWN: JoinsBy = (Shown(Status.UNKNOWN), None, None)


class Span(NamedTuple):
    """From `start` until `end`, in instants, as known from one position until another; END is open on both clocks."""

    start: int
    end: int
    known_from: int
    known_until: int
    shown: JoinsBy


class _Open(NamedTuple):
    """A span that is known still; it ends where the next one starts."""

    start: int
    known_from: int
    shown: JoinsBy


def spans(touches: Iterable[tuple[int, int]], course: Course) -> Iterator[Span]:
    """Those that are not `unknown`, each as it ends to be known, and last those that still are.

    `touches` are the positions at which anything was learned, in order, each with the first instant that it bears on:
    no instant before it is asked about again.
    """
    known = [_Open(BEGINNING, 0, _UNKNOWN)]
    for position, instant in touches:
        n = max(0, bisect_left(known, instant, key=lambda each: each.start) - 1)
        before = known[n:]
        known[n:] = _revised(before, position, instant, course(position, instant))
        still = {(each.start, end) for each, end in _with_ends(known[n:]) if each.known_from < position}
        yield from (
            Span(each.start, end, each.known_from, position, each.shown)
            for each, end in _with_ends(before)
            if (each.start, end) not in still and each.shown != _UNKNOWN
        )
    for each, end in _with_ends(known):
        if each.shown != _UNKNOWN:
            yield Span(each.start, end, each.known_from, END, each.shown)


def _revised(before: list[_Open], position: int, instant: int, course: Iterable[tuple[int, JoinsBy]]) -> list[_Open]:
    """What is known from a position on of what begins with the span that an instant lies in or at the end of."""
    found: list[tuple[int, JoinsBy]] = [(before[0].start, before[0].shown)] if before[0].start < instant else []
    for start, shown in course:
        if not found or found[-1][1] != shown:
            found.append((start, shown))
    was = {(each.start, end, each.shown): each for each, end in _with_ends(before)}
    ends = [start for start, _ in found[1:]] + [END]
    return [
        was.get((start, end, shown), _Open(start, position, shown))
        for (start, shown), end in zip(found, ends, strict=True)
    ]


def _with_ends(known: list[_Open]) -> Iterator[tuple[_Open, int]]:
    return zip(known, [each.start for each in known[1:]] + [END], strict=True)
