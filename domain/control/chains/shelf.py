"""The chains of what is said about one place: one for each make, and more where windows lie in each other."""

from __future__ import annotations

from bisect import insort
from collections.abc import Collection, Iterable, Iterator

from domain.claims import Effect
from domain.control.chains.chain import Chain
from domain.control.chains.make import Make
from domain.control.chains.reach import Reach, reach_of
from domain.control.chains.touches import NOT
from domain.control.chains.windows import Window

MANY = 48
"""So many chains are no longer gone through one by one."""


class Shelf:
    """`touched` is the least e of what came or went since somebody last set it back to NOT."""

    def __init__(self) -> None:
        self.chains: list[Chain] = []
        self.contests: list[Chain] = []
        self.words: dict[tuple[str, ...], list[Chain]] = {}
        """Those of `takes` and `holds`, by their forces."""
        self.touched = NOT
        self.begins: list[int] = []
        self.ends: list[int] = []
        """Where windows begin, and where they end, of claims that are known or ever were, in order."""
        self._of: dict[Make, list[Chain]] = {}
        self._reach: Reach | None = None
        self._takes = Reach()
        self._losses = Reach()

    def add(self, make: Make, window: Window, report: str, index: int, origins: frozenset[str], position: int) -> None:
        """A claim, known from a position on that is no earlier than any before."""
        self.touched = min(self.touched, window[0])
        insort(self.begins, window[0])
        insort(self.ends, window[1])
        chains = self._of.setdefault(make, [])
        chain = next((each for each in chains if each.add(*window, report, index, origins, position)), None)
        if chain is None:
            chain = Chain(make)
            chain.add(*window, report, index, origins, position)
            chains.append(chain)
            self._put(chain)
        if make.effect is Effect.TAKES:
            self._takes.add(chain, window, position)
        elif make.effect is Effect.LOSES:
            self._losses.add(chain, window, position)
        if self._reach is not None:
            self._reach.add(chain, window, position)

    def _put(self, chain: Chain) -> None:
        self.chains.append(chain)
        if chain.make.has_holder:
            self.words.setdefault(chain.make.forces, []).append(chain)
        elif chain.make.effect is Effect.CONTESTS:
            self.contests.append(chain)
        if len(self.chains) == MANY:
            self._reach = reach_of(self.chains[:-1])

    def end(self, make: Make, window: Window, report: str, index: int, position: int) -> None:
        """A claim that is no longer known from a position on."""
        self.touched = min(self.touched, window[0])
        if not any(chain.end(*window, report, index, position) for chain in self._of.get(make, ())):
            raise KeyError((report, index))

    def reaching(self, start: int, end: int, known_at: int) -> Collection[Chain]:
        """All that have a claim known then with l ≥ start and e ≤ end, among others."""
        if self._reach is None or self._reach.count(start, end, known_at) > len(self.chains):
            return self.chains
        return self._reach.chains(start, end, known_at)

    def losses_reaching(self, start: int, end: int, known_at: int) -> Collection[Chain]:
        """Of `loses` alone."""
        return self._losses.chains(start, end, known_at)

    def latest_takes(self, q: int, known_at: int) -> Iterator[Chain]:
        """Chains of `takes` settled at q, the last first, each as often as it has one; perhaps others among them."""
        return self._takes.latest(q, known_at)


def has_begun(chains: Iterable[Chain], q: int, known_at: int) -> bool:
    """Whether any claim in them is settled or pending at an instant."""
    return any(chain.last_known(chain.begun(q), known_at) >= 0 for chain in chains)
