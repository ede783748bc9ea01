"""The chains of what is said about one place: one for each make, and more where windows lie in each other."""

from __future__ import annotations

from collections.abc import Iterable

from domain.control.chains.chain import Chain
from domain.control.chains.make import Make
from domain.control.chains.windows import Window


class Shelf:
    def __init__(self) -> None:
        self.chains: list[Chain] = []
        self._of: dict[Make, list[Chain]] = {}

    def add(self, make: Make, window: Window, report: str, index: int, origins: frozenset[str], position: int) -> None:
        """A claim, known from a position on that is no earlier than any before."""
        chains = self._of.setdefault(make, [])
        if not any(chain.add(*window, report, index, origins, position) for chain in chains):
            chain = Chain(make)
            chain.add(*window, report, index, origins, position)
            chains.append(chain)
            self.chains.append(chain)

    def end(self, make: Make, window: Window, report: str, index: int, position: int) -> None:
        """A claim that is no longer known from a position on."""
        if not any(chain.end(*window, report, index, position) for chain in self._of.get(make, ())):
            raise KeyError((report, index))


def has_begun(chains: Iterable[Chain], q: int, known_at: int) -> bool:
    """Whether any claim in them is settled or pending at an instant."""
    return any(chain.last_known(chain.begun(q), known_at) >= 0 for chain in chains)
