"""Asking about one place at instants that come in order: most of what was worked out at one holds at the next."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from domain.control.chains.chain import Chain
from domain.control.chains.run import Run, runs


class Ripe(NamedTuple):
    """The settled claims, and these with the pending ones."""

    settled: Sequence[Run]
    possible: Sequence[Run]


class _Last(NamedTuple):
    """What there was of a chain at the last instant, and how many claims of it were settled, and begun."""

    ripe: int
    begun: int
    depth: int
    runs: Ripe


class Course:
    """By one knowledge. X only grows as time goes on, so that what has fallen is not looked at again.

    `fallen` are runs of which nothing is left in the X of s, `fallen_perhaps` in that of s′: see X.
    """

    def __init__(self) -> None:
        self.fallen: Iterable[Run] = ()
        self.fallen_perhaps: Iterable[Run] = ()
        self._last: dict[Chain, _Last] = {}

    def ripe(self, chain: Chain, q: int, depth: int, known_at: int, turns: Sequence[int]) -> Ripe:
        """The same runs again where the chain has nothing new."""
        begun = bisect_right(chain.e, q)
        ripe = bisect_right(chain.t, q, 0, begun)
        last = self._last.get(chain)
        if last is not None and last.begun == begun and last.ripe == ripe and last.depth == depth:
            return last.runs
        found = ripe_of(chain, ripe, begun, depth, known_at, turns)
        self._last[chain] = _Last(ripe, begun, depth, found)
        return found


def ripe_of(
    chain: Chain, ripe: int, begun: int, depth: int, known_at: int, turns: Sequence[int], start: int | None = None
) -> Ripe:
    """Of a chain, by how many of its claims are settled, and how many of them begun; from a start on: see runs."""
    possible = runs(chain, begun, depth, known_at, turns, start) if begun else []
    return Ripe(possible if ripe == begun else runs(chain, ripe, depth, known_at, turns, start), possible)
