"""What is in the set X (control.md §5), and was left out of what is worked with, as nothing can be left of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.claims import Effect
from domain.control.chains.chain import Chain
from domain.control.chains.make import Make
from domain.control.chains.relations import Relations
from domain.control.chains.run import Run, runs
from domain.control.chains.shelf import Shelf
from domain.credibility import Credibility


@dataclass(frozen=True, slots=True)
class Rest:
    """Of the shelf of a place and those of the places around it, from the inside out.

    `ripe` tells how many claims of a chain are in X at q; `start`, that whatever has greater `ends` was not left out;
    `best` is the best grade of the place's own words.
    """

    shelves: Sequence[Shelf]
    q: int
    ripe: Callable[[Chain], int]
    start: int
    best: Credibility | None
    known_at: int
    relations: Relations

    def losses_since(self, e: int) -> list[Run]:
        """All `loses` in X whose e is not before an instant."""
        return [
            run
            for depth, shelf in enumerate(self.shelves)
            for chain in shelf.losses_reaching(e, self.q, self.known_at)
            for run in self._runs(chain, depth, 2 * e - 1)
            if run.e >= e
        ]

    def contests(self) -> list[Run]:
        """All `contests` in X."""
        return [run for chain in self.shelves[0].contests for run in self._runs(chain, 0)]

    def had(self, losses: Sequence[Run]) -> bool:
        """Whether some `loses` covers a force of any `takes` or `holds` in X."""
        return any(
            chain.last_known(self.ripe(chain), self.known_at) >= 0
            for depth, shelf in enumerate(self.shelves)
            for forces, chains in shelf.words.items()
            if any(self.relations.covers(loss, force) for loss in losses for force in forces)
            for chain in chains
            if not depth or counts_inside(chain.make, self.best)
        )

    def _runs(self, chain: Chain, depth: int, start: int | None = None) -> list[Run]:
        return runs(chain, self.ripe(chain), depth, self.known_at, self.relations.turns, start)


def counts_inside(make: Make, best: Credibility | None) -> bool:
    """Whether what is said of a place around is in X (§6), by the best grade of the place's own words."""
    if make.effect is Effect.HOLDS:
        return best is None or make.grade < best
    return make.effect is not Effect.CONTESTS
