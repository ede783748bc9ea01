"""Which chains have claims whose windows reach into a stretch of time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from operator import itemgetter

from domain.control.chains.chain import Chain
from domain.control.chains.windows import Window

_STEP = 4
"""Lengths are told apart by so many bits, so that those of few lengths are looked for."""


class Reach:
    """Windows by their l; and those of about one length by the stretches, about as long, that they begin and end in."""

    def __init__(self) -> None:
        self._l: list[int] = []
        self._chains: list[Chain] = []
        self._earliest: list[int] = []  # the least position from which one is known, of those from there on
        self._by_length: dict[int, dict[int, list[Chain]]] = {}

    def add(self, chain: Chain, window: Window, position: int) -> None:
        """A window of a claim that is known from a position on, no earlier than any before."""
        e, l = window  # noqa: E741 - the page's own name
        n = bisect_right(self._l, l)
        self._earliest.insert(n, position if n == len(self._l) else self._earliest[n])
        self._l.insert(n, l)
        self._chains.insert(n, chain)
        if e != l:
            bits = -(-(l - e).bit_length() // _STEP) * _STEP
            stretches = self._by_length.setdefault(bits, {})
            for stretch in {e >> bits, l >> bits}:
                chains = stretches.setdefault(stretch, [])
                if chain not in chains:
                    chains.append(chain)

    def latest(self, q: int, known_at: int) -> Iterator[Chain]:
        """Those of the claims with l ≤ q that can be known then, the last first; as often as they have one."""
        return (self._chains[n] for n in range(self._last(q, known_at) - 1, -1, -1))

    def count(self, start: int, end: int, known_at: int) -> int:
        """How many windows have an l from one instant to another, and may be known then."""
        return max(0, self._last(end, known_at) - bisect_left(self._l, start))

    def chains(self, start: int, end: int, known_at: int) -> Collection[Chain]:
        """All that have a claim known then with l ≥ start and e ≤ end, among others."""
        found = dict.fromkeys(self._chains[bisect_left(self._l, start) : self._last(end, known_at)])
        for bits, stretches in self._by_length.items():
            for chain in stretches.get(end >> bits, ()):
                found[chain] = None
        return found.keys()

    def _last(self, q: int, known_at: int) -> int:
        """How many windows have an l ≤ q, but for the last of them that are not known yet."""
        return min(bisect_right(self._l, q), bisect_right(self._earliest, known_at))


def reach_of(chains: Iterable[Chain]) -> Reach:
    """Of all the claims that they have."""
    found = Reach()
    claims = [(chain.known_from[n], chain, (chain.e[n], chain.l[n])) for chain in chains for n in range(len(chain.e))]
    for position, chain, window in sorted(claims, key=itemgetter(0)):
        found.add(chain, window, position)
    return found
