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
        last = min(bisect_right(self._l, q), bisect_right(self._earliest, known_at))
        return (self._chains[n] for n in range(last - 1, -1, -1))

    def chains(self, start: int, end: int, known_at: int, most: int) -> Collection[Chain] | None:
        """All that have a claim known then with l ≥ start and e ≤ end, among others; None where too many windows do."""
        first = bisect_left(self._l, start)
        last = min(bisect_right(self._l, end), bisect_right(self._earliest, known_at))
        if last - first > most:
            return None
        found = dict.fromkeys(self._chains[first:last])
        for bits, stretches in self._by_length.items():
            found.update(dict.fromkeys(stretches.get(end >> bits, ())))
        return found.keys()


def reach_of(chains: Iterable[Chain]) -> Reach:
    """Of all the claims that they have."""
    found = Reach()
    claims = [(chain.known_from[n], chain, (chain.e[n], chain.l[n])) for chain in chains for n in range(len(chain.e))]
    for position, chain, window in sorted(claims, key=itemgetter(0)):
        found.add(chain, window, position)
    return found
